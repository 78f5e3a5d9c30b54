//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
)

// This file is given: the ports of the switch.

// A port is where a cable is plugged in. The cable is a pair of UDP sockets;
// each datagram that goes from one to the other is a frame.
//
// A port's VLANs are those of which it carries frames. Frames of the VLAN
// untagged go through it without tag, those of the VLANs in tagged with one.
type port struct {
	name     string
	trunk    bool         // it takes frames whose tags name a VLAN; an access port takes none of them
	untagged int          // 0: it has no such VLAN
	tagged   map[int]bool // empty for an access port

	local, other string // the ends of the cable, as the flag has them
	conn         *net.UDPConn
	remote       netip.AddrPort
}

// plugIn binds the local end of the cable.
func (p *port) plugIn() error {
	from, err := net.ResolveUDPAddr("udp", p.local)
	if err != nil {
		return err
	}
	to, err := net.ResolveUDPAddr("udp", p.other)
	if err != nil {
		return err
	}
	p.remote = unmapped(to.AddrPort())
	p.conn, err = net.ListenUDP("udp", from)
	return err
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
func (p *port) send(frame []byte) {
	if _, err := p.conn.WriteToUDPAddrPort(frame, p.remote); err != nil {
		fmt.Fprintf(os.Stderr, "%s: a frame was lost: %v\n", p.name, err)
	}
}

// An arrival is a frame that has come in by a port. The bytes are its own.
type arrival struct {
	in    *port
	frame []byte
}

// minFrame is the length of a frame that carries nothing: two MAC addresses and
// a type.
const minFrame = 14

// A mac is an Ethernet address.
type mac [6]byte

// String writes the address in the lessons' way: 14-9d-da-2a-dd-0a.
func (m mac) String() string {
	return fmt.Sprintf("%02x-%02x-%02x-%02x-%02x-%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// receive hands over the frames that come out of the cable, in their order.
func (p *port) receive(frames chan<- arrival) {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := p.conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // on some systems: that nobody is at the other end
			fmt.Fprintf(os.Stderr, "%s: %v\n", p.name, err)
			continue
		}
		if unmapped(from) != p.remote || n < minFrame {
			continue // not through this cable, or no frame
		}
		frames <- arrival{p, append([]byte(nil), buf[:n]...)}
	}
}
