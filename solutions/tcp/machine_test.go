package main

import (
	"net/netip"
	"strings"
	"testing"

	"wirebook/harness/devicetest"
)

// given are the files that a variant does not bring along.
var given = []string{"card.go", "clock.go", "main.go", "network.go", "packet.go", "segment.go"}

// A machine is a host program at the end of a cable, and our end of it.
type machine struct{ *devicetest.Device }

// startMachine starts a host and plugs our end into its cable. What it prints is errors,
// too.
func startMachine(t *testing.T, program string, args ...string) *machine {
	t.Helper()
	args = append([]string{"host", "-ip", hostCIDR, "-mac", hostMAC}, args...)
	return &machine{devicetest.Start(t, program, devicetest.Options{Errors: true}, args...)}
}

func (m *machine) send(f frame) { m.Send(0, f.pack()) }

// settle waits until all that was typed and sent has been dealt with. It returns what the
// host has printed since, each error as one word, and the segments that it has sent.
func (m *machine) settle() (printed []string, sent []segment) {
	printed = m.obeyed()
	sent = m.taken()
	return append(printed, m.obeyed()...), sent
}

// obeyed types what is no command, and waits until that is reported.
func (m *machine) obeyed() (printed []string) {
	m.Type("mark")
	for {
		line := m.Line()
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
	probe := arpPacket{op: arpRequest, senderMAC: prober, senderIP: netip.IPv4Unspecified(), targetIP: netip.MustParsePrefix(hostCIDR).Addr()}
	for _, b := range m.Taken(0, frame{dst: broadcast, src: prober, kind: typeARP, payload: probe.pack()}.pack(), forProber) {
		f, _ := parseFrame(b)
		if s, ok := segmentIn(f); ok {
			sent = append(sent, s)
		}
	}
	return sent
}

// forProber tells whether a frame goes to the prober.
func forProber(b []byte) bool {
	f, ok := parseFrame(b)
	return ok && f.dst == prober
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
