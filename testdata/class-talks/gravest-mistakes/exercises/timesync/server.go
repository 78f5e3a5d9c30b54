package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

// maxDatagram is the most that one datagram carries over IPv4: the 65,535
// bytes of a packet less 20 of IP header (RFC 791) and 8 of UDP (RFC 768).
const maxDatagram = 65507

// maxAnswer is the longest answer that is sent, in bytes. A question may bear a
// forged sender, so a small one must not call forth a large answer.
const maxAnswer = 1024

// serve answers each datagram, a format, with the time that the clock shows then.
func serve(conn *net.UDPConn, clock func() time.Time) error {
	// What does not fit into the buffer would be cut off and be gone.
	buf := make([]byte, maxDatagram)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(buf)
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		if err != nil {
			// The system passes on an ICMP message: an answer of ours was
			// refused. It says nothing about the questions that still come.
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		if _, err := conn.WriteToUDPAddrPort(answer(string(buf[:n]), clock()), from); err != nil {
			fmt.Fprintln(os.Stderr, err) // who asked is gone, perhaps
		}
	}
}

// answer is what a question is answered at a moment.
func answer(format string, now time.Time) []byte {
	text := strftime(format, now)
	if len(text) > maxAnswer {
		text = "error: too long"
	}
	return []byte(text)
}
