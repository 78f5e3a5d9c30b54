package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"wirebook/harness/devicetest"
	"wirebook/harness/kerneltest"
)

// The Linux kernel is the host at the other end of the cable. It has a TAP
// device, an Ethernet card of which the other side is a file: what the kernel
// sends is read there and put into the cable, and the other way round. All this
// is in a network namespace of its own, so that no address of this machine is
// touched. Where that is not allowed, or there is no ip program, the test is
// skipped and says why.

const (
	kernelIP   = "10.0.0.2"
	inside     = "WIREBOOK_ARP_KERNEL" // set: we are in the namespace; its value is the host program
	tapSkipped = 77                    // exit status of a kernel that cannot be set up
)

// TestKernel starts itself again in new namespaces, as root there.
func TestKernel(t *testing.T) {
	if program := os.Getenv(inside); program != "" {
		testKernel(t, program)
		return
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip program to set up a network device with: ", err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestKernel$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"="+devicetest.Build(t, "."))
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
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
	case exit.ExitCode() == tapSkipped:
		t.Skipf("no kernel at the other end: %s", bytes.TrimSpace(out))
	default:
		t.Errorf("%v\n%s", err, out)
	}
}

func testKernel(t *testing.T, program string) {
	tap, err := newKernel()
	if err != nil {
		fmt.Println(err)
		os.Exit(tapSkipped)
	}
	defer tap.Close()
	m := startMachine(t, program, "-realtime")
	go splice(tap, m)

	t.Run("the host pings the kernel", func(t *testing.T) {
		m.Type("ping " + kernelIP)
		if got, want := m.Line(), "reply from "+kernelIP; got != want {
			t.Fatalf("it printed %q, want %q", got, want)
		}
		m.Type("arp")
		if got, want := m.Line(), kernelIP+"  "+tap.mac.String(); got != want {
			t.Errorf("its table has %q, want %q", got, want)
		}
	})
	t.Run("the kernel pings the host", func(t *testing.T) {
		for seq := range 3 {
			if err := pingFromKernel(uint16(seq), 10+400*seq); err != nil {
				t.Fatalf("ping %d: %v", seq, err)
			}
		}
	})
	t.Run("the kernel asks the host anew", func(t *testing.T) {
		// With an empty table the kernel must ask, and here it is answered.
		output(t, "ip", "neigh", "flush", "dev", tap.name)
		if err := pingFromKernel(9, 56); err != nil {
			t.Fatal(err)
		}
		table := output(t, "ip", "neigh", "show", "dev", tap.name)
		if want := "10.0.0.1 lladdr " + strings.ReplaceAll(hostMAC, "-", ":"); !strings.Contains(table, want) {
			t.Errorf("the kernel's table is\n%s\nwithout %s", table, want)
		}
	})
	t.Run("an address that nobody has", func(t *testing.T) {
		m.Type("ping 10.0.0.99")
		if got, want := m.Line(), "unreachable 10.0.0.99"; got != want {
			t.Errorf("it printed %q, want %q", got, want)
		}
	})
}

// A tapDevice is the cable side of the kernel's card.
type tapDevice struct {
	*os.File
	name string
	mac  mac
}

// newKernel makes a TAP device with the kernel's address on it.
func newKernel() (*tapDevice, error) {
	const name = "wire0"
	tap, err := kerneltest.NewTAP(name)
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{
		{"link", "set", "lo", "up"},
		{"addr", "add", kernelIP + "/24", "dev", name},
		{"link", "set", name, "up"},
	} {
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, out)
		}
	}
	card, err := net.InterfaceByName(name)
	if err != nil {
		return nil, err
	}
	return &tapDevice{tap, name, mac(card.HardwareAddr)}, nil
}

// splice joins the kernel's card and the machine's cable until one of them is
// closed.
func splice(tap *tapDevice, m *machine) {
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, err := tap.Read(buf)
			if err != nil {
				return
			}
			if _, err := m.Ends[0].WriteToUDPAddrPort(buf[:n], m.Remotes[0]); err != nil {
				return
			}
		}
	}()
	buf := make([]byte, 1<<16)
	for {
		n, from, err := m.Ends[0].ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		if unmapped(from) != m.Remotes[0] {
			continue
		}
		if _, err := tap.Write(buf[:n]); err != nil {
			return
		}
	}
}

// pingFromKernel sends an echo request with size bytes of data through the
// kernel, and waits for the reply that the kernel takes for good.
func pingFromKernel(seq uint16, size int) error {
	conn, err := net.DialIP("ip4:icmp", nil, &net.IPAddr{IP: net.IPv4(10, 0, 0, 1)})
	if err != nil {
		return err
	}
	defer conn.Close()
	e := echo{
		src: netip.MustParseAddr(kernelIP), dst: netip.MustParseAddr("10.0.0.1"),
		kind: echoRequest, id: uint16(os.Getpid()), seq: seq, data: bytes.Repeat([]byte{byte(seq)}, size),
	}
	if _, err := conn.Write(e.pack()[ipv4HeaderLen:]); err != nil {
		return err
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	buf := make([]byte, 1<<16)
	for {
		n, _, err := conn.ReadFromIP(buf) // the ICMP message: it takes the IP header off
		if err != nil {
			return err
		}
		reply := buf[:n]
		if len(reply) < icmpHeaderLen || reply[0] != echoReply || binary.BigEndian.Uint16(reply[6:]) != seq {
			continue
		}
		if !bytes.Equal(reply[icmpHeaderLen:], e.data) {
			return fmt.Errorf("the echo has other data: %x", reply[icmpHeaderLen:])
		}
		return nil
	}
}

func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
