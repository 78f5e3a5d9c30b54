package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
)

// serve talks to the clients of listener, one at a time, in the order in which
// they connected. Those who wait do so in the listener's queue: the system
// completes their handshake and keeps what they send until we accept them.
func serve(listener *net.TCPListener, keyboard io.Reader, screen io.Writer) error {
	// One goroutine reads the keyboard for all clients. A line that it has read
	// waits at the channel until somebody is served.
	typed := make(chan []byte)
	go readKeyboard(keyboard, typed)

	for {
		conn, err := listener.AcceptTCP()
		if err != nil {
			return err
		}
		if err := welcome(conn, typed, screen); err != nil {
			return err
		}
	}
}

// welcome serves one client until it has gone. It fails only where the screen
// does: whatever happens to one client, the next is served.
func welcome(conn *net.TCPConn, typed <-chan []byte, screen io.Writer) error {
	defer conn.Close()
	client := conn.RemoteAddr()

	if _, err := fmt.Fprintf(screen, "connected %s\n", client); err != nil {
		return err
	}
	c := &conversation{conn: conn, screen: screen, prefix: client.String() + ": ", patient: true}
	if err := attend(c, typed); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", client, err)
	}
	if _, err := fmt.Fprintf(screen, "left %s\n", client); err != nil {
		return err
	}
	c.hangUp()
	return nil
}

// attend sends the client what is typed and prints what it says, until either
// side ends the conversation. It returns nil where that was in order.
func attend(c *conversation, typed <-chan []byte) error {
	heard := c.hear()
	for {
		select {
		case line := <-typed:
			if err := c.say(line); err != nil {
				typed = nil // The client is gone: heard will tell how.
			} else if isQuit(line) {
				typed = nil
				c.endHalf()
				c.endSoon()
			}
		case err := <-heard:
			if err == io.EOF || err == errQuit || errors.Is(err, os.ErrDeadlineExceeded) {
				return nil
			}
			return err
		}
	}
}

// talk is the client's side of a conversation. It returns nil when the user or
// a q ended it, and otherwise the reason why it broke off.
func talk(conn *net.TCPConn, keyboard io.Reader, screen io.Writer) error {
	defer conn.Close()

	typed := make(chan []byte)
	go func() {
		readKeyboard(keyboard, typed)
		close(typed)
	}()
	c := &conversation{conn: conn, screen: screen}
	heard := c.hear()

	ended := false // whether we have ended our half
	for {
		select {
		case line, ok := <-typed:
			if ok {
				if err := c.say(line); err != nil {
					typed = nil // The server is gone: heard will tell how.
					continue
				}
			}
			if !ok || isQuit(line) {
				typed = nil
				ended = true
				c.endHalf()
			}
		case err := <-heard:
			c.hangUp()
			switch {
			case err == errQuit:
				return nil
			case err == errTooLong:
				return err
			case ended: // Closed or even reset, but after we were through.
				return nil
			case err == io.EOF:
				return errors.New("the server ended the conversation")
			default:
				return fmt.Errorf("the conversation broke off: %w", err)
			}
		}
	}
}
