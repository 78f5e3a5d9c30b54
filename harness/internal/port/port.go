// Package port keeps a port of ours empty.
//
// A peer that has closed is to be gone: who connects to it is refused. But a
// port that is free is given to the next who asks for one, in another play or
// in another program of the machine, and then somebody else answers. A Hold
// keeps the port from being given away while nobody is reached on it.
package port

import (
	"fmt"
	"net/netip"
)

// A Hold holds a port.
type Hold struct {
	addr    netip.AddrPort
	release func()
}

// TCP holds a TCP port: connections to it are refused (RST, RFC 9293 §3.5.2).
func TCP(addr netip.AddrPort) (*Hold, error) { return hold(addr, holdTCP) }

// UDP holds a UDP port: datagrams to it are refused (ICMP port unreachable, RFC
// 1122 §4.1.3.1).
func UDP(addr netip.AddrPort) (*Hold, error) { return hold(addr, holdUDP) }

func hold(addr netip.AddrPort, take func(netip.AddrPort) (func(), error)) (*Hold, error) {
	release, err := take(addr)
	if err != nil {
		return nil, fmt.Errorf("holding %v: %w", addr, err)
	}
	return &Hold{addr, release}, nil
}

// Addr is the address that is held.
func (h *Hold) Addr() netip.AddrPort { return h.addr }

// Release gives the port away.
func (h *Hold) Release() { h.release() }
