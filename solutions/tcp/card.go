package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
)

// This file is given: the network card.

// A card is plugged into a cable. The cable is a pair of UDP sockets; each
// datagram that goes from one to the other is a frame.
type card struct {
	mac    mac
	conn   *net.UDPConn
	remote netip.AddrPort
}

// plugIn binds the local end of a cable.
func plugIn(mac mac, local, remote string) (*card, error) {
	from, err := net.ResolveUDPAddr("udp", local)
	if err != nil {
		return nil, err
	}
	to, err := net.ResolveUDPAddr("udp", remote)
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", from)
	if err != nil {
		return nil, err
	}
	return &card{mac, conn, unmapped(to.AddrPort())}, nil
}

// unmapped writes an IPv4 address as one: a socket for IPv4 and IPv6 gives it
// as an IPv6 address, and then it compares equal to no IPv4 address.
func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// address is the local end's.
func (c *card) address() net.Addr { return c.conn.LocalAddr() }

// send puts a frame into the cable; the card's MAC goes in as its source. A
// frame that cannot be sent is lost, as frames may be: that is reported, and
// nothing else.
func (c *card) send(dst mac, kind uint16, payload []byte) {
	f := frame{dst: dst, src: c.mac, kind: kind, payload: payload}
	if _, err := c.conn.WriteToUDPAddrPort(f.pack(), c.remote); err != nil {
		fmt.Fprintln(os.Stderr, "a frame was lost:", err)
	}
}

// receive hands over the frames that come out of the cable and are meant for
// this card: to its MAC or to all.
func (c *card) receive(frames chan<- frame) {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := c.conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "a frame was lost:", err)
			continue
		}
		if unmapped(from) != c.remote {
			continue // not through this cable
		}
		if f, ok := parseFrame(buf[:n]); ok && (f.dst == c.mac || f.dst == broadcast) {
			frames <- f
		}
	}
}
