package plug

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/term"
)

// A running network.
type running struct {
	Options
	show    *screen
	cables  []*cable
	kernels []*kernel
	devices []*program
	sockets []*socket
	carried sync.WaitGroup // all that ends when cards, sockets and hosts are gone
	asked   sync.WaitGroup // what somebody who types has hosts do
}

// Run builds the network, obeys lines, and takes all of it away.
func Run(ctx context.Context, o Options) error {
	for _, t := range []struct{ tool, of string }{{"ip", "iproute2"}, {"nsenter", "util-linux"}} {
		if _, err := exec.LookPath(t.tool); err != nil {
			return fmt.Errorf("a host is set up with the program %s: %w; install the package %s", t.tool, err, t.of)
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r := &running{Options: o, show: &screen{quiet: o.Quiet, capture: o.Capture, out: o.Out}}
	columns, _, _ := term.GetSize(int(o.Out.Fd())) // 0 where it is no terminal
	r.show.fit(o.Network, columns)
	err := r.build(ctx)
	if err == nil {
		r.tell()
		err = r.obey(ctx)
	}
	cancel()
	return errors.Join(err, r.stop(), r.show.err)
}

// build starts hosts and devices, and connects them.
func (r *running) build(ctx context.Context) error {
	for i, h := range r.Network.Hosts {
		k, err := startHost(r.Host, h, h.station(i))
		if err != nil {
			return fmt.Errorf("host %s: %w", h.Name, err)
		}
		r.kernels = append(r.kernels, k)
		c := r.cable(h.Cable)
		c.ends = append(c.ends, end{h.Name, k.card})
		if h.Runs == "" {
			continue
		}
		if _, err := r.start(k, h.Runs); err != nil {
			return fmt.Errorf("host %s: %s: %w", h.Name, h.Runs, err)
		}
	}
	for i, d := range r.Network.Devices {
		ends := make(map[string]*socket)
		for _, name := range d.cables() {
			s, err := newSocket()
			if err != nil {
				return err
			}
			r.sockets = append(r.sockets, s)
			ends[name] = s
			c := r.cable(name)
			c.ends = append(c.ends, end{d.Lesson, s})
		}
		p, err := startDevice(ctx, d, r.Programs[i], ends, r.show)
		if err != nil {
			return err
		}
		r.devices = append(r.devices, p)
	}
	for _, c := range r.cables {
		r.carried.Go(func() { c.carry(ctx) })
	}
	return nil
}

// cable finds the cable of a name, and makes it the first time.
func (r *running) cable(name string) *cable {
	if i := slices.IndexFunc(r.cables, func(c *cable) bool { return c.name == name }); i >= 0 {
		return r.cables[i]
	}
	c := &cable{name: name, fault: fault{r.Loss, r.Delay, r.Seed}, seen: r.show.saw}
	r.cables = append(r.cables, c)
	return c
}

// tell says what there is and what can be done with it.
func (r *running) tell() {
	if len(r.Lines) > 0 {
		return
	}
	r.show.line("Each host is a Linux kernel. Its line opens a shell in it, in another terminal:\n")
	for _, k := range r.kernels {
		address := k.Address
		if address == "" {
			address = "no address"
		}
		r.show.line("  %s  %s, cable %s:\n      %s", k.Name, address, k.Cable, strings.Join(k.enter(), " "))
	}
	r.show.line("\nHere you type: what a host is to do, behind its name, or a line for %s. For example:\n", r.listeners())
	for _, line := range r.Network.Try {
		r.show.line("  %s", line)
	}
	r.show.line("\nq ends it. What passes on the cables:\n")
}

// listeners are the devices as they are spoken to.
func (r *running) listeners() string {
	if len(r.devices) == 1 {
		return "the device " + r.devices[0].name
	}
	var names []string
	for _, d := range r.devices {
		names = append(names, d.name)
	}
	return "a device, behind its name (" + strings.Join(names, ", ") + ")"
}

// obey obeys lines, up to their end, that of a device, or that of ctx.
func (r *running) obey(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, d := range r.devices {
		go func() {
			<-d.ended
			cancel()
		}()
	}
	next := r.reader(ctx)
	for {
		line, more := next()
		if !more || ctx.Err() != nil {
			// Where nobody types any more, what hosts were asked may end.
			_ = until(ctx, func() error { r.asked.Wait(); return nil })
			return nil
		}
		if err := r.do(ctx, line); err != nil && ctx.Err() == nil {
			if len(r.Lines) > 0 {
				return err
			}
			r.show.line("%v", err)
		}
	}
}

// reader returns the lines, one after the other, up to the end of ctx.
func (r *running) reader(ctx context.Context) func() (line string, more bool) {
	if left := r.Lines; len(left) > 0 {
		return func() (line string, more bool) {
			if len(left) == 0 {
				return "", false
			}
			line, left = left[0], left[1:]
			return line, true
		}
	}
	lines := make(chan string)
	go func() { // up to the end of the process: nobody ends a Read of a terminal
		defer close(lines)
		for s := bufio.NewScanner(r.In); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return func() (line string, more bool) {
		select {
		case line, more = <-lines:
			return line, more
		case <-ctx.Done():
			return "", false
		}
	}
}

// do obeys a line.
func (r *running) do(ctx context.Context, line string) error {
	to, rest := r.Network.split(line)
	for _, k := range r.kernels {
		if k.Name == to {
			return r.ask(ctx, k, line, rest)
		}
	}
	if line == "q" {
		for _, d := range r.devices {
			fmt.Fprintln(d.typed, line)
		}
		return nil
	}
	for _, d := range r.devices {
		if d.name == to {
			fmt.Fprintln(d.typed, rest) // where it fails the device has ended, which is told
			return nil
		}
	}
	return fmt.Errorf("%q: for whom? the line begins with the name of a host or a device", line)
}

// ask has a host do what a line says. Who types goes on typing meanwhile.
func (r *running) ask(ctx context.Context, k *kernel, line, command string) error {
	wait, err := r.start(k, command)
	if err == nil && len(r.Lines) == 0 {
		r.asked.Go(func() {
			if err := wait(); err != nil && ctx.Err() == nil {
				r.show.line("%s: %v", line, err)
			}
		})
		return nil
	}
	if err == nil {
		err = until(ctx, wait)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	return nil
}

// until waits, but not beyond the end of ctx.
func until(ctx context.Context, wait func() error) error {
	ended := make(chan error, 1)
	go func() { ended <- wait() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// start starts what a shell is to do in a host. Where no frames are shown and nobody types
// lines, it has the terminal for itself; else what it says is shown line by line, also what
// it leaves running says, up to the end of the host. Nothing else ends it: nsenter, killed,
// would leave its shell to whoever adopts orphans, and a host has not ended before its last
// process has been waited for, which in a container perhaps nobody does.
func (r *running) start(k *kernel, line string) (wait func() error, err error) {
	words := append(k.enter(), "sh", "-c", line)
	cmd := exec.Command(words[0], words[1:]...)
	if len(r.Lines) > 0 {
		cmd.Stdin = r.In
		if r.Quiet {
			cmd.Stdout, cmd.Stderr = r.Out, r.Out
			return cmd.Wait, cmd.Start()
		}
	}
	out, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	cmd.Stdout, cmd.Stderr = theirs, theirs
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us
	if err := cmd.Start(); err != nil {
		out.Close()
		return nil, err
	}
	r.carried.Go(func() {
		defer out.Close()
		r.show.lines(k.Name, bufio.NewReader(out))
	})
	wait = sync.OnceValue(cmd.Wait)
	r.carried.Go(func() { _ = wait() })
	return wait, nil
}

// stop takes all away.
func (r *running) stop() (err error) {
	for _, d := range r.devices {
		d.end()
	}
	for _, d := range r.devices {
		err = errors.Join(err, d.wait())
	}
	for _, k := range r.kernels {
		k.stop()
	}
	for _, s := range r.sockets {
		s.Close()
	}
	r.carried.Wait()
	return err
}
