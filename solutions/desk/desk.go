package main

import (
	"fmt"
	"io"
	"net"
)

// room is how many bytes one Read may return. What it does return is a message:
// there is no mark on the wire that would tell where one ends.
const room = 1024

// serve greets every client of listener and answers its messages, each client
// in a goroutine of its own: who is silent, or does not read, delays nobody.
func serve(listener *net.TCPListener, screen io.Writer) error {
	for {
		conn, err := listener.AcceptTCP()
		if err != nil {
			return err
		}
		go attend(conn, screen)
	}
}

// attend serves one client until it has gone, and prints a record of all that
// happens. Each record is one call of Write, so that those of two clients are
// never mixed: an *os.File lets one Write finish before it begins another.
func attend(conn *net.TCPConn, screen io.Writer) {
	defer conn.Close()
	client := conn.RemoteAddr()
	fmt.Fprintf(screen, "connected %s\n", client)
	say(conn, greeting)
	message := make([]byte, room)
	for {
		n, err := conn.Read(message)
		if err != nil {
			break // The client has ended, or reset the connection. The others go on.
		}
		fmt.Fprintf(screen, "%s: %s\n", client, message[:n])
		say(conn, answer)
	}
	fmt.Fprintf(screen, "left %s\n", client)
}

// say sends a client all of text in one Write, so that it comes in one piece
// where the network leaves it in one. Where it fails the client is gone, and a
// Read tells how.
func say(conn *net.TCPConn, text string) {
	_, _ = io.WriteString(conn, text)
}

// talk takes turns with the server: it hears the greeting, says a line, hears
// the answer, says the next line. It returns nil when the user has ended it, and
// an error where the server was gone before.
func talk(conn *net.TCPConn, typed <-chan []byte, screen io.Writer) error {
	defer conn.Close()

	if err := hear(conn, screen); err != nil {
		return fmt.Errorf("in place of a greeting: %w", err)
	}
	for line := range typed {
		if len(line) == 0 {
			continue // TCP carries no empty message: the server would never know.
		}
		if _, err := conn.Write(line); err != nil {
			return err
		}
		if err := hear(conn, screen); err != nil {
			return fmt.Errorf("in place of an answer: %w", err)
		}
	}

	// The server may still have something to say. It learns that we say nothing
	// more, and we listen until its own end. If that is a reset, we have said
	// everything all the same.
	if err := conn.CloseWrite(); err != nil {
		return nil
	}
	for hear(conn, screen) == nil {
	}
	return nil
}

// hear waits until something has come, and prints it and an LF. It is an error
// where the server has ended: io.EOF, or a reset.
func hear(conn *net.TCPConn, screen io.Writer) error {
	message := make([]byte, room)
	n, err := conn.Read(message)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(screen, "%s\n", message[:n])
	return err
}
