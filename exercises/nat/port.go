//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
)

// This file is given: the ports.

// A port is a network card, plugged into a cable. The cable is a pair of UDP
// sockets; each datagram that goes from one to the other is a frame.
type port struct {
	name             string
	mac              mac
	local, remoteEnd string // the ends of the cable, as the command line says them

	conn   *net.UDPConn
	remote netip.AddrPort
}

// plugIn binds the local end of the cable.
func (p *port) plugIn() error {
	from, err := net.ResolveUDPAddr("udp", p.local)
	if err != nil {
		return fmt.Errorf("port %s: %w", p.name, err)
	}
	to, err := net.ResolveUDPAddr("udp", p.remoteEnd)
	if err != nil {
		return fmt.Errorf("port %s: %w", p.name, err)
	}
	if p.conn, err = net.ListenUDP("udp", from); err != nil {
		return fmt.Errorf("port %s: %w", p.name, err)
	}
	p.remote = unmapped(to.AddrPort())
	return nil
}

// unmapped writes an IPv4 address as one: a socket for IPv4 and IPv6 gives it
// as an IPv6 address, and then it compares equal to no IPv4 address.
func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// address is the local end's.
func (p *port) address() net.Addr { return p.conn.LocalAddr() }

// send puts a frame into the cable. A frame that cannot be sent is lost, as
// frames may be: that is reported, and nothing else.
func (p *port) send(f frame) {
	if _, err := p.conn.WriteToUDPAddrPort(f.pack(), p.remote); err != nil {
		fmt.Fprintf(os.Stderr, "port %s: a frame was lost: %v\n", p.name, err)
	}
}

// receive hands over the frames that come out of the cable and are meant for
// this port: to its MAC or to all.
func (p *port) receive(take func(frame)) {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := p.conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "port %s: a frame was lost: %v\n", p.name, err)
			continue
		}
		if unmapped(from) != p.remote {
			continue // not through this cable
		}
		if f, ok := parseFrame(buf[:n]); ok && (f.dst == p.mac || f.dst == broadcast) {
			take(f)
		}
	}
}
