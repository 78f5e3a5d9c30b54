package main

import (
	"bufio"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A machine is a host program at the end of a cable, and our end of it.
type machine struct {
	t      *testing.T
	stdin  io.Writer
	screen *bufio.Reader // what is printed, errors too, in the order in which it is
	end    *net.UDPConn
	remote netip.AddrPort
}

// startMachine starts a host and plugs our end into its cable.
func startMachine(t *testing.T, program string, args ...string) *machine {
	t.Helper()
	end, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end.Close() })
	screen, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	cmd := exec.Command(program, append([]string{"host", "-ip", hostCIDR, "-mac", hostMAC, "-cable", "127.0.0.1:0," + end.LocalAddr().String()}, args...)...)
	cmd.Stdout, cmd.Stderr = out, out
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Close()
	t.Cleanup(func() {
		stdin.Close() // the host ends with its input
		if err := cmd.Wait(); err != nil {
			t.Errorf("the host ended with %v", err)
		}
	})
	m := &machine{t: t, stdin: stdin, screen: bufio.NewReader(screen), end: end}
	if m.remote, err = netip.ParseAddrPort(strings.TrimPrefix(m.line(), "listening on ")); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *machine) types(line string) {
	m.t.Helper()
	if _, err := io.WriteString(m.stdin, line+"\n"); err != nil {
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

func (m *machine) send(f frame) {
	m.t.Helper()
	if _, err := m.end.WriteToUDPAddrPort(f.pack(), m.remote); err != nil {
		m.t.Fatal(err)
	}
}

// settle waits until all that was typed and sent has been dealt with. It returns what the
// host has printed since, each error as one word, and the segments that it has sent.
func (m *machine) settle() (printed []string, sent []segment) {
	m.t.Helper()
	printed = m.obeyed()
	sent = m.taken()
	return append(printed, m.obeyed()...), sent
}

// obeyed types what is no command, and waits until that is reported.
func (m *machine) obeyed() (printed []string) {
	m.t.Helper()
	m.types("mark")
	for {
		line := m.line()
		switch {
		case strings.HasPrefix(line, `"mark"`):
			return printed
		case strings.HasPrefix(line, `"`):
			line = "error"
		}
		printed = append(printed, line)
	}
}

// prober is the MAC of whoever probes; it is nobody else's.
var prober = mac{0x02, 'p', 'r', 'o', 'b', 'e'}

// taken probes for the host's address (RFC 5227), and waits for the answer. All that was
// sent before has been taken by then.
func (m *machine) taken() (sent []segment) {
	m.t.Helper()
	probe := arpPacket{op: arpRequest, senderMAC: prober, senderIP: netip.IPv4Unspecified(), targetIP: netip.MustParsePrefix(hostCIDR).Addr()}
	m.send(frame{dst: broadcast, src: prober, kind: typeARP, payload: probe.pack()})
	buf := make([]byte, 1<<16)
	m.end.SetReadDeadline(time.Now().Add(30 * time.Second))
	for {
		n, err := m.end.Read(buf)
		if err != nil {
			m.t.Fatal(err)
		}
		f, _ := parseFrame(buf[:n])
		if f.dst == prober {
			return sent
		}
		if s, ok := segmentIn(f); ok {
			sent = append(sent, s)
		}
	}
}

// segmentIn takes the segment out of a frame.
func segmentIn(f frame) (segment, bool) {
	if f.kind != typeIPv4 {
		return segment{}, false
	}
	p, ok := parsePacket(f.payload)
	if !ok || p.protocol != protocolTCP {
		return segment{}, false
	}
	return parseSegment(p.src, p.dst, p.data)
}
