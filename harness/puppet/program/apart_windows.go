package main

import "syscall"

func init() { apart.CreationFlags = syscall.CREATE_NEW_PROCESS_GROUP }
