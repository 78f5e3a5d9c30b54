package main

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// A rig is a grader of its own process, a small class, and the folders that it
// writes to.
type rig struct {
	t            *testing.T
	grader       string
	class        string
	out, scratch string
}

// newRig makes a class of these submissions of the sample.
func newRig(t *testing.T, submissions ...string) *rig {
	dir := t.TempDir()
	r := &rig{t, filepath.Join(dir, "grader"), filepath.Join(dir, "class"), filepath.Join(dir, "out"), filepath.Join(dir, "scratch")}
	if out, err := exec.Command("go", "build", "-o", r.grader, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.must(os.Mkdir(r.scratch, 0o700))
	hands := make(map[string]string)
	for _, name := range submissions {
		hands[name] = name
	}
	take(t, r.class, hands)
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// command is the grading of the class, ready to start.
func (r *rig) command() (cmd *exec.Cmd, said *bytes.Buffer) {
	cmd = exec.Command(r.grader, "grade", r.class, "subnet", "-o", r.out, "--seed", "1", "--allow-unsandboxed")
	cmd.Env = append(os.Environ(), "TMPDIR="+r.scratch, "WIREBOOK_CACHE=off") // nothing of other runs
	said = new(bytes.Buffer)
	cmd.Stderr = said
	return cmd, said
}

// files reads what stands in the folder of results, but for what may differ
// between two runs.
func (r *rig) files() map[string]string {
	all := make(map[string]string)
	err := filepath.WalkDir(r.out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".lock" {
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, r.out+"/")] = string(data)
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) {
		r.must(err)
	}
	return all
}

func (r *rig) leftovers() []string {
	left, err := filepath.Glob(filepath.Join(r.scratch, "*"))
	r.must(err)
	return left
}

// events counts files and folders that appear, are whole, or get their name,
// below the folders watched.
type events struct {
	fd    int
	paths map[int32]string
	count int
}

func watchEvents(t *testing.T, dirs ...string) *events {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	e := &events{fd: fd, paths: make(map[int32]string)}
	for _, dir := range dirs {
		e.watch(dir)
	}
	return e
}

// watch adds a folder. One that has gone again is none.
func (e *events) watch(dir string) {
	const what = unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_CLOSE_WRITE | unix.IN_ONLYDIR
	if wd, err := unix.InotifyAddWatch(e.fd, dir, what); err == nil {
		e.paths[int32(wd)] = dir
	}
}

// The end of a run is an event too: this file appears.
const endOfRun = "the end of this run"

// follow counts the events that are of interest and calls reached at the n-th.
// It ends with the run.
func (e *events) follow(interest func(name string) bool, n int, reached func()) {
	buf := make([]byte, 64<<10)
	for {
		size, err := unix.Read(e.fd, buf)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || size <= 0 {
			return
		}
		for at := 0; at < size; {
			wd := int32(le32(buf[at:]))
			mask, length := le32(buf[at+4:]), int(le32(buf[at+12:]))
			name := strings.TrimRight(string(buf[at+16:at+16+length]), "\x00")
			at += 16 + length
			if name == endOfRun {
				return
			}
			if mask&unix.IN_ISDIR != 0 {
				e.watch(filepath.Join(e.paths[wd], name))
			}
			if !interest(name) {
				continue
			}
			if e.count++; e.count == n {
				reached()
			}
		}
	}
}

func le32(b []byte) uint32 {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// disturbed runs the grader and sends it a signal at the n-th event that is of
// interest. It returns how it ended, what it said, and how many events there
// were.
func (r *rig) disturbed(interest func(name string) bool, n int, sig os.Signal) (state *os.ProcessState, said string, count int) {
	r.must(os.MkdirAll(r.out, 0o777))
	e := watchEvents(r.t, r.out, r.scratch)
	folders, err := filepath.Glob(filepath.Join(r.out, "*"))
	r.must(err)
	for _, dir := range folders {
		e.watch(dir)
	}
	cmd, stderr := r.command()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // by which what it starts is found
	r.must(cmd.Start())
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		// It fails only where the grader has ended already.
		e.follow(interest, n, func() { _ = cmd.Process.Signal(sig) })
	}()
	_ = cmd.Wait() // its state tells
	r.must(os.WriteFile(filepath.Join(r.scratch, endOfRun), nil, 0o600))
	<-followed
	r.must(os.Remove(filepath.Join(r.scratch, endOfRun)))
	return cmd.ProcessState, stderr.String(), e.count
}

func anything(string) bool { return true }

// killed kills the grader at the n-th event, if it comes that far, and tells
// whether it was done before.
func (r *rig) killed(n int) (done bool, count int) {
	state, said, count := r.disturbed(anything, n, os.Kill)
	status, ok := state.Sys().(syscall.WaitStatus)
	if !state.Success() && !(ok && status.Signal() == syscall.SIGKILL) {
		r.t.Fatalf("%v\n%s", state, said)
	}
	return state.Success(), count
}

// A grader that is killed, at whatever moment, leaves whole results only; the
// next one goes on from there and ends with the bytes of a run that nobody
// disturbed, and with nothing else.
func TestKilled(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("kills a grader 50 times; leave out -short")
	}
	r := newRig(t, "whole", "gravest-mistake", "forged-pass", "not-compiling", "untouched", "no-lesson")
	done, count := r.killed(0)
	if want := r.files(); !done || len(want) != 15 || count < 50 {
		t.Fatalf("undisturbed, the grading is done: %v, with %d files and %d events; want 15 files and many events", done, len(want), count)
	}
	want := r.files()
	r.must(os.RemoveAll(r.out))
	moments := rand.New(rand.NewPCG(1, 0))
	for kills, runs := 0, 0; kills < 50; {
		// Soon after the start: a run goes on where the one before ended.
		n := 1 + moments.IntN(count/4)
		done, _ := r.killed(n)
		now := r.files()
		if !done {
			kills++
			r.check(want, now, n)
			continue
		}
		runs++
		if diff := cmp.Diff(want, now); diff != "" {
			t.Fatalf("run %d, after %d kills: the results (-undisturbed +disturbed):\n%s", runs, kills, diff)
		}
		if left := r.leftovers(); len(left) > 0 {
			t.Fatalf("temporary files stayed: %q", left)
		}
		r.must(os.RemoveAll(r.out))
	}
}

// check fails where a file is neither as it will be nor marked as unfinished.
func (r *rig) check(want, now map[string]string, n int) {
	for name, text := range now {
		if text != want[name] && !strings.HasSuffix(name, ".unfinished") {
			r.t.Fatalf("killed after %d events: %s is no whole result: %q", n, name, text)
		}
	}
}

// Ctrl-C ends the grader soon, with a word on how to go on, and leaves neither
// processes nor temporary files behind.
func TestInterrupted(t *testing.T) {
	needsAll(t)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			r := newRig(t, "hangs", "gravest-mistake", "half-done")
			// Three submissions, the solution and its generator: when the last
			// begins to be built, others play.
			builds := func(name string) bool { return strings.HasPrefix(name, "wirebook-build-") }
			state, said, count := r.disturbed(builds, 5, sig)
			if count < 5 || state.ExitCode() != exitIncomplete {
				t.Errorf("exit status %d after %d builds; want %d after 5\n%s", state.ExitCode(), count, exitIncomplete, said)
			}
			if !strings.HasSuffix(said, "submissions are graded and kept; run the same command again for the rest\n") {
				t.Errorf("said %q; want how to go on at the end", said)
			}
			if left := r.leftovers(); len(left) > 0 {
				t.Errorf("temporary files stayed: %q", left)
			}
			if left := processesOf(t, state.Pid()); len(left) > 0 {
				t.Errorf("processes stayed: %q", left)
			}
		})
	}
}

// processesOf lists the processes of a session that still run something. One
// that has ended stays in the list of processes until it is collected.
func processesOf(t *testing.T, session int) []string {
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, process := range processes {
		// It may be gone by now.
		stat, _ := os.ReadFile(filepath.Join(process, "stat"))
		command, _ := os.ReadFile(filepath.Join(process, "cmdline"))
		_, rest, _ := strings.Cut(string(stat), ") ")
		if fields := strings.Fields(rest); len(fields) > 3 && fields[3] == strconv.Itoa(session) && len(command) > 0 {
			found = append(found, string(stat))
		}
	}
	return found
}
