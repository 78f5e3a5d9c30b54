//go:build unix

package main

func init() { apart.Setsid = true }
