package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"wirebook/harness/puppet"
)

// Python has a file for each end of a connection, which reads lines and so many bytes.

const pythonServer = `
import socket, subprocess
door = socket.socket()
door.bind(('127.0.0.1', 0))
door.listen()
print('127.0.0.1:%d' % door.getsockname()[1], flush=True)
conn, address = door.accept()
lines = conn.makefile('rb')
for line in lines:
    words = line.split()
    if words == [b'q']:
        break
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    conn.sendall(b'%d %d\n' % (done.returncode, len(done.stdout)) + done.stdout)
conn.close()
`

const pythonClient = `
import socket, sys
host, port = sys.argv[1].split(':')
conn = socket.create_connection((host, int(port)))
answers = conn.makefile('rb')
for line in sys.argv[2:]:
    conn.sendall(line.encode('utf-8') + b'\n')
    status, length = answers.readline().split()
    print(int(status), answers.read(int(length)), flush=True)
conn.sendall(b'q\n')
print(answers.read(), flush=True)
`

func TestPythonClientAsksServer(t *testing.T) {
	python := find(t, "python3")
	addr := startServer(t, folder(t, "echo", "expr", "cat"))
	out, err := exec.Command(python, "-c", pythonClient, addr, "echo 你好 $HOME", "expr 6 * 7", "cat", "expr 0", "python3").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := `0 b'\xe4\xbd\xa0\xe5\xa5\xbd $HOME\n'
0 b'42\n'
0 b''
1 b'0\n'
127 b'python3: not found\n'
b''
`
	if string(out) != want {
		t.Errorf("the client printed\n%s\nwant\n%s", out, want)
	}
}

func TestClientAsksPythonServer(t *testing.T) {
	server := start(t, find(t, "python3"), "-c", pythonServer)
	addr := server.line()
	out, said, err := typing(t, addr, "echo hello\nexpr 0\necho "+strings.Repeat("x", 5000)+"\n")
	if err != nil || out != "hello\n0\n"+strings.Repeat("x", 5000)+"\n" || said != "status 1\n" {
		t.Errorf("%v: it printed %.50q and said %q", err, out, said)
	}
}

// Netcat sends lines, half-closes, and prints what comes.
func TestNetcatAsksServer(t *testing.T) {
	nc := find(t, "nc")
	if help, _ := exec.Command(nc, "-h").CombinedOutput(); !strings.Contains(string(help), "-N") {
		t.Skip("not tried against netcat: this one has no -N, which half-closes; install netcat-openbsd")
	}
	host, port, _ := strings.Cut(startServer(t, folder(t, "date", "sleep", "expr")), ":")
	for _, test := range []struct{ lines, want string }{
		{"expr 1 + 1\nexpr 2 + 2\nq\n", `0 2\n2\n0 2\n4\n`},
		{"date +%Y\nq\n", `0 5\n\d{4}\n`},
		{"sleep 0.1\ndate +%Y\nq\nexpr 3 + 3\n", `0 0\n0 5\n\d{4}\n`},
		{"sleep 60\n", ``}, // it is gone when it has half-closed
	} {
		cmd := exec.Command(nc, "-N", host, port)
		cmd.Stdin = strings.NewReader(test.lines)
		if out, err := cmd.Output(); err != nil || !regexp.MustCompile("^"+test.want+"$").Match(out) {
			t.Errorf("%q is answered with %q, %v", test.lines, out, err)
		}
	}
}

func TestNetcatAnswersClient(t *testing.T) {
	nc := find(t, "nc")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	host, port, _ := strings.Cut(addr, ":")
	free.Close()
	server := start(t, nc, "-l", "-v", host, port)
	if _, err := server.err.ReadString('\n'); err != nil { // "Listening on ...": now it is bound
		t.Fatal(err)
	}
	client := start(t, program(t), "client", addr)
	fmt.Fprint(client.in, "date\n")
	if got := server.line(); got != "date" {
		t.Errorf("netcat got %q", got)
	}
	fmt.Fprint(server.in, "0 6\nhello\n")
	if got := client.line(); got != "hello" {
		t.Errorf("the client printed %q", got)
	}
	client.in.Close()
	if got := server.line(); got != "q" {
		t.Errorf("netcat got %q", got)
	}
	if err := client.cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// most is how much of the machine's memory a program may ever have had.
const most = 64 << 20

// A command that prints 64 MiB is ended after 8, by a server that needs little memory.
func TestServerMemory(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(bin, "tool"), puppet.Path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server := start(t, program(t), "server", "-listen", "127.0.0.1:0", "-dir", bin)
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.line(), "listening on "))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for range 3 {
		fmt.Fprintf(conn, "tool fill %d\n", 64<<20)
		line, err := in.ReadString('\n')
		if err != nil || line != fmt.Sprintf("125 %d\n", 8<<20) {
			t.Fatalf("%q, %v", line, err)
		}
		if _, err := io.CopyN(io.Discard, in, 8<<20); err != nil {
			t.Fatal(err)
		}
	}
	if peak := peakMemory(t, server.cmd.Process.Pid); peak > most {
		t.Errorf("it has had %d MiB", peak>>20)
	}
}

// An answer of 64 MiB is printed by a client that needs as little memory as for a short
// one.
func TestClientMemory(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client := start(t, program(t), "client", listener.Addr().String())
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answer := func(n int) (peak int) {
		block := bytes.Repeat([]byte("x"), 1<<20)
		go func() {
			fmt.Fprintf(conn, "0 %d\n", n)
			for range n / len(block) {
				if _, err := conn.Write(block); err != nil {
					return
				}
			}
		}()
		fmt.Fprintln(client.in, "print")
		if _, err := io.CopyN(io.Discard, client.out, int64(n)); err != nil {
			t.Fatal(err)
		}
		return peakMemory(t, client.cmd.Process.Pid)
	}
	little := answer(1 << 20)
	if much := answer(64 << 20); much > little+8<<20 {
		t.Errorf("for 1 MiB it has had %d MiB, for 64 MiB it has had %d", little>>20, much>>20)
	}
}

// peakMemory is how much of the machine's memory a process has had at most.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("no system but Linux tells how much memory a program has had:", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}

// A running is a program that runs, with somebody who types and reads.
type running struct {
	t        *testing.T
	cmd      *exec.Cmd
	in       io.WriteCloser
	out, err *bufio.Reader
}

// patience bounds a test that hangs; no verdict depends on it otherwise.
const patience = time.Minute

func start(t *testing.T, path string, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	cmd := exec.CommandContext(ctx, path, args...)
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	said, err3 := cmd.StderrPipe()
	for _, err := range []error{err1, err2, err3, cmd.Start()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // an error where it was killed, or waited for
	})
	return &running{t, cmd, in, bufio.NewReader(out), bufio.NewReader(said)}
}

// line returns the next line printed, without its end.
func (r *running) line() string {
	r.t.Helper()
	line, err := r.out.ReadString('\n')
	if err != nil {
		r.t.Fatalf("%s printed %q and then: %v", r.cmd, line, err)
	}
	return strings.TrimSuffix(line, "\n")
}

func startServer(t *testing.T, dir string) (addr string) {
	t.Helper()
	server := start(t, program(t), "server", "-listen", "127.0.0.1:0", "-dir", dir)
	return strings.TrimPrefix(server.line(), "listening on ")
}

// typing runs the client with what is typed.
func typing(t *testing.T, addr, typed string) (printed, said string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(t), "client", addr)
	var out, notices bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(typed), &out, &notices
	err = cmd.Run()
	return out.String(), notices.String(), err
}

// program builds the solution.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "remotecmd")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// folder makes one with links to programs of this machine.
func folder(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		if err := os.Symlink(find(t, name), filepath.Join(dir, name)); err != nil {
			t.Skip("no links here:", err)
		}
	}
	return dir
}

// find skips the test where there is no such program.
func find(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("not tried: %v (%s)", err, runtime.GOOS)
	}
	return path
}
