package main

import (
	"fmt"
	"net/netip"
	"testing"

	"wirebook/harness/devicetest"
)

// given are the files that a variant does not bring along.
var given = []string{"main.go", "card.go", "packet.go"}

// A machine is a host program at the end of a cable, and our end of it.
type machine struct {
	*devicetest.Device
	pings [][]byte // that it sent in the last step, for those who play steps
}

const (
	hostCIDR = "10.0.0.1/24"
	hostMAC  = "02-00-0a-00-00-01"
)

// startMachine starts a host and plugs our end into its cable.
func startMachine(t *testing.T, program string, args ...string) *machine {
	t.Helper()
	args = append([]string{"host", "-ip", hostCIDR, "-mac", hostMAC}, args...)
	return &machine{Device: devicetest.Start(t, program, devicetest.Options{}, args...)}
}

// obeyed waits until all that was typed has been obeyed, and returns what it
// printed. It pings the host's own address, which prints a line at once.
func (m *machine) obeyed() []string {
	m.Type("ping 10.0.0.1")
	var lines []string
	for {
		line := m.Line()
		if line == "reply from 10.0.0.1" {
			return lines
		}
		lines = append(lines, line)
	}
}

// prober is the MAC of whoever probes; it is nobody else's.
var prober = mac{0x02, 'p', 'r', 'o', 'b', 'e'}

// taken waits until all frames that were sent have been taken, and returns
// what was sent in return. It probes for the host's address (RFC 5227), which is
// answered and changes nothing.
func (m *machine) taken() [][]byte {
	nobody := netip.IPv4Unspecified()
	probe := arpPacket{op: arpRequest, senderMAC: prober, senderIP: nobody, targetIP: netip.MustParsePrefix(hostCIDR).Addr()}
	return m.Taken(0, frame{dst: broadcast, src: prober, kind: typeARP, payload: probe.pack()}.pack(), forProber)
}

// forProber tells whether a frame goes to the prober.
func forProber(b []byte) bool {
	f, ok := parseFrame(b)
	return ok && f.dst == prober
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
