//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"bytes"
	"encoding/binary"
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
	mac mac
	// ip is the device's own address. A client sets it when it has one, and
	// back to netip.Addr{} when it has none any more: others ask by ARP who has
	// it, and the card answers.
	ip netip.Addr

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
	return &card{mac: mac, conn: conn, remote: unmapped(to.AddrPort())}, nil
}

// unmapped writes an IPv4 address as one: a socket for IPv4 and IPv6 gives it
// as an IPv6 address, and then it compares equal to no IPv4 address.
func unmapped(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// address is the local end's.
func (c *card) address() net.Addr { return c.conn.LocalAddr() }

// send sends a message to a MAC, from one IPv4 address to another. The ports are
// those of who speaks: m.op tells.
func (c *card) send(to mac, src, dst netip.Addr, m message) {
	d := datagram{src: src, dst: dst, srcPort: clientPort, dstPort: serverPort, data: m.pack()}
	if m.op == opReply {
		d.srcPort, d.dstPort = serverPort, clientPort
	}
	c.sendFrame(frame{dst: to, src: c.mac, kind: typeIPv4, payload: d.pack()})
}

// sendFrame puts a frame into the cable. A frame that cannot be sent is lost, as
// frames may be: that is reported, and nothing else.
func (c *card) sendFrame(f frame) {
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

// unpack finds the message in a frame that came for a port. False means that
// there is none, or none for this device: who has an address takes what is for
// that address or for everybody, who has none takes all.
func (c *card) unpack(f frame, port uint16) (message, bool) {
	if f.kind != typeIPv4 {
		return message{}, false
	}
	d, ok := parseDatagram(f.payload)
	if !ok || d.dstPort != port || c.ip.IsValid() && d.dst != c.ip && d.dst != everybody {
		return message{}, false
	}
	return parseMessage(d.data)
}

const arpLen = 28

// An ARP packet (RFC 826) for Ethernet and IPv4 begins so; the two bytes that
// follow say whether it asks or answers.
var (
	arpStart   = []byte{0, hardwareEthernet, typeIPv4 >> 8, typeIPv4 & 0xff, hardwareLen, 4}
	arpRequest = uint16(1)
	arpReply   = uint16(2)
)

// answerARP answers the question who has the device's address.
func (c *card) answerARP(f frame) {
	p := f.payload
	if f.kind != typeARP || len(p) < arpLen || !bytes.HasPrefix(p, arpStart) ||
		binary.BigEndian.Uint16(p[6:]) != arpRequest ||
		!c.ip.IsValid() || !bytes.Equal(p[24:28], c.ip.AsSlice()) {
		return
	}
	asker := p[8:18] // its MAC and its address
	b := binary.BigEndian.AppendUint16(bytes.Clone(arpStart), arpReply)
	b = append(b, c.mac[:]...)
	b = append(b, c.ip.AsSlice()...)
	b = append(b, asker...)
	c.sendFrame(frame{dst: mac(asker[:6]), src: c.mac, kind: typeARP, payload: b})
}
