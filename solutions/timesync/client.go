package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxTries is how often a question is sent that nobody answers.
const maxTries = 3

// ask asks the server count times, and prints each answer as a line.
//
// Each question has a socket of its own: what still comes to the socket of an
// earlier one, late or for a second time, can never be taken for its answer. The
// earlier socket is closed when the new one is open, since the system might give
// the new one its port otherwise.
func ask(server *net.UDPAddr, format string, count int, interval, wait time.Duration, out io.Writer) error {
	var last *net.UDPConn
	for n := range count {
		if n > 0 {
			<-time.After(interval)
		}
		conn, err := dial(server)
		if err != nil {
			return err
		}
		if last != nil {
			last.Close()
		}
		last = conn
		answer, err := askOnce(conn, format, wait)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, clean(answer)); err != nil {
			return err
		}
	}
	return nil
}

// askOnce sends a question until it is answered, maxTries times at most. A datagram
// may be lost on its way, the question as well as the answer.
func askOnce(conn *net.UDPConn, question string, wait time.Duration) (string, error) {
	buf := make([]byte, maxDatagram)
	for range maxTries {
		if _, err := conn.Write([]byte(question)); err != nil {
			return "", err
		}
		if err := conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
			return "", err
		}
		n, err := conn.Read(buf)
		if err == nil {
			return string(buf[:n]), nil
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return "", err // nobody listens there: the system was told so (ICMP)
		}
	}
	return "", fmt.Errorf("no answer from %v: asked %d times, waited %v each time", conn.RemoteAddr(), maxTries, wait)
}

// clean makes text from the network fit to print. A control character could move
// the cursor or begin a new line and so forge an answer; it becomes U+FFFD, and so
// do bytes that are not UTF-8.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}
