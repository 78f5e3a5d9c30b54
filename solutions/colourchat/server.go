package main

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
)

// serve prints the datagrams that arrive at conn. Each line typed answers one
// of them, in the order they came, and goes to the sender of that one; q is
// sent as well, and ends the server.
func serve(conn *net.UDPConn, typed <-chan string, out io.Writer) error {
	datagrams := receive(conn)
	var due []netip.AddrPort // the senders who wait for an answer, in order
	for {
		// Receiving from a nil channel waits forever: while no answer is due,
		// what is typed ahead stays where it is.
		var answers <-chan string
		if len(due) > 0 {
			answers = typed
		}
		select {
		case d := <-datagrams:
			if err := show(out, d); err != nil {
				return err
			}
			if typed != nil && d.text != "q" {
				due = append(due, d.from)
			}
		case line, ok := <-answers:
			if !ok { // the input has ended: from now on we only print
				typed, due = nil, nil
				continue
			}
			if isQuit(line) {
				return answer(conn, due[0], "q")
			}
			if err := answer(conn, due[0], line); err != nil {
				fmt.Fprintln(os.Stderr, err) // the next line may try again
				continue
			}
			due = due[1:]
		}
	}
}

// show prints one datagram as a line. A client that ends sends a bare q.
func show(out io.Writer, d datagram) error {
	line := coloured(d.text)
	if d.text == "q" {
		line = "left " + d.from.String()
	}
	_, err := fmt.Fprintln(out, line)
	return err
}

// answer sends one line to the sender of a datagram. That he may be gone is no
// error: UDP promises nothing.
func answer(conn *net.UDPConn, to netip.AddrPort, line string) error {
	if err := checkSize(line); err != nil {
		return err
	}
	_, err := conn.WriteToUDPAddrPort([]byte(line), to)
	return err
}
