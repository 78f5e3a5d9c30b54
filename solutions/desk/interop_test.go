package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The programs below are what tutorials in Python build: one recv of 1,024 bytes
// is a message, send and recv take turns, and the server serves one client after
// the other. Nobody there looks for the end of a message.

const pythonServer = `
import socket
desk = socket.socket()
desk.bind(('127.0.0.1', 0))
desk.listen(5)
print('127.0.0.1:%d' % desk.getsockname()[1], flush=True)
while True:
    conn, address = desk.accept()
    conn.send('欢迎光临！'.encode('utf-8'))
    while True:
        message = conn.recv(1024)
        if not message:
            break
        print(message.decode('utf-8'), flush=True)
        conn.send(('%d bytes? ' % len(message)).encode('utf-8') + message)
    conn.close()
`

const pythonClient = `
import socket, sys
host, port = sys.argv[1].split(':')
sock = socket.socket()
sock.connect((host, int(port)))
print(sock.recv(1024).decode('utf-8'), flush=True)
while True:
    text = input()
    if text.upper() == 'Q':
        break
    sock.send(text.encode('utf-8'))
    print(sock.recv(1024).decode('utf-8'), flush=True)
sock.close()
`

func TestPythonClientsTalkToServer(t *testing.T) {
	python := findPython(t)
	server := start(t, build(t), "server", "-listen", "127.0.0.1:0")
	addr := strings.TrimPrefix(server.line(), "listening on ")

	// Ann is greeted and thinks about what to say; Bob is served meanwhile.
	ann := start(t, python, "-c", pythonClient, addr)
	annsAddr := strings.TrimPrefix(server.line(), "connected ")
	ann.prints(greeting)
	bob := start(t, python, "-c", pythonClient, addr)
	bobsAddr := strings.TrimPrefix(server.line(), "connected ")
	bob.prints(greeting)
	bob.types("我要开户")
	bob.prints(answer)
	server.prints(bobsAddr + ": 我要开户")

	// The most that one recv takes.
	long := strings.Repeat("x", room)
	ann.types(long)
	ann.prints(answer)
	server.prints(annsAddr + ": " + long)

	for range 50 {
		bob.types("我说，我要开户")
		bob.prints(answer)
		server.prints(bobsAddr + ": 我说，我要开户")
	}
	bob.types("q")
	bob.exits()
	server.prints("left " + bobsAddr)
	ann.types("q")
	ann.exits()
	server.prints("left " + annsAddr)
}

func TestClientTalksToPythonServer(t *testing.T) {
	python := findPython(t)
	program := build(t)
	server := start(t, python, "-c", pythonServer)
	addr := server.line()

	ann := start(t, program, "client", addr)
	ann.prints("欢迎光临！")
	ann.types("我要开户")
	server.prints("我要开户")
	ann.prints("12 bytes? 我要开户")

	// Lines typed ahead arrive as messages of their own, and an empty one not at all.
	ann.types("one\n\ntwo\nthree")
	for _, line := range []string{"one", "two", "three"} {
		server.prints(line)
	}
	ann.prints("3 bytes? one")
	ann.prints("3 bytes? two")
	ann.prints("5 bytes? three")

	// This server serves one after the other. Bob is greeted when Ann has gone;
	// what he types ahead waits for that.
	bob := start(t, program, "client", addr)
	bob.types("hello\nq")
	ann.types("q")
	ann.exits()
	bob.prints("欢迎光临！")
	bob.prints("5 bytes? hello")
	bob.exits()
	server.prints("hello")
}

// findPython skips the test where there is no Python.
func findPython(t *testing.T) string {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("not tried against the tutorials' Python programs: %v", err)
	}
	return python
}

// build builds the program of this folder.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "desk")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// A console is a running program with somebody who types and reads.
type console struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.Writer
	stdout *bufio.Reader
}

// start starts a program, which is killed if the test takes half a minute.
func start(t *testing.T, path string, args ...string) *console {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "PYTHONUTF8=1")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // an error where exits has waited, or where it was killed
	})
	return &console{t, cmd, stdin, bufio.NewReader(stdout)}
}

func (c *console) types(line string) {
	c.t.Helper()
	if _, err := io.WriteString(c.stdin, line+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// line returns the next line printed, without its line end.
func (c *console) line() string {
	c.t.Helper()
	line, err := c.stdout.ReadString('\n')
	if err != nil {
		c.t.Fatalf("%s printed %q and then: %v", c.cmd, line, err)
	}
	return strings.TrimRight(line, "\r\n")
}

func (c *console) prints(want string) {
	c.t.Helper()
	if got := c.line(); got != want {
		c.t.Fatalf("%s printed\n\t%q, want\n\t%q", c.cmd, got, want)
	}
}

// exits waits for the program to end in order.
func (c *console) exits() {
	c.t.Helper()
	rest, err := io.ReadAll(c.stdout)
	if err != nil || len(rest) > 0 {
		c.t.Errorf("%s ended with %q, %v", c.cmd, rest, err)
	}
	if err := c.cmd.Wait(); err != nil {
		c.t.Errorf("%s: %v", c.cmd, err)
	}
}
