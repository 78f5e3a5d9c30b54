package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A machine is a host program at the end of a cable, and our end of it.
type machine struct {
	t      *testing.T
	stdin  io.Writer
	screen *bufio.Reader
	end    *net.UDPConn
	remote netip.AddrPort

	pings [][]byte // that it sent in the last step, for those who play steps
}

const (
	hostCIDR = "10.0.0.1/24"
	hostMAC  = "02-00-0a-00-00-01"
)

// build compiles the program in dir.
func build(t *testing.T, dir string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "arp")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// startMachine starts a host and plugs our end into its cable.
func startMachine(t *testing.T, program string, args ...string) *machine {
	t.Helper()
	end, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end.Close() })
	if err := end.SetReadBuffer(1 << 22); err != nil {
		t.Fatal(err)
	}

	args = append([]string{"host", "-ip", hostCIDR, "-mac", hostMAC, "-cable", "127.0.0.1:0," + end.LocalAddr().String()}, args...)
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, stdin: stdin, screen: bufio.NewReader(stdout), end: end}
	t.Cleanup(func() {
		stdin.Close() // the host ends with its input
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("the host ended with %v", err)
			}
		case <-time.After(30 * time.Second):
			cmd.Process.Kill()
			t.Error("the host does not end with its input")
		}
	})
	m.remote, err = netip.ParseAddrPort(strings.TrimPrefix(m.line(), "listening on "))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// types types lines.
func (m *machine) types(lines ...string) {
	m.t.Helper()
	if _, err := io.WriteString(m.stdin, strings.Join(lines, "\n")+"\n"); err != nil {
		m.t.Fatal(err)
	}
}

// line waits for the next line of the screen.
func (m *machine) line() string {
	m.t.Helper()
	line, err := m.screen.ReadString('\n')
	if err != nil {
		m.t.Fatalf("the screen: %v", err)
	}
	return strings.TrimSuffix(line, "\n")
}

// obeyed waits until all that was typed has been obeyed, and returns what it
// printed. It pings the host's own address, which prints a line at once.
func (m *machine) obeyed() []string {
	m.t.Helper()
	m.types("ping 10.0.0.1")
	var lines []string
	for {
		line := m.line()
		if line == "reply from 10.0.0.1" {
			return lines
		}
		lines = append(lines, line)
	}
}

func (m *machine) send(frame []byte) {
	m.t.Helper()
	if _, err := m.end.WriteToUDPAddrPort(frame, m.remote); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) receive() []byte {
	m.t.Helper()
	buf := make([]byte, 1<<16)
	m.end.SetReadDeadline(time.Now().Add(30 * time.Second))
	n, from, err := m.end.ReadFromUDPAddrPort(buf)
	if err != nil {
		m.t.Fatal(err)
	}
	if unmapped(from) != m.remote {
		m.t.Fatalf("a frame came from %v", from)
	}
	return buf[:n]
}

// prober is the MAC of whoever probes; it is nobody else's.
var prober = mac{0x02, 'p', 'r', 'o', 'b', 'e'}

// taken waits until all frames that were sent have been taken, and returns
// what was sent in return. It probes for the host's address (RFC 5227), which is
// answered and changes nothing.
func (m *machine) taken() [][]byte {
	m.t.Helper()
	nobody := netip.IPv4Unspecified()
	probe := arpPacket{op: arpRequest, senderMAC: prober, senderIP: nobody, targetIP: netip.MustParsePrefix(hostCIDR).Addr()}
	m.send(frame{dst: broadcast, src: prober, kind: typeARP, payload: probe.pack()}.pack())
	var frames [][]byte
	for {
		b := m.receive()
		if f, ok := parseFrame(b); ok && f.dst == prober {
			return frames
		}
		frames = append(frames, b)
	}
}

// describe says what a frame is, without what hosts may choose: how they number
// their pings, what data these have, and the padding.
func describe(b []byte) string {
	f, ok := parseFrame(b)
	if !ok {
		return fmt.Sprintf("%d bytes", len(b))
	}
	if p, ok := parseARP(f.payload); ok && f.kind == typeARP {
		return fmt.Sprintf("%v > %v ARP %d: %v (%v) to %v (%v)", f.src, f.dst, p.op, p.senderIP, p.senderMAC, p.targetIP, p.targetMAC)
	}
	if e, ok := parseEcho(f.payload); ok && f.kind == typeIPv4 {
		if e.kind == echoRequest {
			return fmt.Sprintf("%v > %v ICMP echo request %v > %v", f.src, f.dst, e.src, e.dst)
		}
		return fmt.Sprintf("%v > %v ICMP echo reply %v > %v id %d seq %d %q", f.src, f.dst, e.src, e.dst, e.id, e.seq, e.data)
	}
	return fmt.Sprintf("% x", b)
}
