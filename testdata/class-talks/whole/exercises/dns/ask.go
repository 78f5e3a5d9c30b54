package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"time"
)

// A query is a question with its id, and knows its answer.
type query struct {
	id   uint16
	q    question
	wire []byte
}

func newQuery(q question, rd bool) *query {
	var b [2]byte
	rand.Read(b[:])
	id := binary.LittleEndian.Uint16(b[:])
	return &query{id, q, pack(&message{header: header{id: id, rd: rd}, questions: []question{q}}, nil)}
}

var errNotMine, errBroken = errors.New("not mine"), errors.New("broken")

// check returns the answer, errNotMine for what answers something else, and errBroken for
// an answer that cannot be read.
func (qu *query) check(b []byte) (*message, error) {
	h, n, err := unpackHeader(b)
	if err != nil || !h.qr || h.id != qu.id || n != 1 {
		return nil, errNotMine
	}
	q, end, err := unpackQuestion(b, headerSize)
	if err != nil || !q.is(qu.q) {
		return nil, errNotMine
	}
	_ = end
	if h.tc {
		return &message{header: h}, nil
	}
	m, err := unpack(b)
	if err != nil {
		return nil, errBroken
	}
	return m, nil
}

// lookup asks with one socket and one id: the second question is the first one again.
func lookup(c *clock, server netip.AddrPort, q question) (*message, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(server))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	qu := newQuery(q, true)
	buf := make([]byte, 1500)
	for range 3 {
		end := time.Now().Add(2 * time.Second)
		conn.SetReadDeadline(end)
		if _, err := conn.Write(qu.wire); err != nil {
			return nil, err
		}
		for time.Now().Before(end) {
			n, err := conn.Read(buf)
			if err != nil {
				continue // a refusal is waited out
			}
			m, err := qu.check(buf[:n])
			switch {
			case err == errNotMine:
				continue
			case err != nil:
				return nil, err
			case m.tc:
				b, err := askTCP(c, server, qu.wire, 10*time.Second)
				if err != nil {
					return nil, err
				}
				return qu.check(b)
			}
			return m, nil
		}
	}
	return nil, errors.New("there is no answer")
}

// A line is a socket towards one server, for one question, for all its turns. All but the
// reading happens in the loop.
type line struct {
	*resolver
	server netip.AddrPort
	query  *query
	conn   *net.UDPConn
	turn   int
	then   func(m *message, silent bool) // waits; nil if nobody does
}

func (r *resolver) open(server netip.AddrPort, q question, rd bool) *line {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(server))
	if err != nil {
		return nil
	}
	l := &line{resolver: r, server: server, query: newQuery(q, rd), conn: conn}
	go func() {
		for {
			b := make([]byte, 2048)
			n, err := conn.Read(b)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				r.do <- func() { l.got(b[:n]) }
			}
		}
	}()
	return l
}

// ask sends the question, for the first time or again, and has then called, with the
// answer or with nil.
func (l *line) ask(then func(m *message, silent bool)) {
	l.turn++
	l.then = then
	l.alarm(l.clock.now() + 2*time.Second)
	l.conn.Write(l.query.wire)
}

func (l *line) alarm(due time.Duration) {
	turn := l.turn
	l.clock.at(due, func() {
		l.do <- func() {
			if l.turn == turn {
				l.end(nil, true)
			}
		}
	})
}

func (l *line) end(m *message, silent bool) {
	if then := l.then; then != nil {
		l.then = nil
		then(m, silent)
	}
}

func (l *line) got(b []byte) {
	if l.then == nil {
		return
	}
	m, err := l.query.check(b)
	switch {
	case err == errNotMine:
	case err != nil:
		l.end(nil, false)
	case m.tc:
		l.turn++ // the alarm of this turn is over
		go func() {
			b, err := askTCP(l.clock, l.server, l.query.wire, 2*time.Second)
			l.do <- func() {
				var m *message
				if err == nil {
					m, _ = l.query.check(b)
				}
				l.end(m, false)
			}
		}()
	default:
		l.end(m, false)
	}
}
