package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
)

// maxDatagram is the most that one datagram carries over IPv4: the 65,535
// bytes of a packet less 20 of IP header (RFC 791) and 8 of UDP (RFC 768).
const maxDatagram = 65507

// A datagram is one that has arrived.
type datagram struct {
	from netip.AddrPort
	text string
}

// receive hands over the datagrams that arrive, each whole, for as long as the
// program runs.
func receive(conn *net.UDPConn) <-chan datagram {
	datagrams := make(chan datagram)
	go func() {
		// What does not fit into the buffer would be cut off and be gone.
		buf := make([]byte, maxDatagram)
		for {
			n, from, err := conn.ReadFromUDPAddrPort(buf)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil {
				// The system passes on an ICMP message: something that we sent
				// was refused. It says nothing about what we may still receive.
				fmt.Fprintln(os.Stderr, err)
				continue
			}
			// A socket for both families names an IPv4 sender ::ffff:127.0.0.1.
			from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
			datagrams <- datagram{from, string(buf[:n])}
		}
	}()
	return datagrams
}

// checkSize tells whether text fits into a datagram.
func checkSize(text string) error {
	if len(text) > maxDatagram {
		return fmt.Errorf("not sent: %d bytes, and a datagram carries %d", len(text), maxDatagram)
	}
	return nil
}

// isQuit tells whether a typed line asks to end. On the wire only q does.
func isQuit(line string) bool {
	return line == "q" || line == "Q"
}
