package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// talk sends what is typed, in a goroutine of its own, and prints the answers. So it
// does not matter which of the two comes first, nor how long a command takes.
func talk(conn *net.TCPConn, keyboard io.Reader, screen, notices io.Writer) error {
	defer conn.Close()
	var d debt
	go sendLines(conn, keyboard, &d)
	in := bufio.NewReaderSize(conn, maxHeader)
	for {
		status, length, err := readHeader(in)
		if err != nil && d.settled() {
			return nil
		}
		if err != nil {
			return err
		}
		if n, err := io.CopyN(screen, in, length); err != nil {
			return fmt.Errorf("%d of the %d bytes of an answer came: %w", n, length, broken(err))
		}
		if status != 0 {
			fmt.Fprintf(notices, "status %d\n", status)
		}
		if d.pay() {
			return nil
		}
	}
}

// A debt is how many answers are due, and whether there may be more of them.
type debt struct {
	mu   sync.Mutex
	due  int
	over bool // the user has ended
}

func (d *debt) owe() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.due++
}

// pay, close and settled report whether nothing is due and nothing will be.
func (d *debt) pay() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.due--
	return d.over && d.due <= 0
}

func (d *debt) close() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.over = true
	return d.due <= 0
}

func (d *debt) settled() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.over && d.due <= 0
}

// sendLines sends each line that is typed, and at the end of them q. Where that fails
// the connection is broken, and whoever reads from it tells why.
func sendLines(conn *net.TCPConn, keyboard io.Reader, d *debt) {
	in := bufio.NewReader(keyboard)
	for {
		line, err := in.ReadString('\n')
		if err != nil && line == "" {
			break
		}
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if line == "q" || line == "Q" {
			break
		}
		d.owe() // first: the answer may be here before Write returns
		if _, err := io.WriteString(conn, line+"\n"); err != nil {
			return
		}
	}
	settled := d.close() // before the server learns of it and ends the connection
	_, _ = io.WriteString(conn, "q\n")
	_ = conn.CloseWrite()
	if settled {
		// Nothing more will come but the end of the connection: no need to wait.
		_ = conn.SetReadDeadline(time.Now())
	}
}

// maxHeader is more bytes than the first line of an answer may have.
const maxHeader = 65

// readHeader reads the first line of an answer, "STATUS LENGTH". Numbers that are too
// large for their type are refused: a length that wraps around would be a short one.
func readHeader(in *bufio.Reader) (status uint32, length int64, err error) {
	text, err := in.ReadSlice('\n')
	if err != nil && err != bufio.ErrBufferFull {
		return 0, 0, fmt.Errorf("the connection ended before all was answered: %w", broken(err))
	}
	line := string(text)
	first, second, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	s, err := strconv.ParseUint(first, 10, 32)
	n, err2 := strconv.ParseUint(second, 10, 63)
	if !ok || err != nil || err2 != nil {
		return 0, 0, fmt.Errorf("%q is no answer; it should begin with a status and a length", line)
	}
	return uint32(s), int64(n), nil
}

// broken is why a connection cannot be read any more.
func broken(err error) error {
	if err == io.EOF || errors.Is(err, os.ErrDeadlineExceeded) {
		return errors.New("the server has closed it")
	}
	return err
}
