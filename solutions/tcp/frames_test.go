package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"wirebook/harness/devicetest"
)

// frameCount is how many segments are sent in all, each in a frame of its own. Lines are
// typed and time passes between them.
var frameCount = flag.Int("frames", 5_000, "send this many random segments")

// The model program and every variant do the same with the same segments, lines and time,
// but for what the lesson leaves free.
func TestVariantsDoTheSame(t *testing.T) {
	count := *frameCount
	if testing.Short() {
		count = min(count, 300)
	}
	programs := devicetest.Programs(t, given...)
	const seeds = 4
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
			t.Parallel()
			compare(t, programs, rand.New(rand.NewPCG(1, seed)), (count+seeds-1)/seeds)
		})
	}
}

// compare sends so many segments to each of the programs.
func compare(t *testing.T, programs []devicetest.Program, random *rand.Rand, count int) {
	t.Helper()
	var machines []*machine
	for _, program := range programs {
		machines = append(machines, startMachine(t, program.Path, framesFlags...))
	}
	for _, m := range machines {
		for _, station := range stations {
			ask := arpPacket{op: arpRequest, senderMAC: macOf(station), senderIP: station, targetIP: hostIP}
			m.send(frame{dst: broadcast, src: ask.senderMAC, kind: typeARP, payload: ask.pack()})
		}
		m.probe()
		m.answered()
	}
	g := &generator{random, newModel(func(mac, uint16, []byte) {})}
	for _, station := range stations {
		g.network.macs[station] = macOf(station)
	}
	var last []string // rounds
	same := func(got [][]string) {
		for i := range got {
			if !slices.Equal(got[0], got[i]) {
				t.Fatalf("%s differs from the solution:\n got %q\nwant %q\nafter\n%s", programs[i].Name, got[i], got[0], strings.Join(last, "\n"))
			}
		}
	}
	frames := 0
	defer func() { t.Logf("%d segments, %d connections", frames, g.tcp.count) }()
	for frames < count {
		r := g.round()
		frames += len(r.arrivals)
		last = append(last[max(0, len(last)-20):], r.String())
		// All work at a time, and each is waited for twice only.
		got := make([][]string, len(machines))
		for _, m := range machines {
			m.Type(mark, r.line, mark)
		}
		for i, m := range machines {
			got[i] = append(withoutFree(m.printed()), r.printed(m)...)
			r.send(m)
		}
		for i, m := range machines {
			got[i] = append(got[i], r.sent(m)...)
		}
		same(got)
	}
	got := make([][]string, len(machines))
	for i, m := range machines {
		m.Type(mark)
		got[i] = withoutFree(m.printed())
	}
	same(got)
}

var (
	framesFlags = []string{"-iss", "4294967292", "-msl", "1s"} // as newModel has it
	hostIP      = netip.MustParsePrefix(hostCIDR).Addr()
	stations    = []netip.Addr{netip.MustParseAddr("10.0.0.2"), netip.MustParseAddr("10.0.0.3")}
)

func macOf(station netip.Addr) mac {
	a := station.As4()
	return mac{2, 0, a[0], a[1], a[2], a[3]}
}

// stationOf tells whose a port is: each station has ports of its own, so that a port is
// enough to know a peer by.
func stationOf(port uint16) netip.Addr { return stations[port%2] }

// A round is what happens to a host: a line is typed, then segments come.
type round struct {
	line     string
	numbers  map[ends]uint32 // see meaning: before the line
	arrivals []arrival
}

type arrival struct {
	segment segment
	numbers map[ends]uint32 // before it
}

func (r round) String() string {
	text := r.line
	for _, a := range r.arrivals {
		text += fmt.Sprintf("\n    %+v", a.segment)
	}
	return text
}

// printed is what the host prints because of the line.
func (r round) printed(m *machine) []string {
	lines := withoutFree(m.printed())
	if r.passes() {
		slices.Sort(lines) // what is due at one time has no order
	}
	return lines
}

// passes tells whether time passes.
func (r round) passes() bool { return strings.HasPrefix(r.line, "tick ") }

// withoutFree drops what may be missing: FIN-WAIT-2, where one segment has two reasons.
func withoutFree(lines []string) []string {
	return slices.DeleteFunc(lines, func(line string) bool { return strings.HasSuffix(line, " FIN-WAIT-2") })
}

// send sends the segments, each between probes.
func (r round) send(m *machine) {
	m.probe()
	for _, a := range r.arrivals {
		from := stationOf(a.segment.srcPort)
		p := packet{src: from, dst: hostIP, protocol: protocolTCP, data: a.segment.pack(from, hostIP)}
		m.send(frame{dst: m.mac(), src: macOf(from), kind: typeIPv4, payload: p.pack()})
		m.probe()
	}
}

// sent is what the host sends because of the line and of each segment.
func (r round) sent(m *machine) []string {
	lines := meaning(m.answered(), r.numbers, r.passes())
	for _, a := range r.arrivals {
		lines = append(lines, meaning(m.answered(), a.numbers, false)...)
	}
	return lines
}

func (m *machine) mac() mac {
	own, err := parseMAC(hostMAC)
	if err != nil {
		m.T.Fatal(err)
	}
	return own
}

// ends are the two ports of a connection.
type ends struct{ local, remote uint16 }

// meaning says what segments do, a line a connection. Free is how a stream is cut, whether an
// acknowledgment goes alone beside text, how much is sent again, and when but by the timer;
// and whether a RST that nobody asked for has ACK. numbers are those that each connection
// was to send next.
func meaning(segments []segment, numbers map[ends]uint32, passes bool) (lines []string) {
	all := make(map[ends][]segment)
	for _, s := range segments {
		e := ends{s.srcPort, s.dstPort}
		all[e] = append(all[e], s)
	}
	for e, segments := range all {
		var text []byte
		line, alone, again := "", 0, false
		for _, s := range segments {
			switch {
			case s.has(rst) && s.seq != 0:
				line += fmt.Sprintf(" RST %d", s.seq)
			case s.has(rst | syn):
				line += fmt.Sprintf(" %x seq %d ack %d mss %d", s.flags, s.seq, s.ack, s.mss)
			case s.len() == 0:
				alone++
			default:
				next, known := numbers[e]
				next += uint32(len(text))
				if old := int(int32(next - s.seq)); !known || old < len(s.text) {
					text = append(text, s.text[max(old, 0):]...)
				} else {
					again = true
				}
				if s.has(fin) && !(known && before(s.seq+uint32(len(s.text)), next)) {
					line += " FIN"
				}
			}
		}
		last := segments[len(segments)-1]
		if len(text) > 0 {
			line += fmt.Sprintf(" text %q", text)
		}
		switch {
		case line != "" && last.has(rst|syn):
		case line != "":
			line += fmt.Sprintf(" ack %d", last.ack)
		case again && passes:
			line = fmt.Sprintf(" again, ack %d", last.ack)
		case alone > 0:
			line = fmt.Sprintf(" %d alone, seq %d ack %d", alone, last.seq, last.ack)
		default:
			continue
		}
		lines = append(lines, fmt.Sprint(e, line))
	}
	slices.Sort(lines)
	return lines
}

// A generator makes rounds of which the outcome is not free. It has a host of its own to
// know what is.
type generator struct {
	*rand.Rand
	*model
}

// numbers are those that each connection is to send next.
func (g *generator) numbers() map[ends]uint32 {
	numbers := make(map[ends]uint32)
	for _, c := range g.tcp.connections {
		if c.state != listen {
			numbers[ends{c.local, c.remote.Port()}] = c.nxt
		}
	}
	return numbers
}

func (g *generator) round() round {
	r := round{numbers: g.numbers()}
	for r.line == "" {
		r.line = g.line()
	}
	obey(g.tcp, g.network, g.clock, r.line) // or refuse it
	const most = 20                         // with the probes, no more than 50 frames are under way
	for g.IntN(4) > 0 && len(r.arrivals) < most {
		if s := g.segment(); g.allowed(s) {
			r.arrivals = append(r.arrivals, arrival{s, g.numbers()})
			g.tcp.receive(stationOf(s.srcPort), s)
		}
	}
	return r
}

// line makes one, or "" where what it does is free.
func (g *generator) line() string {
	port := 9 + g.IntN(2)
	switch g.IntN(8) {
	case 0:
		return fmt.Sprintf("listen %d", 80+g.IntN(2))
	case 1:
		return fmt.Sprintf("connect %v %d %d", stationOf(uint16(port)), port, 5000+g.IntN(3))
	case 2, 3:
		return fmt.Sprintf("tick %v", time.Duration(g.IntN(1<<g.IntN(15)))*time.Millisecond)
	}
	c := g.one()
	if c == nil {
		return fmt.Sprintf("close %d", g.tcp.count+g.IntN(2))
	}
	switch n := g.IntN(6); {
	case n == 0 && !c.isOneOf(synReceived):
		return fmt.Sprintf("close %d", c.id)
	case n == 1 && (c.nxt != 0 || c.state == listen): // a RST from 0 would look like one that nobody asked for
		return fmt.Sprintf("abort %d", c.id)
	case n > 1 && c.nxt-c.una < 10_000 && len(c.waiting) < 400:
		return fmt.Sprintf("send %d %s", c.id, strings.Repeat(string(rune('a'+g.IntN(26))), g.IntN(80)))
	}
	return ""
}

// one is a connection, or nil where there is none.
func (g *generator) one() *connection {
	if len(g.tcp.connections) == 0 {
		return nil
	}
	return g.tcp.connections[g.IntN(len(g.tcp.connections))]
}

// segment makes one with numbers that are next, or near to it.
func (g *generator) segment() segment {
	s := segment{srcPort: uint16(40000 + g.IntN(4)), dstPort: uint16(80 + g.IntN(3)), window: 65535,
		seq: 1<<32 - 100 + uint32(g.IntN(200)), ack: uint32(g.IntN(3)),
		flags: []uint8{ack, ack, ack, ack, ack, ack | fin, ack | fin, syn, syn | ack, rst, rst | ack, 0}[g.IntN(12)]}
	if s.has(syn) {
		s.mss = uint16(g.IntN(2) * 1460)
	} else if !s.has(rst) && g.IntN(3) == 0 {
		s.text = append(bytes.Repeat([]byte{'A' + byte(g.IntN(26))}, g.IntN(30)), '\n')
	}
	if c := g.one(); c != nil && g.IntN(10) > 0 {
		s.dstPort = c.local
		if c.state != listen {
			s.srcPort, s.seq = c.remote.Port(), c.rcvNxt
			s.ack = c.una + uint32(g.IntN(int(c.nxt-c.una)+1))
			if g.IntN(2) == 0 {
				s.ack = c.nxt
			}
		} else if g.IntN(2) == 0 {
			s.flags = syn
		}
		if c.state == synSent && g.IntN(2) == 0 {
			s.flags = syn | ack
		}
		if g.IntN(4) == 0 {
			s.seq += []uint32{1<<32 - 1, 1<<32 - 3, 1, 100, 70_000, 1<<32 - 70_000}[g.IntN(6)]
		}
		if g.IntN(8) == 0 {
			s.ack += []uint32{1, 1<<32 - 1, 1<<32 - 5}[g.IntN(3)]
		}
	}
	return s
}

// allowed tells whether every host must do the same with a segment.
func (g *generator) allowed(s segment) bool {
	c := g.tcp.find(netip.AddrPortFrom(stationOf(s.srcPort), s.srcPort), s.dstPort)
	if c == nil {
		if c = g.tcp.listener(s.dstPort); c != nil {
			return s.flags != 0 && s.flags != fin
		}
		return true
	}
	switch c.state {
	case synSent:
		return true
	case synReceived, timeWait:
		if s.has(syn) || c.state == timeWait && s.has(rst) {
			return false
		}
	}
	const far = 1 << 15 // beyond each window
	behind := int32(s.seq - c.rcvNxt)
	switch {
	case behind > 0 && behind < far && s.len() > 0:
		return false // what comes behind a gap may be kept
	case c.isOneOf(closeWait, closing, lastAck, timeWait) && s.len() > 0 && behind < far && before(c.rcvNxt, s.seq+s.len()):
		return false // so may what comes behind the FIN be answered
	case s.ack == c.una && c.una != c.nxt && s.len() == 0:
		return false // after three of these text may be sent again
	}
	return true
}
