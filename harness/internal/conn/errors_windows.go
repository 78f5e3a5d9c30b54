package conn

import "golang.org/x/sys/windows"

const (
	errRefused = windows.WSAECONNREFUSED
	errReset   = windows.WSAECONNRESET

	errQueueFull = windows.WSAEWOULDBLOCK
)

var byProgram = []error{
	errRefused, errReset, windows.WSAETIMEDOUT, windows.WSAEHOSTUNREACH, windows.WSAENETUNREACH,
	// Of a Unix socket: it is gone, or of another kind.
	windows.ERROR_FILE_NOT_FOUND, windows.WSAEINVAL, windows.WSAEPROTOTYPE,
}
