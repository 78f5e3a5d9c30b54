// chat, all in one file
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

const maxLen = 1048576

var errTooLong = fmt.Errorf("more than %d bytes in a line", maxLen)

func die(code int, what ...any) {
	fmt.Fprintln(os.Stderr, what...)
	os.Exit(code)
}

// a splitter collects bytes and gives them back as lines
type splitter struct{ rest []byte }

func (s *splitter) next() (line []byte, ok bool, tooLong bool) {
	i := bytes.IndexByte(s.rest, '\n')
	if i < 0 {
		n := len(s.rest)
		if n > maxLen+1 || (n == maxLen+1 && s.rest[n-1] != '\r') {
			return nil, false, true
		}
		return nil, false, false
	}
	line = bytes.TrimSuffix(s.rest[:i], []byte("\r"))
	s.rest = s.rest[i+1:]
	return line, true, len(line) > maxLen
}

func bye(line []byte) bool { return len(line) == 1 && (line[0] == 'q' || line[0] == 'Q') }

// readLines calls f for every line until f returns false or the input ends.
func readLines(r io.Reader, f func([]byte) bool) error {
	var s splitter
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		if n > 0 { // what was sent is here
			s.rest = append(s.rest, bytes.TrimRight(buf[:n], "\r\n")...)
			s.rest = append(s.rest, '\n')
		}
		for {
			line, ok, long := s.next()
			if long {
				return errTooLong
			}
			if !ok {
				break
			}
			if !f(line) {
				return nil
			}
		}
		if err != nil {
			if err == io.EOF && len(s.rest) > 0 {
				f(s.rest)
			}
			return err
		}
	}
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "server" && os.Args[2] == "-listen" {
		server(hostPort(os.Args[3]))
	} else if len(os.Args) == 3 && os.Args[1] == "client" && os.Args[2][0] != '-' {
		client(hostPort(os.Args[2]))
	} else {
		die(2, "chat server -listen ADDR | chat client ADDR")
	}
}

func hostPort(a string) string {
	if _, p, err := net.SplitHostPort(a); err != nil || p == "" {
		die(2, "need HOST:PORT, not", a)
	}
	return a
}

type guest struct {
	net.Conn
	gone bool       // nothing more may be sent
	send sync.Mutex // held while a line is sent
}

func server(addr string) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		die(1, err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	go func() { <-stop; os.Exit(0) }()
	fmt.Println("listening on", l.Addr())

	var mu sync.Mutex
	changed := sync.NewCond(&mu)
	var now *guest
	go readLines(os.Stdin, func(line []byte) bool {
		mu.Lock()
		for now == nil || now.gone {
			changed.Wait()
		}
		g := now
		mu.Unlock()
		g.send.Lock()
		defer g.send.Unlock()
		_, err := g.Write(append(append([]byte{}, line...), '\n'))
		if err == nil && !bye(line) {
			return true
		}
		mu.Lock()
		g.gone = true
		mu.Unlock()
		g.Conn.(*net.TCPConn).CloseWrite()
		g.SetDeadline(time.Now().Add(time.Second))
		return true
	})
	for {
		c, err := l.Accept()
		if err != nil {
			die(1, err)
		}
		g := &guest{Conn: c}
		who := c.RemoteAddr().String()
		fmt.Printf("connected %s\n", who)
		mu.Lock()
		now = g
		changed.Broadcast()
		mu.Unlock()
		err = readLines(c, func(line []byte) bool {
			os.Stdout.Write([]byte(who + ": " + string(line) + "\n"))
			return !bye(line)
		})
		if err != nil && err != io.EOF {
			fmt.Fprintln(os.Stderr, who, err)
		}
		if err != io.EOF { // nobody waits for the rest of a line
			c.SetDeadline(time.Now().Add(time.Second))
		}
		mu.Lock()
		g.gone, now = true, nil
		mu.Unlock()
		g.send.Lock() // the line that is being sent
		fmt.Printf("left %s\n", who)
		farewell(c)
	}
}

func farewell(c net.Conn) {
	c.(*net.TCPConn).CloseWrite()
	c.SetDeadline(time.Now().Add(time.Second))
	io.Copy(io.Discard, c)
	c.Close()
}

func client(addr string) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		die(1, err)
	}
	var mu sync.Mutex
	through := false
	go func() {
		readLines(os.Stdin, func(line []byte) bool {
			if bye(line) { // the server may answer before Write returns
				mu.Lock()
				through = true
				mu.Unlock()
			}
			_, err := c.Write(append(append([]byte{}, line...), '\n'))
			return err == nil && !bye(line)
		})
		mu.Lock()
		through = true
		mu.Unlock()
		c.(*net.TCPConn).CloseWrite()
	}()
	quit := false
	err = readLines(c, func(line []byte) bool {
		os.Stdout.Write([]byte(string(line) + "\n"))
		quit = bye(line)
		return !quit
	})
	mu.Lock()
	defer mu.Unlock()
	farewell(c)
	if err == errTooLong || (!quit && !through) {
		die(1, "the server has gone:", err)
	}
}
