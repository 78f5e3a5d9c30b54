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

// mark is no command: that it is none is reported when what was typed before is obeyed.
const mark = "mark"

// printed waits for a mark, and returns what the host has printed before it, each error as
// one word.
func (m *machine) printed() (lines []string) {
	for {
		line := m.Line()
		switch {
		case strings.HasPrefix(line, `"`+mark+`"`):
			return lines
		case strings.HasPrefix(line, `"`):
			line = "error"
		}
		lines = append(lines, line)
	}
}

// prober is the MAC of whoever probes; it is nobody else's.
var prober = mac{0x02, 'p', 'r', 'o', 'b', 'e'}

// probe asks for the host's address (RFC 5227), which changes nothing.
func (m *machine) probe() {
	ask := arpPacket{op: arpRequest, senderMAC: prober, senderIP: netip.IPv4Unspecified(), targetIP: hostIP}
	m.send(frame{dst: broadcast, src: prober, kind: typeARP, payload: ask.pack()})
}

// answered waits for the answer to a probe: all that was sent before that has been taken by
// then. It returns the segments that came before the answer.
func (m *machine) answered() (segments []segment) {
	for {
		b := m.Receive(0)
		if forProber(b) {
			return segments
		}
		f, _ := parseFrame(b)
		if s, ok := segmentIn(f); ok {
			segments = append(segments, s)
		}
	}
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
