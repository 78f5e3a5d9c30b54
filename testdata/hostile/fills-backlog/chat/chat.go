package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

const longest = 1 << 20 // bytes of a line

var errLong = errors.New("line too long")

// nextLine gives the next line without \n or \r\n.
func nextLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		c, err := r.ReadByte()
		if err != nil {
			if err == io.EOF && len(line) > 0 {
				return string(line), nil
			}
			return "", err
		}
		if c == '\n' {
			if n := len(line); n > 0 && line[n-1] == '\r' {
				line = line[:n-1]
			}
			return string(line), nil
		}
		if len(line) > longest || (len(line) == longest && c != '\r') {
			return "", errLong
		}
		line = append(line, c)
	}
}

func quits(line string) bool { return line == "q" || line == "Q" }

// fromKeyboard sends typed lines to a channel and closes it at the end.
func fromKeyboard(keyboard io.Reader) chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		r := bufio.NewReader(keyboard)
		for {
			line, err := nextLine(r)
			if err == errLong {
				fmt.Fprintln(os.Stderr, "not sent:", err)
				for c := byte(0); c != '\n' && err != io.EOF; {
					c, err = r.ReadByte()
				}
				continue
			}
			if err != nil {
				return
			}
			lines <- line
		}
	}()
	return lines
}

// fromPeer prints what comes and says in the channel how it ended, nil after q.
func fromPeer(conn *net.TCPConn, show func(string)) chan error {
	end := make(chan error, 1)
	go func() {
		r := bufio.NewReader(conn)
		for {
			line, err := nextLine(r)
			if err == nil {
				show(line)
				if !quits(line) {
					continue
				}
			}
			if err != io.EOF {
				conn.SetDeadline(time.Now().Add(time.Second))
			}
			end <- err
			return
		}
	}()
	return end
}

// goodbye closes without a reset: what still comes is read and thrown away.
func goodbye(conn *net.TCPConn) {
	conn.CloseWrite()
	conn.SetReadDeadline(time.Now().Add(time.Second))
	io.Copy(io.Discard, conn)
	conn.Close()
}

func serve(listener *net.TCPListener, keyboard io.Reader, screen io.Writer) error {
	typed := fromKeyboard(keyboard)
	for {
		conn, err := listener.AcceptTCP()
		if err != nil {
			return err
		}
		typed = serveOne(conn, typed, screen)
		goodbye(conn)
	}
}

// serveOne returns the channel of typed lines, nil when the keyboard has ended.
func serveOne(conn *net.TCPConn, typed chan string, screen io.Writer) chan string {
	addr := conn.RemoteAddr().String()
	fmt.Fprintf(screen, "connected %s\n", addr)
	defer fmt.Fprintf(screen, "left %s\n", addr)
	end := fromPeer(conn, func(line string) { fmt.Fprintf(screen, "%s: %s\n", addr, line) })
	saying := typed
	for {
		select {
		case line, ok := <-saying:
			if !ok {
				typed, saying = nil, nil
				continue
			}
			_, err := io.WriteString(conn, line+"\n")
			if err != nil {
				saying = nil
			} else if quits(line) {
				saying = nil
				conn.CloseWrite()
				conn.SetDeadline(time.Now().Add(time.Second))
			}
		case err := <-end:
			if err == errLong {
				fmt.Fprintln(os.Stderr, addr, err)
			}
			return typed
		}
	}
}

func talk(conn *net.TCPConn, keyboard io.Reader, screen io.Writer) error {
	typed := fromKeyboard(keyboard)
	end := fromPeer(conn, func(line string) { fmt.Fprintln(screen, line) })
	through := false
	for {
		select {
		case line, ok := <-typed:
			if ok {
				if _, err := io.WriteString(conn, line+"\n"); err != nil {
					typed = nil
					continue
				}
			}
			if !ok || quits(line) {
				typed, through = nil, true
				conn.CloseWrite()
			}
		case err := <-end:
			goodbye(conn)
			if err == errLong {
				return err
			}
			if err == nil || through {
				return nil
			}
			return fmt.Errorf("server gone: %w", err)
		}
	}
}
