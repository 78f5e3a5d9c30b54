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
	"syscall"
	"time"

	"wirebook/harness"
)

// A program is a running device.
type program struct {
	name  string
	typed io.WriteCloser
	ended chan error // how it has ended, once
}

// patience is how long a device may go on after the end of its input.
const patience = time.Second

// startDevice starts a device and waits until it listens at all of its cables, where our
// ends are these sockets. It lives until its input is closed.
func startDevice(d Device, p harness.Program, ends map[string]*socket, show *screen) (*program, error) {
	ctx, kill := context.WithCancel(context.Background())
	words := d.words(func(cable string) string { return "127.0.0.1:0," + ends[cable].LocalAddr().String() })
	cmd := exec.CommandContext(ctx, p.Path, slices.Concat(p.Args, words)...)
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
	r := &program{d.Lesson, &input{typed, kill}, make(chan error, 1)}
	listens := make(chan error, 1)
	said := make(chan struct{}, 2)
	go func() { // all that it complains of
		show.lines(d.Lesson+" (stderr)", bufio.NewReader(errs))
		said <- struct{}{}
	}()
	go func() {
		lines := bufio.NewReader(out)
		listens <- listen(d, lines, ends)
		show.lines(d.Lesson, lines)
		said <- struct{}{}
	}()
	go func() {
		err := cmd.Wait()
		theirOut.Close()
		theirErrs.Close()
		<-said
		<-said
		if err != nil && ctx.Err() != nil {
			err = fmt.Errorf("it goes on after the end of its input, and was killed after %v", patience)
		}
		kill()
		r.ended <- err
	}()
	if err := <-listens; err != nil {
		r.typed.Close()
		return nil, errors.Join(err, r.wait())
	}
	return r, nil
}

// An input is a device's. When it is closed the device has to end.
type input struct {
	io.WriteCloser
	kill func()
}

func (i *input) Close() error {
	time.AfterFunc(patience, i.kill)
	return i.WriteCloser.Close()
}

// wait waits for the device's end, and says how that was where it was no good one.
func (r *program) wait() error {
	err := <-r.ended
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%s: it has ended with %w", r.name, err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.name, err)
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
