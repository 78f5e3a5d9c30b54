package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The programs below are what tutorials in Python build: a plain socket, recvfrom of
// 1,024 bytes, time.strftime, sendto.

const pythonServer = `
import socket, time
clock = socket.socket(type=socket.SOCK_DGRAM)
clock.bind(('127.0.0.1', 0))
print('127.0.0.1:%d' % clock.getsockname()[1], flush=True)
while True:
    format, address = clock.recvfrom(1024)
    clock.sendto(time.strftime(format.decode('utf-8')).encode('utf-8'), address)
`

// It asks as often as it is told, and prints what its own clock showed before and
// after each answer, too.
const pythonClient = `
import socket, sys, time
host, port = sys.argv[1].split(':')
sock = socket.socket(type=socket.SOCK_DGRAM)
for format in sys.argv[2:]:
    before = time.strftime(format)
    sock.sendto(format.encode('utf-8'), (host, int(port)))
    answer, address = sock.recvfrom(1024)
    after = time.strftime(format)
    print(before, answer.decode('utf-8'), after, sep='|', flush=True)
sock.close()
`

const interopZone = "America/St_Johns"

func TestPythonClientAsksServer(t *testing.T) {
	python := findPython(t)
	_, lines := start(t, build(t), "server", "-listen", "127.0.0.1:0")
	addr := strings.TrimPrefix(next(t, lines), "listening on ")

	// The last answer is as long as its recvfrom takes.
	formats := []string{"%Y-%m-%d %H:%M:%S", "%c %z %Z", "现在 %H点%M分", "%A, %B %d; week %V of %G", "%s", strings.Repeat("x", 1024)}
	client, answers := start(t, python, append([]string{"-c", pythonClient, addr}, formats...)...)
	for _, format := range formats {
		line := strings.Split(next(t, answers), "|")
		if len(line) != 3 || line[1] != line[0] && line[1] != line[2] {
			t.Errorf("%.40q: Python's clock, our answer, Python's clock: %q", format, line)
		}
	}
	if err := client.Wait(); err != nil {
		t.Error(err)
	}
}

func TestClientAsksPythonServer(t *testing.T) {
	python := findPython(t)
	program := build(t)
	_, lines := start(t, python, "-c", pythonServer)
	addr := next(t, lines)

	before := time.Now().Unix()
	client, answers := start(t, program, "client", "-count", "20", "-interval", "0s", addr, "%s 100%% 现")
	for range 20 {
		answer := next(t, answers)
		text, found := strings.CutSuffix(answer, " 100% 现")
		seconds, err := strconv.ParseInt(text, 10, 64)
		if !found || err != nil || seconds < before-1 || seconds > time.Now().Unix() {
			t.Errorf("asked after second %d, answered %q", before, answer)
		}
	}
	if err := client.Wait(); err != nil {
		t.Error(err)
	}

	// An empty format; then a line end and a tab, which the client does not print raw.
	empty, blank := start(t, program, "client", addr, "")
	if got := next(t, blank); got != "" {
		t.Errorf("an empty format is answered %q", got)
	}
	control, replaced := start(t, program, "client", addr, "a%nb%tc")
	if got := next(t, replaced); got != "a\ufffdb\ufffdc" {
		t.Errorf("printed %q", got)
	}
	for _, cmd := range []*exec.Cmd{empty, control} {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// findPython skips the test where there is no Python.
func findPython(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("not tried against Python programs: time.strftime there has other directives and other zones")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("not tried against the tutorials' Python programs: %v", err)
	}
	return python
}

// build builds the program of this folder.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "timesync")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// start starts a program, which is killed if the test takes half a minute, and
// returns what it prints.
func start(t *testing.T, path string, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(os.Environ(), "PYTHONUTF8=1", "LC_ALL=C", "TZ="+interopZone)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // an error where the test has waited, or where it was killed
	})
	return cmd, bufio.NewReader(stdout)
}

// next returns the next line that a program prints, without its line end.
func next(t *testing.T, lines *bufio.Reader) string {
	t.Helper()
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("printed %q and then: %v", line, err)
	}
	return strings.TrimSuffix(line, "\n")
}
