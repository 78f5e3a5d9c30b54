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

// The programs below are what tutorials in Python build: a plain socket, one
// recvfrom of 1,024 bytes a message, one answer a message, one after the other.

const pythonServer = `
import socket
desk = socket.socket(type=socket.SOCK_DGRAM)
desk.bind(('127.0.0.1', 0))
print('127.0.0.1:%d' % desk.getsockname()[1], flush=True)
colours = {'alex': '\033[0;33;42m', '太白': '\033[0;35;40m'}
while True:
    message, address = desk.recvfrom(1024)
    text = message.decode('utf-8')
    name = text.split(':')[0].strip()
    print('%s%s \033[0m' % (colours.get(name, ''), text), flush=True)
    answer = input()
    desk.sendto(answer.encode('utf-8'), address)
    if answer == 'q':
        break
desk.close()
`

const pythonClient = `
import socket, sys
host, port = sys.argv[1].split(':')
name = sys.argv[2]
sock = socket.socket(type=socket.SOCK_DGRAM)
while True:
    text = input()
    sock.sendto(('%s : %s' % (name, text)).encode('utf-8'), (host, int(port)))
    if text.upper() == 'Q':
        break
    answer, address = sock.recvfrom(1024)
    print(answer.decode('utf-8'), flush=True)
    if answer == b'q':
        break
sock.close()
`

func TestPythonClientTalksToServer(t *testing.T) {
	python := findPython(t)
	server := start(t, build(t), "server", "-listen", "127.0.0.1:0")
	addr := strings.TrimPrefix(server.line(), "listening on ")

	client := start(t, python, "-c", pythonClient, addr, "太白")
	client.types("你好")
	server.prints("\x1b[0;35;40m太白 : 你好 \x1b[0m")
	server.types("你好，太白")
	client.prints("你好，太白")

	// The most that its recvfrom takes, in both directions.
	long := strings.Repeat("x", 1024-len("太白 : "))
	client.types(long)
	server.prints("\x1b[0;35;40m太白 : " + long + " \x1b[0m")
	server.types(strings.Repeat("y", 1024))
	client.prints(strings.Repeat("y", 1024))

	// Its q comes with the name before it and is a message. The client is gone
	// when it is answered, which must not disturb the next one.
	client.types("q")
	client.exits()
	server.prints("\x1b[0;35;40m太白 : q \x1b[0m")
	server.types("bye")

	other := start(t, python, "-c", pythonClient, addr, "bob")
	other.types("anybody here?")
	server.prints("bob : anybody here? \x1b[0m")
	server.types("q")
	other.prints("q")
	other.exits()
	server.exits()
}

func TestClientTalksToPythonServer(t *testing.T) {
	python := findPython(t)
	program := build(t)
	server := start(t, python, "-c", pythonServer)
	addr := server.line()

	client := start(t, program, "client", addr, "alex")
	client.types("hello")
	server.prints("\x1b[0;33;42malex : hello \x1b[0m")
	server.types("你好 alex")
	client.prints("你好 alex")

	// Its q is sent without a name, and answered like all else: within a second.
	client.types("q")
	server.prints("q \x1b[0m")
	server.types("you said q?")
	client.prints("you said q?")
	client.exits()

	other := start(t, program, "client", addr, "bob")
	other.types("anybody here?")
	server.prints("bob : anybody here? \x1b[0m")
	server.types("q")
	other.prints("q")
	other.exits()
	server.exits()
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
	program := filepath.Join(t.TempDir(), "colourchat")
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
