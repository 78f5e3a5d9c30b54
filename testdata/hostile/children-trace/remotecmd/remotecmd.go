package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
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

// The statuses that are not a command's own.
const (
	statusTimedOut = 124
	statusTooMuch  = 125
	statusNotRun   = 126
	statusNotFound = 127
	statusSignal   = 128 // and the number of the signal
)

// An answer is what became of a line.
type answer struct {
	status int
	output []byte
}

// send sends the answer. The length stands before the output: nothing in the output
// could say where it ends, for it may be anything.
func (a answer) send(conn net.Conn) error {
	header := fmt.Sprintf("%d %d\n", a.status, len(a.output))
	_, err := (&net.Buffers{[]byte(header), a.output}).WriteTo(conn)
	return err
}

// run runs the command of a line to its end, to the limits of the shop, or to the end
// of ctx.
func (s shop) run(ctx context.Context, line string) answer {
	words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' })
	if len(words) == 0 {
		return answer{statusNotFound, nil}
	}
	path, ok := s.find(words[0])
	if !ok {
		return answer{statusNotFound, []byte(words[0] + ": not found\n")}
	}
	a, err := s.start(ctx, path, words)
	if err != nil {
		return answer{statusNotRun, []byte(err.Error() + "\n")}
	}
	return a
}

// find returns the path of a program in the folder. A name cannot lead out of it.
func (s shop) find(name string) (path string, ok bool) {
	if strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`) {
		return "", false
	}
	path = filepath.Join(s.dir, name)
	if runtime.GOOS == "windows" && !strings.EqualFold(filepath.Ext(path), ".exe") {
		path += ".exe"
	}
	_, err := os.Lstat(path)
	return path, err == nil
}

// start starts a program without a shell, so that no word means anything but itself,
// and waits for what becomes of it. An error says that it could not be started.
func (s shop) start(ctx context.Context, path string, words []string) (answer, error) {
	// One pipe for both outputs keeps the order of what is written.
	r, w, err := os.Pipe()
	if err != nil {
		return answer{}, err
	}
	defer r.Close()
	defer w.Close()
	cmd := exec.Command(path, words[1:]...)
	cmd.Env = environment()
	cmd.Stdout, cmd.Stderr = w, w // and no standard input, which is then empty
	g, err := startGroup(cmd)
	if err != nil {
		return answer{}, err
	}

	ctx, stop := context.WithTimeout(ctx, s.timeout)
	defer stop()
	defer context.AfterFunc(ctx, g.kill)()
	out := &output{max: s.max, tooMuch: g.kill, mark: []byte(rand.Text())}
	read := make(chan struct{})
	go func() {
		defer close(read)
		out.collect(r)
	}()

	// The command has ended when its process has: neither when it closes its
	// outputs, nor when everybody has closed them whom it has started.
	_ = cmd.Wait() // ProcessState says all.
	timedOut := errors.Is(ctx.Err(), context.DeadlineExceeded)
	g.kill()
	// Some of what it wrote may still lie in the pipe. To wait for the end of the pipe
	// would be to wait for everybody who holds it open. So we write a word of our own
	// into it: what comes before that is all.
	_, _ = w.Write(out.mark)
	<-read

	switch {
	case out.total > s.max:
		return answer{statusTooMuch, out.kept.Bytes()}, nil
	case timedOut:
		return answer{statusTimedOut, out.kept.Bytes()}, nil
	}
	return answer{exitStatus(cmd.ProcessState), out.kept.Bytes()}, nil
}

// exitStatus is the status of a process that has ended by itself or by a signal.
func exitStatus(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return statusSignal + int(status.Signal())
	}
	return state.ExitCode()
}

// An output is what a command has written: how many bytes, and the first max of them.
type output struct {
	max     int
	tooMuch func() // called when there are more; perhaps often
	mark    []byte // stands behind the last byte
	total   int
	kept    bytes.Buffer
}

// collect reads the output up to the mark. It takes what is too much, too, for the
// command is killed then, but somebody whom it has started may go on.
func (o *output) collect(r io.Reader) {
	buf := make([]byte, 32<<10)
	var tail []byte // the last bytes, which may be the beginning of the mark
	for {
		n, err := r.Read(buf)
		o.add(buf[:n])
		seen := append(tail, buf[:n]...)
		if i := bytes.Index(seen, o.mark); i >= 0 {
			o.total -= len(seen) - i
			o.kept.Truncate(min(o.kept.Len(), o.total))
			return
		}
		if err != nil {
			return
		}
		tail = bytes.Clone(seen[max(0, len(seen)-len(o.mark)+1):])
	}
}

func (o *output) add(b []byte) {
	o.kept.Write(b[:min(len(b), o.max-o.kept.Len())])
	if o.total += len(b); o.total > o.max {
		o.tooMuch()
	}
}

// passed are the variables that a command gets of the server's environment. There may
// be secrets in the others.
var passed = []string{"PATH", "HOME", "USER", "PWD", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "SystemRoot"}

// environment is what a command gets. It is never nil: that would be everything.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		return !slices.Contains(passed, name) && !strings.HasPrefix(name, "LC_")
	})
}

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
