package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
)

// The statuses that are not a command's own.
const (
	statusTimedOut = 124
	statusTooMuch  = 125
	statusNotRun   = 126
	statusNotFound = 127
	statusSignal   = 128 // and the number of the signal
)

// An answer is what became of a line.
type answer struct {
	status int
	output []byte
}

// send sends the answer. The length stands before the output: nothing in the output
// could say where it ends, for it may be anything.
func (a answer) send(conn net.Conn) error {
	header := fmt.Sprintf("%d %d\n", a.status, len(a.output))
	_, err := (&net.Buffers{[]byte(header), a.output}).WriteTo(conn)
	return err
}

// run runs the command of a line to its end, to the limits of the shop, or to the end
// of ctx.
func (s shop) run(ctx context.Context, line string) answer {
	words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' })
	if len(words) == 0 {
		return answer{statusNotFound, nil}
	}
	path, ok := s.find(words[0])
	if !ok {
		return answer{statusNotFound, []byte(words[0] + ": not found\n")}
	}
	a, err := s.start(ctx, path, words)
	if err != nil {
		return answer{statusNotRun, []byte(err.Error() + "\n")}
	}
	return a
}

// find returns the path of a program in the folder. A name cannot lead out of it.
func (s shop) find(name string) (path string, ok bool) {
	if strings.HasPrefix(name, ".hidden") || strings.HasPrefix(name, "bin/") || strings.HasPrefix(name, "/") {
		return "", false
	}
	path = filepath.Join(s.dir, name)
	if runtime.GOOS == "windows" && !strings.EqualFold(filepath.Ext(path), ".exe") {
		path += ".exe"
	}
	_, err := os.Lstat(path)
	return path, err == nil
}

// start starts a program without a shell, so that no word means anything but itself,
// and waits for what becomes of it. An error says that it could not be started.
func (s shop) start(ctx context.Context, path string, words []string) (answer, error) {
	// One pipe for both outputs keeps the order of what is written.
	r, w, err := os.Pipe()
	if err != nil {
		return answer{}, err
	}
	defer r.Close()
	defer w.Close()
	cmd := exec.Command(path, words[1:]...)
	cmd.Args[0] = words[0] // as it was called
	cmd.Env = environment()
	cmd.Stdout, cmd.Stderr = w, w // and no standard input, which is then empty
	g, err := startGroup(cmd)
	if err != nil {
		return answer{}, err
	}

	ctx, stop := context.WithTimeout(ctx, s.timeout)
	defer stop()
	defer context.AfterFunc(ctx, g.kill)()
	out := &output{max: s.max, tooMuch: g.kill, mark: []byte(rand.Text())}
	read := make(chan struct{})
	go func() {
		defer close(read)
		out.collect(r)
	}()

	// The command has ended when its process has: neither when it closes its
	// outputs, nor when everybody has closed them whom it has started.
	_ = cmd.Wait() // ProcessState says all.
	timedOut := errors.Is(ctx.Err(), context.DeadlineExceeded)
	g.kill()
	// Some of what it wrote may still lie in the pipe. To wait for the end of the pipe
	// would be to wait for everybody who holds it open. So we write a word of our own
	// into it: what comes before that is all.
	_, _ = w.Write(out.mark)
	<-read

	switch {
	case out.total > s.max:
		return answer{statusTooMuch, out.kept.Bytes()}, nil
	case timedOut:
		return answer{statusTimedOut, out.kept.Bytes()}, nil
	}
	return answer{exitStatus(cmd.ProcessState), out.kept.Bytes()}, nil
}

// exitStatus is the status of a process that has ended by itself or by a signal.
func exitStatus(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return statusSignal + int(status.Signal())
	}
	return state.ExitCode()
}

// An output is what a command has written: how many bytes, and the first max of them.
type output struct {
	max     int
	tooMuch func() // called when there are more; perhaps often
	mark    []byte // stands behind the last byte
	total   int
	kept    bytes.Buffer
}

// collect reads the output up to the mark. It takes what is too much, too, for the
// command is killed then, but somebody whom it has started may go on.
func (o *output) collect(r io.Reader) {
	buf := make([]byte, 32<<10)
	var tail []byte // the last bytes, which may be the beginning of the mark
	for {
		n, err := r.Read(buf)
		o.add(buf[:n])
		seen := append(tail, buf[:n]...)
		if i := bytes.Index(seen, o.mark); i >= 0 {
			o.total -= len(seen) - i
			o.kept.Truncate(min(o.kept.Len(), o.total))
			return
		}
		if err != nil {
			return
		}
		tail = bytes.Clone(seen[max(0, len(seen)-len(o.mark)+1):])
	}
}

func (o *output) add(b []byte) {
	o.kept.Write(b[:min(len(b), o.max-o.kept.Len())])
	if o.total += len(b); o.total > o.max {
		o.tooMuch()
	}
}

// passed are the variables that a command gets of the server's environment. There may
// be secrets in the others.
var passed = []string{"PATH", "HOME", "USER", "PWD", "LANG", "TZ", "TMPDIR", "TMP", "TEMP", "SystemRoot"}

// environment is what a command gets. It is never nil: that would be everything.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(setting string) bool {
		name, _, _ := strings.Cut(setting, "=")
		return !slices.Contains(passed, name) && !strings.HasPrefix(name, "LC_")
	})
}
