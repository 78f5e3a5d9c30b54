// Package process starts a program under test, collects what it prints, watches
// how hard it works, and leaves nothing behind.
//
//	p, err := process.Start(process.Spec{Path: program, Args: []string{"-listen", "127.0.0.1:0"}})
//	if err != nil {
//		return err
//	}
//	defer p.Kill()
//	p.Write([]byte("hello\n"))   // typed into it; never blocks
//	text := p.Stdout().Bytes()   // what it has printed so far
//
// Nothing here waits for the program, except Kill. Whoever plays a scenario is
// told through Spec.Notify that there may be something new, and then looks.
// Activity says whether the program is at work, waits for a processor, or
// sleeps: a program is at rest when it is asleep in two looks and has used no
// time in between. Linux tells all of that; Windows, macOS and the BSDs tell the
// processor time alone.
//
// A program is the leader of a process group of its own (on Windows, the first
// in a job object). The group is killed when the program ends and when Kill is
// called. When this process dies, of whatever cause, the program dies too: on
// Linux and Windows the system sees to it, elsewhere a program that calls
// Lifeline. What leaves the group on purpose escapes, and so, on Unix, does what
// the program has started when we are killed by force; only a sandbox, put in by
// Spec.Launch, forbids that.
//
// A program that is meant to start others is the head of a family (Spec.Family). Its
// rest and its work are those of all of them. They are not killed when it ends, so
// that it can be seen whether it has ended them itself, but when Kill is called: on
// Linux and Windows all of them, wherever they have gone, elsewhere its group.
package process

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"wirebook/harness/internal/pipe"
	"wirebook/harness/internal/watch"
)

// ErrUnknown says that this system cannot tell.
var ErrUnknown = errors.New("process: this system cannot tell")

// ErrNoSignal says that this system has no such signal, or cannot send it.
var ErrNoSignal = errors.New("process: this system cannot send the signal")

// ErrNoFull says that this system has no file that is always full.
var ErrNoFull = errors.New("process: this system has no file that is always full")

// Limits are what a program may use from when Start returns: they are set when it already
// runs. A zero is no limit.
type Limits struct {
	// Memory is the number of bytes that the program may have of its own. A
	// Go program that does nothing has 75 MiB, since the runtime claims its
	// heap in pieces of 64 MiB; with two pieces it has 140 MiB.
	Memory int64
	// Descriptors is the number of files and sockets open at a time.
	Descriptors int
	// CPU is the processor time after which the system kills the program,
	// rounded up to whole seconds. It is a backstop: Linux takes samples of
	// the time and may be a fifth too early, and Exit does not tell the
	// system's kill from another's.
	CPU time.Duration
	// FileSize is the greatest size of a file that the program writes.
	FileSize int64
	// Output is the number of bytes kept of what the program prints, both
	// outputs together. A program that prints more has flooded: no more is
	// read from it, and it stands still when it goes on.
	Output int64
}

// Spec says what to start and how.
type Spec struct {
	Path   string
	Args   []string // without the program's name
	Env    []string // nil is this process's own environment
	Dir    string
	Limits Limits
	Family bool // the program is meant to start others
	// Umask, where it is not nil, is the program's umask(2), on Unix. It is this
	// process's too while the program starts.
	Umask *int
	// Full gives the program a standard output that has no room: each write
	// fails. The error of Start is ErrNoFull where the system has none.
	Full bool

	// Launch, where it is not nil, starts the command in place of its own
	// Start, to run it in a sandbox. It may change the command first, and has
	// to see to it that the program leads a process group and dies with this
	// process, as SysProcAttr asks for. It is called anew for every try.
	Launch func(*exec.Cmd) error

	// Notify is called after output has arrived or ended, after some of what was
	// typed is on its way, and after the program has ended, from several
	// goroutines. It must not block, and not call
	// Kill.
	Notify func()
}

// Exit is how a program ended.
type Exit struct {
	Code   int    // -1 when a signal ended it
	Signal string // "SIGKILL", also where it was killed without signals; "" when it ended by itself
	CPU    time.Duration
}

// Process is a program that was started.
type Process struct {
	cmd            *exec.Cmd
	pid            int
	family         bool
	notify         func()
	stdin          *pipe.Input
	stdout, stderr *pipe.Output
	collectors     sync.WaitGroup

	// mu is held while the process is signalled or looked at by its number,
	// and while it is waited for, after which the number means nothing.
	mu      sync.Mutex
	reaped  bool
	control control // the system's own means
	exited  bool
	exit    Exit
	done    chan struct{}
}

// living are the processes that have not been waited for.
var living struct {
	sync.Mutex
	set map[*Process]bool
}

// starts hands work to the one thread that starts programs. On Linux a program
// is killed when the thread that started it ends, and Go ends threads as it
// likes, but never this one.
var starts = sync.OnceValue(func() chan<- func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range work {
			f()
		}
	}()
	return work
})

// Start starts a program. It returns when the program has been executed and its
// limits are set.
func Start(spec Spec) (*Process, error) {
	cmd, err := spec.command()
	if err != nil {
		return nil, fmt.Errorf("process: %w", err)
	}
	ends, err := openPipes()
	if err != nil {
		return nil, fmt.Errorf("process: %w", err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = ends.inRead, ends.outWrite, ends.errWrite
	if spec.Full {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			ends.close()
			return nil, ErrNoFull
		}
		defer full.Close()
		cmd.Stdout = full
	}
	p := &Process{notify: spec.Notify, family: spec.Family, done: make(chan struct{})}
	if p.notify == nil {
		p.notify = func() {}
	}
	launch := spec.Launch
	if launch == nil {
		launch = spec.Limits.start
	}
	launch = p.control.marked(spec.Family, withUmask(spec.Umask, launch))
	if err := p.start(cmd, launch, spec.Limits); err != nil {
		ends.close()
		return nil, fmt.Errorf("process: %w", err)
	}
	p.take(ends, spec.Limits.Output)
	go p.wait()
	return p, nil
}

// command is what is executed, but for its pipes.
func (spec Spec) command() (*exec.Cmd, error) {
	path, err := filepath.Abs(spec.Path)
	if err != nil {
		return nil, err
	}
	cmd := &exec.Cmd{
		Path: path,
		Args: append([]string{spec.Path}, spec.Args...),
		Env:  spec.Env,
		Dir:  spec.Dir,
	}
	if cmd.Env == nil {
		cmd.Env = os.Environ()
	}
	return cmd, nil
}

// pipes are both ends of a program's three.
type pipes struct{ inRead, inWrite, outRead, outWrite, errRead, errWrite *os.File }

func openPipes() (p pipes, err error) {
	for _, ends := range []struct{ r, w **os.File }{{&p.inRead, &p.inWrite}, {&p.outRead, &p.outWrite}, {&p.errRead, &p.errWrite}} {
		if *ends.r, *ends.w, err = os.Pipe(); err != nil {
			p.close()
			return p, err
		}
	}
	return p, nil
}

// close closes those that are open.
func (p pipes) close() {
	for _, f := range []*os.File{p.inRead, p.inWrite, p.outRead, p.outWrite, p.errRead, p.errWrite} {
		f.Close()
	}
}

// take begins to type into a program that runs, and to collect what it prints, of which
// so many bytes are kept.
func (p *Process) take(ends pipes, kept int64) {
	ends.outWrite.Close()
	ends.errWrite.Close()
	budget := pipe.NewBudget(kept)
	p.stdin = pipe.NewInput(ends.inWrite, ends.inRead, p.notify)
	p.stdout = pipe.NewOutput(ends.outRead, budget)
	p.stderr = pipe.NewOutput(ends.errRead, budget)
	for _, out := range []*pipe.Output{p.stdout, p.stderr} {
		p.collectors.Go(func() { out.Collect(p.notify) })
	}
}

// StartOther starts a command that is not under test on the thread that starts programs.
// What that thread changes of this process for a program, such as its umask, is not
// changed for this one.
func StartOther(cmd *exec.Cmd) error {
	result := make(chan error)
	starts() <- func() { result <- cmd.Start() }
	return <-result
}

// start starts the command and enters it among the living. A file that has just
// been written may seem to be open for writing for a moment longer: in a process
// that another goroutine has forked, and that has not executed its program yet.
// Then it tries again, a bounded number of times.
func (p *Process) start(cmd *exec.Cmd, launch func(*exec.Cmd) error, limits Limits) error {
	release, err := p.control.prepare(cmd)
	if err != nil {
		return err
	}
	defer release()
	for try := 1; ; try++ {
		result := make(chan error)
		starts() <- func() { result <- p.startOnce(clone(cmd), launch, limits) }
		err := <-result
		if err == nil || try == maxTries || !errors.Is(err, busy) {
			return err
		}
		pause(try)
	}
}

// clone returns a command that has not been started, for it can be only once.
func clone(cmd *exec.Cmd) *exec.Cmd {
	attr := *cmd.SysProcAttr
	return &exec.Cmd{
		Path: cmd.Path, Args: slices.Clone(cmd.Args), Env: slices.Clone(cmd.Env), Dir: cmd.Dir,
		Stdin: cmd.Stdin, Stdout: cmd.Stdout, Stderr: cmd.Stderr,
		ExtraFiles: slices.Clone(cmd.ExtraFiles), SysProcAttr: &attr,
	}
}

const maxTries = 30

// pause is the time between two tries. A test has something better to do then.
var pause = func(try int) { time.Sleep(time.Duration(try) * time.Millisecond) }

// startOnce runs on the thread that starts programs.
func (p *Process) startOnce(cmd *exec.Cmd, launch func(*exec.Cmd) error, limits Limits) error {
	if err := launch(cmd); err != nil {
		return err
	}
	p.cmd, p.pid = cmd, cmd.Process.Pid
	if err := p.control.started(cmd, limits, p.family); err != nil {
		p.control.kill(cmd)
		cmd.Wait()
		p.control.close()
		return err
	}
	living.Lock()
	defer living.Unlock()
	if living.set == nil {
		living.set = make(map[*Process]bool)
	}
	living.set[p] = true
	return nil
}

// wait sees the process to its end. It is the last goroutine of a Process.
func (p *Process) wait() {
	p.control.awaitExit(p.cmd)
	p.mu.Lock()
	// The process has ended and is not waited for yet, so that its group cannot
	// be a stranger's by now.
	if !p.family {
		p.control.kill(p.cmd)
	}
	// What we hold open of it would make the kernel search for all of it.
	p.control.close()
	p.cmd.Wait()
	p.reaped = true
	p.mu.Unlock()

	p.stdin.Abandon()
	p.stdout.Hurry()
	p.stderr.Hurry()
	p.collectors.Wait()

	if !p.family {
		p.forget()
	}
	p.mu.Lock()
	p.exited = true
	p.exit = p.control.exit(p.cmd.ProcessState)
	p.mu.Unlock()
	p.notify()
	close(p.done)
}

// forget takes the process out of the living.
func (p *Process) forget() {
	living.Lock()
	defer living.Unlock()
	delete(living.set, p)
}

// Pid is the number of the process.
func (p *Process) Pid() int { return p.pid }

// Stdout is what the program has printed.
func (p *Process) Stdout() *pipe.Output { return p.stdout }

// Stderr is what the program has complained about.
func (p *Process) Stderr() *pipe.Output { return p.stderr }

// Write types b into the program. It takes a copy, and returns at once; the
// bytes are written in order as the program reads.
func (p *Process) Write(b []byte) error { return p.stdin.Write(b) }

// CloseStdin ends the program's input after all that was written to it.
func (p *Process) CloseStdin() { p.stdin.Close() }

// StdinUnread tells how many of the bytes given to Write the program has not
// read; known is false where the system cannot tell.
func (p *Process) StdinUnread() (unread int64, known bool) { return p.stdin.Unread() }

// StdinSettled tells whether nothing that was given to Write or CloseStdin is
// still on its way to the program: it lies where the program can read it, or
// there is no more room because the program does not read.
func (p *Process) StdinSettled() bool { return p.stdin.Settled() }

// Signal sends a signal to the program, and not to what it has started. The error
// is [ErrNoSignal] where the system has no such signal.
func (p *Process) Signal(sig os.Signal) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return os.ErrProcessDone
	}
	return p.control.signal(p.cmd, sig)
}

// Stopped tells whether the program stands still by a signal, or is no more. Of a program
// that this process has not started itself, and on a system that does not tell, it says yes.
func (p *Process) Stopped() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reaped || hasStopped(p.pid)
}

// Exited tells how the program ended. It does so only when everything that the
// program printed has been collected.
func (p *Process) Exited() (Exit, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exit, p.exited
}

// Done is closed when the program has ended, its output has been collected, and
// nothing of it is left.
func (p *Process) Done() <-chan struct{} { return p.done }

// Activity tells what the program has done and does, as far as the system can
// tell. After its end the error is [os.ErrProcessDone], unless it has left somebody
// behind; another error says that it is ending just now.
func (p *Process) Activity() (watch.Activity, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped && !p.survived() {
		return p.control.last(), os.ErrProcessDone
	}
	return p.control.activity()
}

// Survived tells whether the program has ended and left somebody of its family
// behind, as far as the system can tell.
func (p *Process) Survived() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reaped && p.survived()
}

func (p *Process) survived() bool { return p.family && p.control.survived() }

// FamilySize tells how many processes there were of the program's family at the last
// look, but for itself; 0 where the system cannot tell.
func (p *Process) FamilySize() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.control.size()
}

// Children counts the processes that are the program's own children, those included
// that have ended and that it has not waited for.
func (p *Process) Children() (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return 0, os.ErrProcessDone
	}
	return p.control.children()
}

// Timers tells whether the program will wake up by itself, and, where that can
// be read, how long the shortest of its sleeps lasts from beginning to end; 0
// where it cannot. It is to be asked of a program at rest: one that runs counts
// as armed. known is false where the system cannot tell.
func (p *Process) Timers() (shortest time.Duration, armed, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped && !p.survived() {
		return 0, false, true
	}
	return p.control.timers()
}

// CPU is how long the program has been on a processor so far, as [watch.Activity.CPU]
// but several times quicker; 0 where the system cannot tell, and after its end.
func (p *Process) CPU() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped && !p.family {
		return 0
	}
	return p.control.cpu(p.pid)
}

// Descriptors counts the files and sockets that the program has open.
func (p *Process) Descriptors() (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.reaped {
		return 0, os.ErrProcessDone
	}
	return p.control.descriptors(p.pid)
}

// Kill ends the program and all of its group or family, and returns when nothing of
// them is left. It may be called at any time, by anyone, more than once.
func (p *Process) Kill() {
	p.strike()
	p.end()
}

// end waits for the end of a program that was killed, and ends its family.
func (p *Process) end() {
	<-p.done
	if !p.family {
		return
	}
	p.mu.Lock()
	p.control.killFamily(p.cmd)
	p.mu.Unlock()
	p.forget()
}

func (p *Process) strike() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.reaped {
		p.control.kill(p.cmd)
	}
}

// KillAll kills every program that this process has started and that lives.
func KillAll() {
	living.Lock()
	var all []*Process
	for p := range living.set {
		all = append(all, p)
	}
	living.Unlock()
	for _, p := range all {
		p.strike()
	}
	for _, p := range all {
		p.end()
	}
}
