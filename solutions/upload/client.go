package main

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// maxAnswer bounds an answer, so that no server can fill the client's memory.
const maxAnswer = 4096

// send sends the files, one after the other over one connection, and prints
// "OK NAME" for each that the server has stored. It ends at the first failure.
func send(addr string, paths []string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	c := &client{conn, bufio.NewReader(conn)}
	for _, path := range paths {
		name := filepath.Base(path)
		if err := c.sendFile(path, name); err != nil {
			return fmt.Errorf("%q: %w", path, err)
		}
		fmt.Printf("OK %s\n", name)
	}
	return nil
}

// client is a connection to a server.
type client struct {
	conn    net.Conn
	answers *bufio.Reader // of conn
}

// sendFile sends one file and returns when the server has answered that it
// stores exactly these bytes.
func (c *client) sendFile(path, name string) error {
	// What is wrong with the file is found out before a byte of it is sent.
	if err := checkName(name); err != nil {
		return err
	}
	file, size, err := openRegular(path)
	if err != nil {
		return err
	}
	defer file.Close()

	// A server that refuses a file says so without waiting for its end. So
	// one goroutine sends, and this one waits for the answer all the while.
	sending := make(chan sent, 1)
	go func() { sending <- c.transmit(header{size, name}, file) }()
	answer, err := readLine(c.answers, maxAnswer)
	if !strings.HasPrefix(answer, "OK ") {
		c.conn.Close() // it is over: wake transmit
	}
	s := <-sending
	switch {
	case s.fileErr != nil:
		return s.fileErr
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return errors.New("the server closed the connection without an answer")
	case err != nil:
		return err
	case !strings.HasPrefix(answer, "OK "):
		return fmt.Errorf("the server answered %q", answer)
	case s.connErr != nil:
		return s.connErr
	case answer != "OK "+s.sum:
		return fmt.Errorf("the server answered %q, but the hash is %s", answer, s.sum)
	}
	return nil
}

// openRegular opens a regular file and returns its size.
func openRegular(path string) (*os.File, int64, error) {
	// Stat comes before Open: to open a named pipe is to wait for its writer.
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("not a regular file")
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// sent is what became of a file: its hash, or what was wrong with the file or
// with the connection.
type sent struct {
	sum              string
	fileErr, connErr error
}

// transmit sends the header and exactly the bytes that it announces. When the
// file cannot give them it closes the connection: the server must not wait for
// them, nor sendFile for the answer.
func (c *client) transmit(h header, file io.Reader) sent {
	if _, err := io.WriteString(c.conn, h.line()); err != nil {
		return sent{connErr: err}
	}
	sum := sha256.New()
	_, err := io.CopyN(io.MultiWriter(c.conn, sum, &progress{header: h}), file, h.size)
	var connErr *net.OpError
	switch {
	case err == nil:
		return sent{sum: fmt.Sprintf("%x", sum.Sum(nil))}
	case errors.As(err, &connErr):
		return sent{connErr: err}
	case err == io.EOF:
		err = errors.New("the file shrank while it was sent")
	}
	c.conn.Close()
	return sent{fileErr: err}
}

// progress says on standard error how much of a file is sent, at every tenth.
type progress struct {
	header
	done   int64
	tenths int64 // said last
}

// Write counts the bytes.
func (p *progress) Write(b []byte) (int, error) {
	p.done += int64(len(b))
	// In floating point, because done*10 may be too large for an int64.
	if tenths := int64(10 * float64(p.done) / float64(p.size)); tenths > p.tenths {
		p.tenths = tenths
		fmt.Fprintf(os.Stderr, "%s: %d%%\n", p.name, 10*tenths)
	}
	return len(b), nil
}
