package process

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// run starts one of the programs of programs_test.go.
func run(t testing.TB, name string, changes ...func(*Spec)) *Process {
	t.Helper()
	p, err := Start(program(t, name, changes...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func program(t testing.TB, name string, changes ...func(*Spec)) Spec {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := Spec{Path: self, Env: append(os.Environ(), programVariable+"="+name)}
	for _, change := range changes {
		change(&spec)
	}
	return spec
}

func args(args ...string) func(*Spec) { return func(s *Spec) { s.Args = args } }

func limits(l Limits) func(*Spec) { return func(s *Spec) { s.Limits = l } }

// awaiting gives a Spec a Notify, and a function that waits, being notified,
// until a condition holds. Only the test's own deadline ends it otherwise.
func awaiting() (change func(*Spec), await func(func() bool)) {
	news := make(chan struct{}, 1)
	change = func(s *Spec) {
		s.Notify = func() {
			select {
			case news <- struct{}{}:
			default:
			}
		}
	}
	return change, func(holds func() bool) {
		for !holds() {
			<-news
		}
	}
}

// await looks until the condition holds, for what nobody notifies of.
func await(holds func() bool) {
	for !holds() {
		runtime.Gosched()
	}
}

func TestEcho(t *testing.T) {
	notified, await := awaiting()
	p := run(t, "echo", notified)
	for _, line := range []string{"one\n", "two\n", "three\n"} {
		before := p.Stdout().Len()
		if err := p.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
		await(func() bool { return p.Stdout().Len() == before+int64(len(line)) })
		if got := string(p.Stdout().Since(before)); got != line {
			t.Errorf("wrote %q, got %q", line, got)
		}
	}
	if _, exited := p.Exited(); exited {
		t.Error("ended too early")
	}
	p.CloseStdin()
	await(func() bool { _, exited := p.Exited(); return exited })
	exit, _ := p.Exited()
	if exit.Code != 0 || exit.Signal != "" || exit.CPU <= 0 {
		t.Errorf("exit %+v", exit)
	}
	if !p.Stdout().Ended() || !p.Stderr().Ended() {
		t.Error("an output has not ended")
	}
	if err := p.Write([]byte("late")); !errors.Is(err, os.ErrClosed) && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("write after the end: %v", err)
	}
	if err := p.Signal(os.Interrupt); !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("signal after the end: %v", err)
	}
	<-p.Done()
}

func TestSpec(t *testing.T) {
	dir := t.TempDir()
	p := run(t, "tell", args("a b", "", "c"), func(s *Spec) {
		s.Dir = dir
		s.Env = append(s.Env, "COLOUR=blue")
	})
	<-p.Done()
	want := fmt.Sprintf("%q %s blue", []string{"a b", "", "c"}, dir)
	if got := string(p.Stdout().Bytes()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(p.Stderr().Bytes()); got != "done" {
		t.Errorf("complained %q", got)
	}
	if exit, _ := p.Exited(); exit.Code != 3 {
		t.Errorf("exit %+v", exit)
	}
}

func TestNotThere(t *testing.T) {
	_, err := Start(Spec{Path: "testdata/nothing"})
	if !errors.Is(err, os.ErrNotExist) && !errors.Is(err, exec.ErrNotFound) { // Windows looks for an extension
		t.Errorf("error %v", err)
	}
}

func TestLaunch(t *testing.T) {
	p := run(t, "tell", func(s *Spec) {
		s.Launch = func(cmd *exec.Cmd) error {
			cmd.Args = append(cmd.Args, "launched")
			return cmd.Start()
		}
	})
	<-p.Done()
	if got := string(p.Stdout().Bytes()); !strings.Contains(got, "launched") {
		t.Errorf("printed %q", got)
	}
	refused := errors.New("refused")
	_, err := Start(program(t, "tell", func(s *Spec) { s.Launch = func(*exec.Cmd) error { return refused } }))
	if !errors.Is(err, refused) {
		t.Errorf("error %v", err)
	}
}

func TestOutlivesAThread(t *testing.T) {
	// The goroutine that starts the program takes its thread with it.
	started := make(chan *Process)
	go func() {
		runtime.LockOSThread()
		started <- run(t, "echo")
	}()
	p := <-started
	for range 100 {
		p.Write([]byte("still there\n"))
	}
	p.CloseStdin()
	<-p.Done()
	if exit, _ := p.Exited(); exit.Code != 0 || p.Stdout().Len() != 100*int64(len("still there\n")) {
		t.Errorf("exit %+v, %d bytes", exit, p.Stdout().Len())
	}
}

func TestMuchInput(t *testing.T) {
	p := run(t, "copy")
	var want []byte
	for i := range 2000 {
		piece := bytes.Repeat([]byte{byte(i)}, i)
		want = append(want, piece...)
		if err := p.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	p.CloseStdin()
	<-p.Done()
	if !bytes.Equal(p.Stdout().Bytes(), want) {
		t.Errorf("%d bytes of %d came back", p.Stdout().Len(), len(want))
	}
	if n, known := p.StdinUnread(); known && n != 0 {
		t.Errorf("%d bytes unread", n)
	}
}

func TestWriteToTheDeaf(t *testing.T) {
	notified, await := awaiting()
	p := run(t, "deaf", notified)
	const size = 300_000 // more than a pipe holds
	p.Write(make([]byte, size))
	p.CloseStdin()
	if n, known := p.StdinUnread(); known && n != size {
		t.Errorf("%d bytes unread", n)
	}
	await(func() bool { return p.Stdout().Len() > 0 })
	p.Kill()
	if n, known := p.StdinUnread(); known && n != size {
		t.Errorf("%d bytes unread after the end", n)
	}
}

func TestOutputLimit(t *testing.T) {
	notified, await := awaiting()
	p := run(t, "flood", notified, limits(Limits{Output: 1000}))
	await(func() bool { return p.Stdout().Flooded() })
	if n, known := p.Stdout().Pending(); known && n != 0 {
		t.Errorf("%d bytes pending", n)
	}
	p.Kill()
	out, err := p.Stdout(), p.Stderr()
	if n := len(out.Bytes()) + len(err.Bytes()); n != 1000 || !out.Flooded() {
		t.Errorf("%d bytes kept, flooded %v, %v", n, out.Flooded(), err.Flooded())
	}
}

func TestOutputNotFlooded(t *testing.T) {
	p := run(t, "echo", limits(Limits{Output: 4}))
	p.Write([]byte("abc\n"))
	p.CloseStdin()
	<-p.Done()
	if out := p.Stdout(); string(out.Bytes()) != "abc\n" || out.Flooded() {
		t.Errorf("%q, flooded %v", out.Bytes(), out.Flooded())
	}
}

func TestSnapshotsStay(t *testing.T) {
	p := run(t, "copy")
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !p.Stdout().Ended() {
				b := p.Stdout().Bytes()
				for i := range b {
					if b[i] != byte(i) {
						t.Errorf("byte %d is %d", i, b[i])
						return
					}
				}
				runtime.Gosched()
			}
		})
	}
	b := make([]byte, 1<<16)
	for i := range b {
		b[i] = byte(i)
	}
	for ; len(b) > 0; b = b[512:] {
		p.Write(b[:512])
	}
	p.CloseStdin()
	readers.Wait()
	<-p.Done()
}

func TestKillFromEverywhere(t *testing.T) {
	p := run(t, "sleep")
	var killers sync.WaitGroup
	for range 8 {
		killers.Go(func() {
			p.Kill()
			if exit, ok := p.Exited(); !ok || exit.Code == 0 {
				t.Errorf("exit %+v, %v", exit, ok)
			}
		})
	}
	killers.Wait()
	p.Kill()
	noGoroutines(t)
}

func TestKillAll(t *testing.T) {
	var all []*Process
	for range 5 {
		all = append(all, run(t, "sleep"))
	}
	KillAll()
	for _, p := range all {
		select {
		case <-p.Done():
		default:
			t.Errorf("%d lives", p.Pid())
		}
	}
	noGoroutines(t)
}

// noGoroutines waits until none of a Process is left; it is a goroutine's last
// act to say that it ends, so it may be there for a moment longer.
func noGoroutines(t *testing.T) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	await(func() bool {
		text := string(stacks[:runtime.Stack(stacks, true)])
		return !strings.Contains(text, "process.(*Process)") && !strings.Contains(text, "process.(*Output)") &&
			!strings.Contains(text, "process.(*input)")
	})
}

func TestManyAtOnce(t *testing.T) {
	var players sync.WaitGroup
	for i := range 4 {
		players.Go(func() {
			for j := range 10 {
				p, err := Start(program(t, "echo"))
				if err != nil {
					t.Error(err)
					return
				}
				line := fmt.Sprintf("player %d, play %d\n", i, j)
				p.Write([]byte(line))
				p.CloseStdin()
				<-p.Done()
				if got := string(p.Stdout().Bytes()); got != line {
					t.Errorf("got %q, want %q", got, line)
				}
			}
		})
	}
	players.Wait()
	noGoroutines(t)
}

// TestCopyIsBusy executes a file that is still open for writing.
func TestCopyIsBusy(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux refuses for certain")
	}
	spec := program(t, "echo")
	from, err := os.Open(spec.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	spec.Path = t.TempDir() + "/program"
	to, err := os.OpenFile(spec.Path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	defer func(f func(int)) { pause = f }(pause)

	tries := 0
	pause = func(int) { tries++ }
	if _, err := Start(spec); !errors.Is(err, busy) || tries != maxTries-1 {
		t.Errorf("after %d pauses: %v", tries, err)
	}
	pause = func(try int) {
		if try == 3 {
			to.Close()
		}
	}
	p, err := Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	p.Kill()
}
