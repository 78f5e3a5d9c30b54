package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The programs below are what tutorials in Python begin with: one recv of 1,024
// bytes is the message, one send the answer, one client after the other.

const pythonServer = `
import socket
door = socket.socket()
door.bind(('127.0.0.1', 0))
door.listen()
print('127.0.0.1:%d' % door.getsockname()[1], flush=True)
while True:
    guest, address = door.accept()
    message = guest.recv(1024)
    print(message.decode('utf-8'), flush=True)
    guest.send(b'hello world')
    guest.close()
`

const pythonClient = `
import socket, sys
host, port = sys.argv[1].split(':')
sock = socket.socket()
sock.connect((host, int(port)))
sock.send(b'hello')
answer = sock.recv(1024)
print(answer.decode('utf-8'), flush=True)
sock.close()
`

func TestPythonClientAsksServer(t *testing.T) {
	python := find(t, "python3")
	server, addr := startServer(t)
	for range 3 {
		client := start(t, python, "-c", pythonClient, addr)
		client.shows("hello world")
		client.ends()
		server.prints("hello\n")
	}
}

func TestClientAsksPythonServer(t *testing.T) {
	server := start(t, find(t, "python3"), "-c", pythonServer)
	addr := server.line()
	program := build(t)
	for _, text := range []string{"hello", "你好", strings.Repeat("x", 1024)} {
		client := start(t, program, "client", addr, text)
		client.prints("hello world\n")
		client.ends()
		server.shows(text)
	}
}

// Netcat sends what is typed and keeps its end open: it waits for the answer.
func TestNetcatAsksServer(t *testing.T) {
	nc := find(t, "nc")
	server, addr := startServer(t)
	host, port, _ := strings.Cut(addr, ":")

	client := start(t, nc, host, port)
	client.types("hello")
	server.prints("hello\n")
	client.prints("hello world")

	typist := start(t, nc, host, port)
	typist.types("one line\n")
	server.prints("one line\n\n")
	typist.prints("hello world")

	// The rest of what came in pieces is nobody's message.
	divided := start(t, nc, host, port)
	divided.types("hel")
	server.prints("hel\n")
	_, _ = io.WriteString(divided.in, "lo") // fails where nc has ended with the connection
	last := start(t, nc, host, port)
	last.types("bye")
	server.prints("bye\n")
	last.prints("hello world")
}

// listens is how OpenBSD's netcat says at which port it waits.
var listens = regexp.MustCompile(`^Listening on (127\.0\.0\.1) (\d+)\s*$`)

func TestClientAsksNetcat(t *testing.T) {
	nc := start(t, "sh", "-c", `exec "$0" -v -n -N -l 127.0.0.1 0 2>&1`, find(t, "nc"))
	said, err := nc.out.ReadString('\n')
	at := listens.FindStringSubmatch(said)
	if at == nil {
		t.Skipf("not tried against this netcat, which does not say where it listens: %q, %v", said, err)
	}
	client := start(t, build(t), "client", at[1]+":"+at[2], "how are you?")
	if said := nc.line(); !strings.HasPrefix(said, "Connection received on ") {
		t.Fatalf("nc said %q", said)
	}
	nc.prints("how are you?")
	// The answer is what is typed until the end, in lines and as slowly as it may be.
	nc.types("fine, \n")
	nc.types("thank you")
	nc.closes()
	client.prints("fine, \nthank you\n")
	client.ends()
	nc.ends()
}

// find skips the test where there is no such program.
func find(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("not tried against %s: %v", name, err)
	}
	return path
}

// build builds the program of this folder.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "hello")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// startServer starts the program of this folder as a server.
func startServer(t *testing.T) (server *console, addr string) {
	t.Helper()
	server = start(t, build(t), "server", "-listen", "127.0.0.1:0")
	return server, strings.TrimPrefix(server.line(), "listening on ")
}

// A console is a running program with somebody who types and reads.
type console struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// start starts a program, which is killed if the test takes half a minute.
func start(t *testing.T, path string, args ...string) *console {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "PYTHONUTF8=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // an error where ends has waited, or where it was killed
	})
	return &console{t, cmd, in, bufio.NewReader(out)}
}

func (c *console) types(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, text); err != nil {
		c.t.Fatal(err)
	}
}

// closes ends the program's standard input.
func (c *console) closes() {
	c.t.Helper()
	if err := c.in.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// line returns the next line, without its line end.
func (c *console) line() string {
	c.t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		c.t.Fatalf("%s printed %q and then: %v", c.cmd, line, err)
	}
	return strings.TrimRight(line, "\r\n")
}

// shows expects a line, ended in the way of the system.
func (c *console) shows(want string) {
	c.t.Helper()
	if got := c.line(); got != want {
		c.t.Fatalf("%s printed the line\n\t%q, want\n\t%q", c.cmd, got, want)
	}
}

// prints expects these bytes.
func (c *console) prints(want string) {
	c.t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(c.out, got)
	if string(got[:n]) != want {
		c.t.Fatalf("%s printed\n\t%q, %v, want\n\t%q", c.cmd, got[:n], err, want)
	}
}

// ends waits for the program to end in order, with nothing more to say.
func (c *console) ends() {
	c.t.Helper()
	rest, err := io.ReadAll(c.out)
	if err != nil || len(rest) > 0 {
		c.t.Errorf("%s ended with %q, %v", c.cmd, rest, err)
	}
	if err := c.cmd.Wait(); err != nil {
		c.t.Errorf("%s: %v", c.cmd, err)
	}
}
