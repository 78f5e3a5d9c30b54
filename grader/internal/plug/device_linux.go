package plug

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"wirebook/harness"
)

// A program is a running device.
type program struct {
	name  string
	typed io.WriteCloser
	kill  context.CancelFunc
	ended chan struct{} // closed when it has ended, and all that it said is shown
	err   error         // how it has ended
}

// patience is how long a device may go on after the end of its input.
const patience = time.Second

// startDevice starts a device and waits until it listens at all of its cables, where our
// ends are these sockets, or up to the end of ctx.
func startDevice(ctx context.Context, d Device, p harness.Program, ends map[string]*socket, show *screen) (*program, error) {
	life, kill := context.WithCancel(context.Background())
	words := d.words(func(cable string) string { return "127.0.0.1:0," + ends[cable].LocalAddr().String() })
	cmd := exec.CommandContext(life, p.Path, slices.Concat(p.Args, words)...)
	cmd.Env = p.Env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = patience // for what it has started
	typed, err := cmd.StdinPipe()
	if err != nil {
		kill()
		return nil, err
	}
	out, theirOut := io.Pipe()
	errs, theirErrs := io.Pipe()
	cmd.Stdout, cmd.Stderr = theirOut, theirErrs
	if err := cmd.Start(); err != nil {
		kill()
		return nil, err
	}
	r := &program{name: d.Lesson, typed: typed, kill: kill, ended: make(chan struct{})}
	listens := make(chan error, 1)
	var said sync.WaitGroup
	said.Go(func() { show.lines(d.Lesson+" (stderr)", bufio.NewReader(errs)) })
	said.Go(func() {
		lines := bufio.NewReader(out)
		listens <- listen(d, lines, ends)
		show.lines(d.Lesson, lines)
	})
	go func() {
		r.err = cmd.Wait()
		if r.err != nil && life.Err() != nil {
			r.err = fmt.Errorf("it went on for %v after the end of its input, and was killed", patience)
		}
		theirOut.Close()
		theirErrs.Close()
		said.Wait()
		close(r.ended)
	}()
	select {
	case err = <-listens:
	case <-ctx.Done():
		err = fmt.Errorf("%s: it has not said where it listens: %w", d.Lesson, ctx.Err())
	}
	if err != nil {
		r.end()
		return nil, errors.Join(err, r.wait())
	}
	return r, nil
}

// end ends the device's input, and soon the device.
func (r *program) end() {
	r.typed.Close()
	time.AfterFunc(patience, r.kill)
}

// wait waits for the device's end, and says how that was where it was no good one.
func (r *program) wait() error {
	<-r.ended
	var exit *exec.ExitError
	if errors.As(r.err, &exit) {
		return fmt.Errorf("%s: it has ended with %w", r.name, r.err)
	}
	if r.err != nil {
		return fmt.Errorf("%s: %w", r.name, r.err)
	}
	return nil
}

// listen reads where the device listens: a line for each cable.
func listen(d Device, lines *bufio.Reader, ends map[string]*socket) error {
	for _, cable := range d.cables() {
		line, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("%s: it has not said where it listens", d.Lesson)
		}
		words := strings.Fields(line) // listening on [NAME] HOST:PORT
		if len(words) < 3 || words[0] != "listening" {
			return fmt.Errorf("%s: it printed %q where it should say that it is listening", d.Lesson, line)
		}
		if ends[cable].device, err = netip.ParseAddrPort(words[len(words)-1]); err != nil {
			return fmt.Errorf("%s: it printed %q: %w", d.Lesson, line, err)
		}
	}
	return nil
}
