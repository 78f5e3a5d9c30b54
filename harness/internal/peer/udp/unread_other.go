//go:build !linux

package udp

import (
	"errors"
	"net/netip"
)

// Unread cannot look into the sockets of other programs here.
func Unread(from, to netip.AddrPort) (int, error) { return 0, errors.ErrUnsupported }
