package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"wirebook/harness/devicetest"
)

// frameCount is how many frames are sent in all. They are made of the frames
// that matter to ARP, with any byte changed.
const frameCount = 100_000

// The model program and every variant do the same with the same frames, lines
// and time: each step's outcome is compared with the model program's.
func TestVariantsDoTheSame(t *testing.T) {
	count := frameCount
	if testing.Short() {
		count = 2_000
	}
	programs := devicetest.Programs(t, given...)
	var machines []*machine
	for _, program := range programs {
		machines = append(machines, startMachine(t, program.Path, "-age", variantAge.String()))
	}

	g := newGenerator(t)
	for step := 0; g.frames < count; step++ {
		s := g.step()
		var first outcome
		for i, m := range machines {
			got := s.play(m)
			if i == 0 {
				first = got
				continue
			}
			if diff := first.diff(got); diff != "" {
				t.Fatalf("step %d: %s differs from the solution: %s\nafter\n%v", step, programs[i].Name, diff, s)
			}
		}
		g.heard(first)
	}
	t.Logf("%d frames, %d hosts", g.frames, len(machines))
}

// A step is what happens to a host: time passes, lines are typed, frames come.
type step struct {
	tick   time.Duration
	lines  []string
	frames [][]byte
	echoes []int // which of its pings of the step before come back
}

// An outcome is what a host did in a step. The order of what fell due at one
// moment is free, so what time brought is sorted; and so is whether an answer
// goes out before what waited for its asker, so ARP and IPv4 are kept apart.
type outcome struct {
	printed, arp, ip []string
	pings            [][]byte // the echo requests, as they were sent
}

func (s step) play(m *machine) outcome {
	var o outcome
	m.Type("tick " + s.tick.String())
	o.printed = m.obeyed()
	o.note(m.taken())
	for _, part := range [][]string{o.printed, o.arp, o.ip} {
		slices.Sort(part)
	}

	if len(s.lines) > 0 {
		m.Type(s.lines...)
	}
	o.printed = append(o.printed, m.obeyed()...)
	for _, i := range s.echoes {
		m.Send(0, echoOf(m.pings[i]))
	}
	for _, f := range s.frames {
		m.Send(0, f)
	}
	o.note(m.taken())
	o.printed = append(o.printed, m.obeyed()...)
	m.pings = o.pings
	return o
}

// note adds frames that a host sent.
func (o *outcome) note(frames [][]byte) {
	for _, b := range frames {
		f, _ := parseFrame(b)
		if f.kind == typeARP {
			o.arp = append(o.arp, describe(b))
			continue
		}
		o.ip = append(o.ip, describe(b))
		if e, ok := parseEcho(f.payload); ok && e.kind == echoRequest {
			o.pings = append(o.pings, b)
		}
	}
}

// echoOf is the echo of a ping.
func echoOf(b []byte) []byte {
	f, _ := parseFrame(b)
	e, _ := parseEcho(f.payload)
	e.kind, e.src, e.dst = echoReply, e.dst, e.src
	return frame{dst: f.src, src: f.dst, kind: typeIPv4, payload: e.pack()}.pack()
}

func (o outcome) diff(other outcome) string {
	for _, c := range []struct {
		what      string
		want, got []string
	}{{"it printed", o.printed, other.printed}, {"ARP", o.arp, other.arp}, {"IPv4", o.ip, other.ip}} {
		if !slices.Equal(c.want, c.got) {
			return fmt.Sprintf("%s\n got %q\nwant %q", c.what, c.got, c.want)
		}
	}
	return ""
}

func (s step) String() string {
	text := fmt.Sprintf("tick %v\n", s.tick)
	for _, line := range s.lines {
		text += line + "\n"
	}
	for _, f := range s.frames {
		text += fmt.Sprintf("%s\n    % x\n", describe(f), f)
	}
	return text
}

const variantAge = 4 * time.Second

// A generator makes steps in which nothing is free that could show. It runs a
// host of its own to know what waits.
type generator struct {
	*rand.Rand
	model  *host
	frames int
	pings  int                   // that the last step brought
	busy   map[int]time.Duration // when something happened last at a millisecond of the second
}

func newGenerator(t *testing.T) *generator {
	t.Helper()
	nowhere, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nowhere.Close() })
	own, err := parseMAC(hostMAC)
	if err != nil {
		t.Fatal(err)
	}
	// What this host sends comes back to its own socket, and nobody reads it.
	c := &card{own, nowhere, nowhere.LocalAddr().(*net.UDPAddr).AddrPort()}
	return &generator{
		Rand:  rand.New(rand.NewPCG(1, 2)),
		model: newHost(netip.MustParsePrefix(hostCIDR), c, variantAge, io.Discard),
		busy:  make(map[int]time.Duration),
	}
}

func (g *generator) heard(o outcome) { g.pings = len(o.pings) }

func (g *generator) step() step {
	s := step{tick: g.tick()}
	for i := range g.pings {
		if g.IntN(3) > 0 {
			s.echoes = append(s.echoes, i)
		}
	}
	for range g.IntN(3) {
		if line, ok := g.line(); ok {
			s.lines = append(s.lines, line)
		}
	}
	for range 10 + g.IntN(20) {
		b := g.frame()
		if len(b) >= frameHeaderLen && !g.allowed(b) {
			continue
		}
		s.frames = append(s.frames, b)
		g.frames++
	}
	return s
}

// tick returns a time to pass, to a millisecond of the second at which nothing
// is due: whether that or what happens now comes first is not asked here.
func (g *generator) tick() time.Duration {
	d := time.Duration(1+g.IntN(300)) * time.Millisecond
	if g.IntN(10) == 0 {
		d = time.Duration(1+g.IntN(6000)) * time.Millisecond
	}
	residue := func() int { return int((g.model.clock + d).Milliseconds() % 1000) }
	for {
		last, ok := g.busy[residue()]
		if !ok || g.model.clock+d > last+8*time.Second {
			break
		}
		d += time.Millisecond
	}
	g.busy[residue()] = g.model.clock + d
	g.model.advance(d)
	return d
}

func (g *generator) neighbour() netip.Addr {
	return netip.AddrFrom4([4]byte{10, 0, 0, byte(2 + g.IntN(6))})
}

func (g *generator) line() (string, bool) {
	switch g.IntN(4) {
	case 0:
		return "arp", true
	case 1:
		return "ping 10.0.0.255", true
	default:
		ip := g.neighbour()
		if g.full(ip) {
			return "", false
		}
		g.model.ping(ip)
		return "ping " + ip.String(), true
	}
}

// full tells whether there is no room for one more packet that waits for ip.
func (g *generator) full(ip netip.Addr) bool {
	r := g.model.resolving[ip]
	return r != nil && len(r.queue) == queueLen
}

// frame makes a frame, every second one with some bytes changed or cut off.
func (g *generator) frame() []byte {
	src := mac{2, 0, 0, 0, 0, byte(g.IntN(5))}
	f := frame{dst: g.model.card.mac, src: src}
	if g.IntN(3) == 0 {
		f.dst = broadcast
	}
	switch g.IntN(8) {
	case 0, 1:
		e := echo{src: g.neighbour(), dst: g.model.ip.Addr(), kind: echoRequest, id: uint16(g.Uint32()), seq: uint16(g.Uint32()), data: make([]byte, g.IntN(50))}
		if g.IntN(5) == 0 {
			e.kind = echoReply
		}
		f.kind, f.payload = typeIPv4, e.pack()
	default:
		p := arpPacket{op: uint16(1 + g.IntN(3)), senderMAC: src, senderIP: g.neighbour(), targetIP: g.model.ip.Addr()}
		if g.IntN(2) == 0 {
			p.targetIP = g.neighbour()
		}
		f.kind, f.payload = typeARP, p.pack()
	}
	b := append(f.pack(), make([]byte, g.IntN(20))...)
	if g.IntN(2) == 0 {
		return b
	}
	for range 1 + g.IntN(3) {
		b[g.IntN(len(b))] = byte(g.Uint32())
	}
	if g.IntN(4) == 0 {
		b = b[:g.IntN(len(b))]
	}
	return b
}

// allowed tells whether all hosts must do the same with a frame, and if so has
// the model take it.
func (g *generator) allowed(b []byte) bool {
	f, _ := parseFrame(b)
	if f.dst != g.model.card.mac && f.dst != broadcast {
		return true
	}
	switch f.kind {
	case typeARP:
		p, ok := parseARP(f.payload)
		if !ok {
			return true
		}
		sender := p.senderIP
		if p.senderMAC[0]&1 != 0 || p.senderMAC == (mac{}) || !sender.IsUnspecified() && !g.model.isNeighbour(sender) {
			return false
		}
	case typeIPv4:
		// Whether a ping to all is answered is free, and so is the header's rest.
		e, ok := parseEcho(f.payload)
		if !ok {
			return true
		}
		if f.dst == broadcast || e.kind == echoRequest && (!g.model.isNeighbour(e.src) || g.full(e.src)) {
			return false
		}
	}
	take(g.model, f)
	return true
}
