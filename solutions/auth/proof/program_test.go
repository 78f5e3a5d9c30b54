package proof

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// buildAuth builds the model program.
func buildAuth(t testing.TB) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "auth")
	if runtime.GOOS == "windows" {
		exe += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", exe, "wirebook/solutions/auth").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

// startServer starts a server with its own file of users, and returns it with
// its address. It is killed at the end of the test.
func startServer(t testing.TB, exe string, args ...string) (*exec.Cmd, string) {
	t.Helper()
	server := exec.Command(exe, append([]string{"server", "-listen", "127.0.0.1:0"}, args...)...)
	server.Stderr = os.Stderr
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait() // killed is how it ends here
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return server, strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
}

// A visitor is one connection to a server.
type visitor struct {
	conn  net.Conn
	lines *bufio.Reader
}

// visit connects and takes the greeting.
func visit(t testing.TB, address string) *visitor {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	v := &visitor{conn, bufio.NewReader(conn)}
	v.hear(t)
	return v
}

// try makes one attempt and returns the answer.
func (v *visitor) try(t testing.TB, name, password string) string {
	t.Helper()
	if _, err := v.conn.Write([]byte(name + "\n" + password + "\n")); err != nil {
		t.Fatal(err)
	}
	return v.hear(t)
}

func (v *visitor) hear(t testing.TB) string {
	t.Helper()
	line, err := v.lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(line, "\n")
}
