package tcp

import "golang.org/x/sys/windows"

const (
	errRefused = windows.WSAECONNREFUSED
	errReset   = windows.WSAECONNRESET
)

var byProgram = []error{errRefused, errReset, windows.WSAETIMEDOUT, windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH}
