package solutions_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The model programs of the line protocols talk to netcat, which none of us
// wrote.

func TestChatServerWithNetcat(t *testing.T) {
	server, addr := startServer(t, "chat", "server", "-listen", "127.0.0.1:0")
	nc := startNetcat(t, addr)
	client := strings.TrimPrefix(server.line(), "connected ")
	nc.types("你好, from netcat\n")
	server.prints(client + ": 你好, from netcat")
	server.types("hello, netcat\n")
	nc.prints("hello, netcat")
	nc.ends()
	server.prints("left " + client)
}

func TestChatClientWithNetcat(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	nc := start(t, findNetcat(t), "-l", "-v", "-N", host, port)
	nc.complains() // "Listening on ...": now it is bound
	client := start(t, build(t, "chat"), "client", net.JoinHostPort(host, port))
	client.types("hello, netcat\n")
	nc.prints("hello, netcat")
	nc.types("one\ntwo\n")
	client.prints("one")
	client.prints("two")
	client.types("q\n")
	nc.prints("q")
	nc.ends()
	client.exits()
}

func TestUploadServerWithNetcat(t *testing.T) {
	_, addr := startServer(t, "upload", "server", "-listen", "127.0.0.1:0", "-dir", t.TempDir())
	nc := startNetcat(t, addr)
	nc.types("6 greeting.txt\nhello\n" + "0 empty file\n")
	nc.prints("OK 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
	nc.prints("OK e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	nc.types("5 ../escape\n")
	if answer := nc.line(); !strings.HasPrefix(answer, "ERROR ") {
		t.Errorf("a name that leads out of the folder was answered with %q", answer)
	}
}

func TestAuthServerWithNetcat(t *testing.T) {
	users := filepath.Join(t.TempDir(), "users")
	passwd := start(t, build(t, "auth"), "passwd", "-iterations", "1000", users, "ann")
	passwd.types("open sesame\n")
	passwd.ends()
	passwd.exits()
	_, addr := startServer(t, "auth", "server", "-listen", "127.0.0.1:0", "-users", users)
	nc := startNetcat(t, addr)
	nc.prints("欢迎使用xx系统")
	nc.types("ann\nwrong\n")
	nc.prints("FAIL 用户名或密码错误")
	nc.types("ann\nopen sesame\n")
	nc.prints("OK 登录成功")
	nc.types("whoami\n")
	nc.prints("ann")
	nc.types("q\n")
	nc.ends()
	nc.exits()
}

// findNetcat skips the test where there is no netcat that can half-close.
func findNetcat(t *testing.T) string {
	t.Helper()
	nc, err := exec.LookPath("nc")
	if err != nil {
		t.Skipf("not tried against netcat: %v; install netcat-openbsd", err)
	}
	help, _ := exec.Command(nc, "-h").CombinedOutput()
	if !strings.Contains(string(help), "-N") {
		t.Skip("not tried against netcat: this one has no -N, which half-closes; install netcat-openbsd")
	}
	return nc
}

func startNetcat(t *testing.T, addr string) *console {
	t.Helper()
	host, port, _ := net.SplitHostPort(addr)
	return start(t, findNetcat(t), "-N", host, port)
}

func startServer(t *testing.T, lesson string, args ...string) (server *console, addr string) {
	t.Helper()
	findNetcat(t)
	server = start(t, build(t, lesson), args...)
	return server, strings.TrimPrefix(server.line(), "listening on ")
}

func build(t *testing.T, lesson string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), lesson)
	if out, err := exec.Command("go", "build", "-o", program, "./"+lesson).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// A console is a running program with somebody who types and reads.
type console struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr *bufio.Reader
}

// patience bounds a test that hangs; no verdict depends on it otherwise.
const patience = time.Minute

func start(t *testing.T, path string, args ...string) *console {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	cmd := exec.CommandContext(ctx, path, args...)
	c := &console{t: t, cmd: cmd}
	stdin, err1 := cmd.StdinPipe()
	stdout, err2 := cmd.StdoutPipe()
	stderr, err3 := cmd.StderrPipe()
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c.stdin, c.stdout, c.stderr = stdin, bufio.NewReader(stdout), bufio.NewReader(stderr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // an error where exits has waited, or where it was killed
	})
	return c
}

func (c *console) types(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.stdin, text); err != nil {
		c.t.Fatal(err)
	}
}

func (c *console) ends() { c.stdin.Close() }

// line returns the next line printed, without its end.
func (c *console) line() string {
	c.t.Helper()
	line, err := c.stdout.ReadString('\n')
	if err != nil {
		c.t.Fatalf("%s printed %q and then: %v", c.cmd, line, err)
	}
	return strings.TrimSuffix(line, "\n")
}

func (c *console) prints(want string) {
	c.t.Helper()
	if got := c.line(); got != want {
		c.t.Fatalf("%s printed\n\t%q, want\n\t%q", c.cmd, got, want)
	}
}

// complains waits for a line on standard error.
func (c *console) complains() {
	c.t.Helper()
	if _, err := c.stderr.ReadString('\n'); err != nil {
		c.t.Fatalf("%s: %v", c.cmd, err)
	}
}

// exits waits for the program to end in order, with nothing more to say.
func (c *console) exits() {
	c.t.Helper()
	rest, _ := io.ReadAll(c.stdout)
	if err := c.cmd.Wait(); err != nil || len(rest) > 0 {
		c.t.Fatalf("%s printed %q at its end: %v", c.cmd, rest, err)
	}
}
