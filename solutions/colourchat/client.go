package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// patience is how long the client waits for the last answers. Nobody tells it
// that no more will come: UDP has no end of a connection.
const patience = time.Second

// talk sends each typed line in a datagram that begins with name, and prints
// what the server sends. It ends when the server sends q, or after a last wait
// when q was typed or the input has ended.
func talk(conn *net.UDPConn, name string, typed <-chan string, out io.Writer) error {
	answers := receive(conn)
	var over <-chan time.Time // nil, and never ready, until the last wait begins
	for {
		select {
		case d := <-answers:
			if _, err := fmt.Fprintln(out, clean(d.text)); err != nil {
				return err
			}
			if d.text == "q" {
				return nil
			}
		case line, ok := <-typed:
			quit := ok && isQuit(line)
			text := name + " : " + line
			if quit {
				text = "q"
			}
			if ok {
				if err := send(conn, text); err != nil {
					fmt.Fprintln(os.Stderr, err)
				}
			}
			if quit || !ok {
				typed, over = nil, time.After(patience)
			}
		case <-over:
			return nil
		}
	}
}

// send sends one datagram to the server.
func send(conn *net.UDPConn, text string) error {
	if err := checkSize(text); err != nil {
		return err
	}
	_, err := conn.Write([]byte(text))
	if err != nil {
		// When an earlier datagram was refused (ICMP port unreachable), the
		// system says so once, here, and does not send this one. So once more.
		_, err = conn.Write([]byte(text))
	}
	return err
}
