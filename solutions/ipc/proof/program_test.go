package proof

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// built is the model program, built once for all tests.
var built string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ipc-proof-")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	built = filepath.Join(dir, "ipc")
	if runtime.GOOS == "windows" {
		built += ".exe"
	}
	status := 1
	if out, err := exec.Command("go", "build", "-o", built, "wirebook/solutions/ipc").CombinedOutput(); err != nil {
		fmt.Printf("%v\n%s", err, out)
	} else {
		status = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

// find returns a program of the system's, or skips the test.
func find(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not here", name)
	}
	return path
}

// run runs a program to its end and returns what it printed.
func run(t *testing.T, dir, input, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(input)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", filepath.Base(name), args, err, &said)
	}
	return string(out)
}

// A running is a program that runs. It is killed at the end of the test.
type running struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
}

func start(t *testing.T, cmd *exec.Cmd) *running {
	t.Helper()
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
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed is how it may end here
	})
	return &running{t, cmd, stdin, bufio.NewReader(stdout)}
}

func (r *running) types(text string) {
	r.t.Helper()
	if _, err := io.WriteString(r.stdin, text); err != nil {
		r.t.Fatal(err)
	}
}

// prints reads a line and compares it.
func (r *running) prints(want string) {
	r.t.Helper()
	if got, err := r.stdout.ReadString('\n'); got != want+"\n" {
		r.t.Fatalf("%s printed %q, %v; want %q", filepath.Base(r.cmd.Path), got, err, want+"\n")
	}
}

// ends closes the keyboard and awaits a good end.
func (r *running) ends() {
	r.t.Helper()
	r.stdin.Close()
	if rest, err := io.ReadAll(r.stdout); len(rest) > 0 || err != nil {
		r.t.Errorf("%s printed %q, %v at its end; want nothing", filepath.Base(r.cmd.Path), rest, err)
	}
	if err := r.cmd.Wait(); err != nil {
		r.t.Errorf("%s: %v", filepath.Base(r.cmd.Path), err)
	}
}
