package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"time"
)

// A server has so much time for an answer.
const (
	patience    = 2 * time.Second
	lookupByTCP = 10 * time.Second
)

var (
	errSilent   = errors.New("no answer came in time")
	errStranger = errors.New("what came by TCP is not the answer")
)

// lookup asks a name server to find something out, three times if need be.
func lookup(c *clock, server netip.AddrPort, q question) (m *message, err error) {
	for range 3 {
		m, err = ask(c, server, q, true, lookupByTCP)
		if !errors.Is(err, errSilent) {
			break
		}
	}
	return m, err
}

// ask asks a server a question, with the wish that it do the whole work or without. It
// returns the answer that can be believed, or errSilent if none comes in time. An answer
// that is cut off is asked for again by TCP.
func ask(c *clock, server netip.AddrPort, q question, whole bool, byTCP time.Duration) (*message, error) {
	sent := message{header: header{id: newID(), rd: whole}, questions: []question{q}}
	m, err := askUDP(c, server, &sent)
	if err != nil || !m.tc {
		return m, err
	}
	answer, err := askTCP(c, server, pack(&sent, nil), byTCP)
	if err != nil {
		return nil, err
	}
	if m := believe(answer, &sent); m != nil {
		return m, nil
	}
	return nil, errStranger
}

// newID draws an id that nobody can guess: who guesses it can answer in the server's
// place.
func newID() uint16 {
	var b [2]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint16(b[:])
}

// askUDP asks from a socket of its own, whose port nobody knows. The system gives it
// only what comes from the server, since it is connected.
func askUDP(c *clock, server netip.AddrPort, sent *message) (*message, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(server))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	deadline := c.now() + patience // read before the question leaves: who has it may tick
	defer c.at(deadline, func() { conn.SetReadDeadline(time.Unix(1, 0)) })()
	if _, err := conn.Write(pack(sent, nil)); err != nil {
		return nil, err
	}
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		var netErr net.Error
		switch {
		case errors.As(err, &netErr) && netErr.Timeout():
			return nil, errSilent
		case err != nil: // nobody is there
			return nil, err
		}
		if m := believe(buf[:n], sent); m != nil {
			return m, nil
		}
	}
}

// believe returns the message that b is, if it answers the question that was sent, and
// nil for all else. Of one that is cut off nothing is read but the header.
func believe(b []byte, sent *message) *message {
	h, questions, err := unpackHeader(b)
	if err != nil || h.id != sent.id || !h.qr || questions != 1 {
		return nil
	}
	if q, _, err := unpackQuestion(b, headerSize); err != nil || !q.is(sent.questions[0]) {
		return nil
	}
	if h.tc {
		return &message{header: h}
	}
	m, err := unpack(b)
	if err != nil {
		return nil
	}
	return m
}
