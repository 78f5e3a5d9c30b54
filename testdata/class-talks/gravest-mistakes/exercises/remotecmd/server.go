package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// serve answers each client in a goroutine of its own. When ctx ends, it kills what
// runs, and returns when that is dead.
func serve(ctx context.Context, listener *net.TCPListener, s shop) error {
	// A name without a folder would be looked for on the PATH by whoever starts it,
	// and filepath.Join(".", "date") is "date".
	dir, err := filepath.Abs(s.dir)
	if err != nil {
		return err
	}
	s.dir = dir
	defer context.AfterFunc(ctx, func() { listener.Close() })()
	var clients sync.WaitGroup
	defer clients.Wait()
	for {
		conn, err := listener.AcceptTCP()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		clients.Go(func() { s.attend(ctx, conn) })
	}
}

// attend answers the lines of one client, one after the other.
func (s shop) attend(ctx context.Context, conn *net.TCPConn) {
	defer conn.Close()
	// When the server ends, nobody waits any more in a Read or a Write.
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	// When the client is lost, what runs for it is killed, and what waits is not run.
	ctx, lost := context.WithCancel(ctx)
	defer lost()

	for r := range requests(ctx, conn, lost) {
		if r.end == errQuit {
			hangUp(conn)
			return
		}
		var a answer
		if r.end != nil {
			a = answer{statusNotRun, []byte(r.end.Error() + "\n")}
		} else {
			a = s.run(ctx, r.line)
		}
		if ctx.Err() != nil || a.send(conn) != nil {
			return
		}
		if r.end != nil {
			hangUp(conn)
			return
		}
	}
}

// farewell is for how long a client may take to end a connection that is over.
const farewell = 5 * time.Second

// hangUp ends our half of the connection, and reads and drops what still comes. Who
// closes with something unread sends a reset (RFC 9293, section 3.6.1), and that can
// destroy an answer that is on its way.
func hangUp(conn *net.TCPConn) {
	_ = conn.CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(farewell))
	_, _ = io.Copy(io.Discard, conn) // Ends in EOF, a reset or the deadline: all welcome.
}

// The ways in which a server ends a connection.
var (
	errQuit    = errors.New("the client said q")
	errTooLong = fmt.Errorf("a line has %d bytes or more", maxLine)
)

// maxLine is more bytes than a line may have.
const maxLine = 1 << 16

// A request is a line of a client, or why the server ends the connection.
type request struct {
	line string
	end  error
}

// requests yields what a client asks for. The connection is read in a goroutine of its
// own: while a command runs, that is how the end of the client is seen. Then it calls
// lost, and the channel is closed. (When one line waits behind the one that runs, no
// more is read, so that a client cannot fill our memory with lines.)
//
// A close and a half-close look alike, for both are a FIN (RFC 9293, section 3.6). So
// the end of a client that wants its answers is not the FIN, but the line q before it.
func requests(ctx context.Context, conn net.Conn, lost func()) <-chan request {
	asked := make(chan request)
	go func() {
		defer close(asked)
		in := bufio.NewReaderSize(conn, maxLine)
		for {
			r, err := readRequest(in)
			if err != nil {
				lost()
				return
			}
			select {
			case asked <- r:
			case <-ctx.Done():
				return
			}
			if r.end != nil {
				return // What comes now is for hangUp to drop.
			}
		}
	}()
	return asked
}

// readRequest reads the next line. What stands behind the last LF is none: rm a may be
// the beginning of rm a.bak.
func readRequest(in *bufio.Reader) (request, error) {
	text, err := in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		return request{end: errTooLong}, nil
	}
	if err != nil {
		return request{}, err
	}
	line := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if line == "q" || line == "Q" {
		return request{end: errQuit}, nil
	}
	return request{line: line}, nil
}
