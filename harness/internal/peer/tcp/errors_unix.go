//go:build unix

package tcp

import "syscall"

const (
	errRefused = syscall.ECONNREFUSED
	errReset   = syscall.ECONNRESET
)

var byProgram = []error{errRefused, errReset, syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH}
