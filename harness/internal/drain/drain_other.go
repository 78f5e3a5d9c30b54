//go:build !linux

package drain

import (
	"net/netip"
	"syscall"
)

func lookUp(local, remote netip.AddrPort) (State, error) { return State{}, ErrUnknown }

func lookUpUnix(syscall.Conn) (State, error) { return State{}, ErrUnknown }

func outgoing(conn syscall.Conn) (int, error) { return 0, ErrUnknown }

func room(conn syscall.Conn) (bool, error) { return false, ErrUnknown }
