package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
)

// Datagrams have room for so much: to be safe 512 bytes, and more if the client says so
// in an OPT record.
const (
	leastDatagram = 512
	mostDatagram  = 4096
	mostMessage   = 1<<16 - 1 // by TCP
)

// serve answers clients, by UDP and by TCP. It returns only if neither can go on.
func (r *resolver) serve(udp *net.UDPConn, tcp *net.TCPListener) error {
	go func() {
		if err := r.serveTCP(tcp); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	for {
		buf := make([]byte, mostDatagram)
		n, from, err := udp.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil { // one client is gone, as Windows tells us here
			continue
		}
		// In a goroutine of its own: a slow server delays no other client.
		go func() {
			if answer := r.answer(buf[:n], true); answer != nil {
				udp.WriteToUDPAddrPort(answer, from)
			}
		}()
	}
}

func (r *resolver) serveTCP(l *net.TCPListener) error {
	for {
		conn, err := l.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil {
			continue
		}
		go r.converse(conn)
	}
}

// converse answers the questions of one connection, each as soon as it can, until the
// client sends no more and has all answers.
func (r *resolver) converse(conn *net.TCPConn) {
	defer conn.Close()
	var answers sync.WaitGroup
	defer answers.Wait()
	var writing sync.Mutex
	in := bufio.NewReader(conn)
	for {
		question, err := readMessage(in)
		if err != nil {
			return
		}
		answers.Go(func() {
			answer := r.answer(question, false)
			if answer == nil {
				return
			}
			writing.Lock()
			defer writing.Unlock()
			conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
		})
	}
}

// readMessage reads a message behind its length.
func readMessage(in io.Reader) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return nil, err
	}
	b := make([]byte, binary.BigEndian.Uint16(size[:]))
	_, err := io.ReadFull(in, b)
	return b, err
}

// answer returns the answer to a client's message; nil if there is none.
func (r *resolver) answer(b []byte, datagram bool) []byte {
	h, questions, err := unpackHeader(b)
	if err != nil || h.qr { // an answer to an answer would be answered, and so on
		return nil
	}
	reply := message{header: header{id: h.id, qr: true, opcode: h.opcode, rd: h.rd, ra: true}}
	q, end, err := unpackQuestion(b, headerSize)
	switch {
	case h.opcode != 0:
		reply.rcode = rcodeNotBuilt
		return pack(&reply, nil)
	case questions != 1 || err != nil:
		reply.rcode = rcodeFormat
		return pack(&reply, nil)
	case q.class != classIN:
		reply.rcode = rcodeRefused
		return pack(&reply, b[headerSize:end])
	}
	found := r.resolve(q)
	now := r.clock.now()
	reply.rcode = found.rcode
	reply.answer, reply.authority = toldAt(found.answer, now), toldAt(found.authority, now)
	room := mostMessage
	if datagram {
		room = roomOf(b)
	}
	answer := pack(&reply, b[headerSize:end])
	if len(answer) > room {
		reply.tc, reply.answer, reply.authority = true, nil, nil
		answer = pack(&reply, b[headerSize:end])
	}
	return answer
}

// roomOf is the longest datagram that the client of a question takes.
func roomOf(b []byte) int {
	m, err := unpack(b)
	if err != nil {
		return leastDatagram
	}
	for _, r := range m.additional {
		if r.typ == typeOPT { // its class is the size
			return min(max(leastDatagram, int(r.class)), mostDatagram)
		}
	}
	return leastDatagram
}
