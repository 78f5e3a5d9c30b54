package main

import (
	"errors"
	"net"
)

// serve is the server. For each client that listener accepts it
//
//	reads once, into a buffer of 1,024 bytes
//	prints the bytes that have come, and an LF
//	writes "hello world" back, in one Write and without an LF
//	closes the connection
//
// A client that closes before it has said anything is not a message: there is
// nothing to print and nothing to answer.
//
// serve returns only where it cannot accept any more: whatever one client does,
// the next is served.
func serve(listener net.Listener) error {
	return errors.New("hello.go: serve is not written yet")
}

// ask is the client. It connects to the server at addr, writes text in one
// Write, prints everything that comes until the server closes, and then an LF.
//
// It returns an error where it cannot connect, or where the connection breaks
// before its end.
func ask(addr, text string) error {
	return errors.New("hello.go: ask is not written yet")
}
