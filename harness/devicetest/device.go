package devicetest

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = time.Minute

// A Device is a program that runs, and our ends of its cables.
type Device struct {
	T       testing.TB
	Ends    []*net.UDPConn
	Remotes []netip.AddrPort // the program's ends

	stdin  io.Writer
	screen *bufio.Reader
}

// Options say how a device is started.
type Options struct {
	// Ports are the names of its ports, for its arguments -port; nil is the one cable of
	// a host, for -cable.
	Ports []string
	// Ends are our ends of the cables, in the order of the ports, where the test has made
	// them itself, and uses and closes them.
	Ends []*net.UDPConn
	// Errors has what it says on standard error stand among its lines, in the order in
	// which it is said. Otherwise it goes to the test's.
	Errors bool
}

// Start starts a program with these arguments and plugs our ends into its cables. When
// the test ends, so does its input, and it must end then, with status 0.
func Start(t testing.TB, program string, o Options, args ...string) *Device {
	t.Helper()
	d := &Device{T: t, Ends: o.Ends}
	for len(d.Ends) < max(1, len(o.Ports)) {
		d.Ends = append(d.Ends, newEnd(t))
	}
	cable := func(i int) string { return "127.0.0.1:0," + d.Ends[i].LocalAddr().String() }
	if o.Ports == nil {
		args = append(args, "-cable", cable(0))
	}
	for i, name := range o.Ports {
		args = append(args, "-port", name+"="+cable(i))
	}
	cmd := exec.Command(program, args...)
	screen, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if o.Errors {
		cmd.Stderr = out
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Start()
	out.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		timer := time.AfterFunc(patience, func() { cmd.Process.Kill() })
		defer timer.Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the device ended with %v", err)
		}
	})
	d.stdin, d.screen = stdin, bufio.NewReader(screen)
	for range d.Ends {
		words := strings.Fields(d.Line())
		remote, err := netip.ParseAddrPort(words[len(words)-1])
		if err != nil {
			t.Fatal(err)
		}
		d.Remotes = append(d.Remotes, remote)
	}
	return d
}

// newEnd binds an end of ours, with room for many frames.
func newEnd(t testing.TB) *net.UDPConn {
	t.Helper()
	end, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end.Close() })
	if err := end.SetReadBuffer(1 << 22); err != nil {
		t.Fatal(err)
	}
	return end
}

// Addr is the device's end of a port's cable.
func (d *Device) Addr(port int) *net.UDPAddr { return net.UDPAddrFromAddrPort(d.Remotes[port]) }

// Line waits for the next line that the device prints.
func (d *Device) Line() string {
	d.T.Helper()
	line, err := d.screen.ReadString('\n')
	if err != nil {
		d.T.Fatalf("the screen: %v", err)
	}
	return strings.TrimSuffix(line, "\n")
}

// Type types lines.
func (d *Device) Type(lines ...string) {
	d.T.Helper()
	if _, err := io.WriteString(d.stdin, strings.Join(lines, "\n")+"\n"); err != nil {
		d.T.Fatal(err)
	}
}

// Send puts a frame into the cable of a port.
func (d *Device) Send(port int, frame []byte) {
	d.T.Helper()
	if _, err := d.Ends[port].WriteToUDPAddrPort(frame, d.Remotes[port]); err != nil {
		d.T.Fatal(err)
	}
}

// Receive waits for the next frame that comes out of a port. Nobody else than the device,
// or the test itself from the same end, may have sent it.
func (d *Device) Receive(port int) []byte {
	d.T.Helper()
	buf := make([]byte, 1<<16)
	d.Ends[port].SetReadDeadline(time.Now().Add(patience))
	n, from, err := d.Ends[port].ReadFromUDPAddrPort(buf)
	if err != nil {
		d.T.Fatalf("port %d: %v", port, err)
	}
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	if from != d.Remotes[port] && from.String() != d.Ends[port].LocalAddr().String() {
		d.T.Fatalf("port %d: a frame came from %v", port, from)
	}
	return bytes.Clone(buf[:n])
}

// Taken sends a probe, which the device answers and which changes nothing. When the
// answer has come, all that was sent by this port before has been taken. Taken returns
// what came before the answer.
func (d *Device) Taken(port int, probe []byte, isAnswer func(frame []byte) bool) (frames [][]byte) {
	d.T.Helper()
	d.Send(port, probe)
	for {
		b := d.Receive(port)
		if isAnswer(b) {
			return frames
		}
		frames = append(frames, b)
	}
}
