//go:build !linux

package udp

import (
	"errors"
	"net/netip"
)

// QueueOf cannot look into the sockets of other programs here.
func QueueOf(netip.AddrPort) (Queue, error) { return Queue{}, errors.ErrUnsupported }
