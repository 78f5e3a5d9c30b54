package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"wirebook/harness/devicetest"
	"wirebook/harness/kerneltest"
)

// The Linux kernel has a switch, too, and ours does with each frame what that one
// does. So does Open vSwitch, see openvswitch_linux_test.go. The ports are TAP devices, Ethernet cards of which the other side is a
// file. All this is in a network namespace of its own, so that nothing of this
// machine is touched. Where that is not allowed, or there are no programs to set it
// up, the test is skipped and says why.

const (
	inside      = "WIREBOOK_LSWITCH_INSIDE" // set: we are in the namespace; its value is our program
	cannotSetUp = 77                        // exit status where there is nothing to compare with
	bridgePorts = 4
	bursts      = 200
)

func TestLinuxBridge(t *testing.T) { inNamespace(t, testLinuxBridge, "ip", "bridge") }

// inNamespace starts the test that calls it again in new namespaces, as root there.
// The test is run there, with our program.
func inNamespace(t *testing.T, test func(t *testing.T, program string), tools ...string) {
	if program := os.Getenv(inside); program != "" {
		test(t, program)
		return
	}
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip("no program to set it up with: ", err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"="+devicetest.Build(t, "."))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID, // nothing outlives it
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		t.Logf("%s", out)
	case !errors.As(err, &exit):
		t.Skip("no namespaces here: ", err)
	case exit.ExitCode() == cannotSetUp:
		t.Skipf("it cannot be set up here: %s", bytes.TrimSpace(out))
	default:
		t.Errorf("%v\n%s", err, out)
	}
}

func testLinuxBridge(t *testing.T, program string) {
	theirs, err := newBridge(t)
	if err != nil {
		fmt.Println(err)
		os.Exit(cannotSetUp)
	}
	ours := start(t, program, bridgePorts)
	ports := slices.Repeat([]port{{untagged: firstVLAN}}, bridgePorts)
	compare(t, ours, theirs, ports, &generator{Rand: rand.New(rand.NewPCG(3, 4)), ports: ports})
}

// compare sends both the same frames.
func compare(t *testing.T, ours, theirs machine, ports []port, g *generator) {
	frames := 0
	for range bursts {
		b := g.burst()
		frames += len(b.frames)
		got, want := append(b.play(t, ours, ports), ours.macs()...), append(b.play(t, theirs, ports), theirs.macs()...)
		if !slices.Equal(got, want) {
			t.Fatalf("after\n%v got %q\nwant %q", b, got, want)
		}
	}
	t.Logf("%d frames, %d stations at the end", frames, len(ours.macs()))
}

// A bridge is the kernel's, and our side of its ports.
type bridge struct {
	t    testing.TB
	taps []*os.File
	buf  []byte
}

// newBridge makes a bridge with ports p0 and so on. It asks for no groups, so that
// nothing comes out that has not come in.
func newBridge(t testing.TB) (*bridge, error) {
	taps, err := newTAPs(t, bridgePorts)
	if err != nil {
		return nil, err
	}
	if err := ip("link add br0 type bridge stp_state 0 mcast_snooping 0"); err != nil {
		return nil, err
	}
	for i := range bridgePorts {
		if err := ip(fmt.Sprintf("link set p%d master br0", i)); err != nil {
			return nil, err
		}
	}
	return &bridge{t, taps, make([]byte, 1<<16)}, ip("link set br0 up")
}

// newTAPs makes devices p0 and so on. They speak no IPv6 of their own.
func newTAPs(t testing.TB, n int) (taps []*os.File, err error) {
	const silent = "/proc/sys/net/ipv6/conf/default/disable_ipv6"
	if err := os.WriteFile(silent, []byte("1"), 0); err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	if err := ip("link set lo up"); err != nil { // our own switch's cables
		return nil, err
	}
	for i := range n {
		name := fmt.Sprintf("p%d", i)
		tap, err := kerneltest.NewTAP(name)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { tap.Close() })
		taps = append(taps, tap)
		if err := ip("link set " + name + " up"); err != nil {
			return nil, err
		}
	}
	return taps, nil
}

func ip(args string) error {
	if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
		return fmt.Errorf("ip %s: %w: %s", args, err, out)
	}
	return nil
}

func (b *bridge) send(port int, frame []byte) {
	b.t.Helper()
	if _, err := b.taps[port].Write(frame); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bridge) next(port int) []byte {
	b.t.Helper()
	if err := b.taps[port].SetReadDeadline(time.Now().Add(patience)); err != nil {
		b.t.Fatal(err)
	}
	n, err := b.taps[port].Read(b.buf)
	if err != nil {
		b.t.Fatalf("p%d of the bridge: %v", port, err)
	}
	return bytes.Clone(b.buf[:n])
}

// macs leaves out the addresses of the bridge itself, which are permanent.
func (b *bridge) macs() (lines []string) {
	b.t.Helper()
	out, err := exec.Command("bridge", "-json", "fdb", "show", "br", "br0").Output()
	if err != nil {
		b.t.Fatal(err)
	}
	var entries []struct{ MAC, Ifname, State string }
	if err := json.Unmarshal(out, &entries); err != nil {
		b.t.Fatalf("%v: %s", err, out)
	}
	for _, e := range entries {
		if e.State != "permanent" {
			lines = append(lines, fmt.Sprintf("%d  %s  %s", firstVLAN, strings.ReplaceAll(e.MAC, ":", "-"), e.Ifname))
		}
	}
	slices.Sort(lines)
	return lines
}
