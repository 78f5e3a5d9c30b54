package main

// The tests of this file and the next show what scenarios cannot: that no
// connection cut at any byte and no kill at any moment leaves a wrong file, and
// how fast and how small the program is beside the barest one that does the
// same.
//
//	go test ./solutions/upload -run 'TestCut|TestKill'
//	go test ./solutions/upload -run '^$' -bench . -benchtime 5x
//
// The second needs 3 GiB of disk in TMPDIR and prints the two medians, their
// ratio and the server's peak memory.

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// seed makes every random choice of these tests; a failure prints it.
const seed = 1

// bareRole is the environment variable that makes the test binary the barest
// program instead of a test.
const bareRole = "WIREBOOK_UPLOAD_BARE"

// init plays the barest program before any test can begin.
func init() {
	role := os.Getenv(bareRole)
	if role == "" {
		return
	}
	if err := bare(role, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// buildUpload builds the model program and returns its path.
func buildUpload(t testing.TB) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "upload.exe") // a suffix that no system minds
	build := exec.Command("go", "build", "-o", exe, "wirebook/solutions/upload")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return exe
}

// process is a server that runs.
type process struct {
	*exec.Cmd
	addr string
}

// startServer starts a server and waits for its listening line.
func startServer(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: cmd}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the server said %q and ended: %v", line, err)
	}
	p.addr = strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	return p
}

// startUpload starts the model program as a server of dir.
func startUpload(t testing.TB, exe, dir string) *process {
	t.Helper()
	return startServer(t, exec.Command(exe, "server", "-listen", "127.0.0.1:0", "-dir", dir))
}

// kill ends the server as SIGKILL does, at whatever it is.
func (p *process) kill() {
	_ = p.Process.Kill() // an error: it has ended already
	_ = p.Wait()
}

// dial connects to the server. A test that hangs would say nothing, so the
// connection has a deadline far beyond what any exchange needs.
func (p *process) dial(t testing.TB) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	return conn.(*net.TCPConn)
}

// upload sends a file over a connection of its own and demands an OK.
func (p *process) upload(t testing.TB, name string, body []byte) {
	t.Helper()
	conn := p.dial(t)
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "%d %s\n%s", len(body), name, body); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("OK %x\n", sha256.Sum256(body))
	got, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || got != want {
		t.Fatalf("upload of %s: answer %q, error %v, want %q", name, got, err, want)
	}
}

// randomBytes returns n bytes that look like no others.
func randomBytes(random *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return b
}

// names returns what the folder shows, without names that begin with a dot.
func names(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			shown = append(shown, entry.Name())
		}
	}
	return shown
}

// readFile returns a file's bytes.
func readFile(t testing.TB, path string) []byte {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// drain reads the connection to its end, which is where the server has done
// with it. How it ends does not matter.
func drain(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }
