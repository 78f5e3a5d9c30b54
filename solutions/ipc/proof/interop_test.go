//go:build unix

package proof

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// pythonFile is a program of the plainest shape that keeps the format of FILE and its
// lock: it puts its other arguments, or prints what is there.
const pythonFile = `
import fcntl, sys
path, messages = sys.argv[1], sys.argv[2:]
with open(path + ".lock", "a") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    with open(path, "a+") as f:
        if messages:
            for m in messages:
                f.write(m + "\n")
        else:
            f.seek(0)
            sys.stdout.write(f.read())
            sys.stdout.flush()
            f.truncate(0)
`

// TestPythonSharesFile lets twenty of each put at once. All is there.
func TestPythonSharesFile(t *testing.T) {
	python, exe, dir := find(t, "python3"), built, t.TempDir()
	var all sync.WaitGroup
	want := make(map[string]bool)
	for i := range 20 {
		ours, theirs := fmt.Sprintf("ours %d", i), fmt.Sprintf("theirs %d", i)
		want[ours], want[theirs] = true, true
		all.Go(func() { run(t, dir, ours+"\n", exe, "put", "notes") })
		all.Go(func() { run(t, dir, "", python, "-c", pythonFile, "notes", theirs) })
	}
	all.Wait()
	for line := range strings.Lines(run(t, dir, "", exe, "get", "notes")) {
		line = strings.TrimSuffix(line, "\n")
		if !want[line] {
			t.Errorf("%q is there, and was not put or is there twice", line)
		}
		delete(want, line)
	}
	if len(want) > 0 {
		t.Errorf("lost: %v", want)
	}
	run(t, dir, "for python\nand more", exe, "put", "notes")
	if got := run(t, dir, "", python, "-c", pythonFile, "notes"); got != "for python\nand more\n" {
		t.Errorf("python has got %q", got)
	}
	if got := run(t, dir, "", exe, "get", "notes"); got != "" {
		t.Errorf("behind python's get there was %q", got)
	}
}

// TestFlock lets a shell hold the lock with flock(1), and change the file.
func TestFlock(t *testing.T) {
	flock, exe, dir := find(t, "flock"), built, t.TempDir()
	shell := exec.Command(flock, "notes.lock", "sh", "-c", "echo held; read go; echo from the shell >> notes")
	shell.Dir = dir
	holder := start(t, shell)
	holder.prints("held")

	var all sync.WaitGroup
	all.Go(func() { run(t, dir, "ours\n", exe, "put", "notes") })
	holder.types("go\n")
	holder.ends()
	all.Wait()
	if got := run(t, dir, "", exe, "get", "notes"); got != "from the shell\nours\n" {
		t.Errorf("get: %q; want what the shell wrote before what waited for it", got)
	}

	// And the other way round: a get that has more to print than a pipe holds has the
	// lock. When its first bytes are here, it is at it.
	run(t, dir, strings.Repeat("much\n", 1<<20), exe, "put", "notes")
	get := start(t, inDir(exec.Command(exe, "get", "notes"), dir))
	get.prints("much")
	if err := inDir(exec.Command(flock, "-n", "notes.lock", "true"), dir).Run(); err == nil {
		t.Error("flock has got the lock while a get printed")
	}
}

func inDir(cmd *exec.Cmd, dir string) *exec.Cmd {
	cmd.Dir = dir
	return cmd
}

// serve starts our server at desk and returns when it listens.
func serve(t *testing.T, exe, dir string) *running {
	t.Helper()
	server := start(t, inDir(exec.Command(exe, "server", "-socket", "desk"), dir))
	server.prints("listening on desk")
	return server
}

// TestSocat lets socat be a client, and a server.
func TestSocat(t *testing.T) {
	socat, exe, dir := find(t, "socat"), built, t.TempDir()
	serve(t, exe, dir)
	uid := os.Getuid()
	want := fmt.Sprintf("uid=%d hello\nuid=%d 你好\nuid=%d last\n", uid, uid, uid)
	if got := run(t, dir, "hello\n你好\r\nlast", socat, "-t", "60", "-", "UNIX-CONNECT:desk"); got != want {
		t.Errorf("socat was answered %q; want %q", got, want)
	}

	echo := start(t, inDir(exec.Command(socat, "-d", "-d", "UNIX-LISTEN:other", "EXEC:cat"), dir))
	awaitSocket(t, filepath.Join(dir, "other"))
	if got := run(t, dir, "one\ntwo\nq\n", exe, "client", "other"); got != "one\ntwo\n" {
		t.Errorf("our client has printed %q; want what it sent", got)
	}
	echo.ends()
}

// awaitSocket returns when something stands at path.
func awaitSocket(t *testing.T, path string) {
	t.Helper()
	for {
		if _, err := os.Lstat(path); err == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// pythonServer answers each line as our server does, one client after the other.
const pythonServer = `
import os, socket, struct, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind(sys.argv[1])
s.listen()
print("listening", flush=True)
while True:
    c, _ = s.accept()
    with c, c.makefile("rb") as lines:
        for line in lines:
            c.sendall(b"uid=7 " + line)
`

// pythonClient sends its arguments, a line each, and prints what comes.
const pythonClient = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.connect(sys.argv[1])
for line in sys.argv[2:]:
    s.sendall(line.encode() + b"\n")
s.shutdown(socket.SHUT_WR)
while True:
    data = s.recv(1024)
    if not data:
        break
    sys.stdout.buffer.write(data)
`

func TestPythonTalks(t *testing.T) {
	python, exe, dir := find(t, "python3"), built, t.TempDir()
	serve(t, exe, dir)
	uid := os.Getuid()
	want := fmt.Sprintf("uid=%d hello\nuid=%d \nuid=%d q\n", uid, uid, uid)
	if got := run(t, dir, "", python, "-c", pythonClient, "desk", "hello", "", "q"); got != want {
		t.Errorf("python was answered %q; want %q", got, want)
	}
	start(t, inDir(exec.Command(python, "-c", pythonServer, "other"), dir)).prints("listening")
	if got := run(t, dir, "hello\nyou\nQ\n", exe, "client", "other"); got != "uid=7 hello\nuid=7 you\n" {
		t.Errorf("our client has printed %q", got)
	}
	// Its server lives: ours leaves it.
	if err := inDir(exec.Command(exe, "server", "-socket", "other"), dir).Run(); err == nil {
		t.Error("our server has replaced the socket of one that lives")
	}
	if got := run(t, dir, "still there?\n", exe, "client", "other"); got != "uid=7 still there?\n" {
		t.Errorf("our client has printed %q", got)
	}
}
