package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"wirebook/harness/devicetest"
)

// frameCount is how many frames are sent in all: those that matter to a router,
// every second one with some bytes changed.
var frameCount = flag.Int("frames", 2_000, "send this many random frames")

const (
	framesAge  = 4 * time.Second
	mostKnown  = 60 // neighbours of a side: how many a router can know from 64 on is free
	mostInWait = 2  // packets for one neighbour, before another comes
)

// framesFlags are the command line of the routers that are compared. There is no
// default route.
var framesFlags = strings.Fields("-mac eth0=02-00-0a-01-00-01 -mac eth1=02-00-0a-02-00-01" +
	" -ip eth0=10.1.0.1/16 -ip eth1=10.2.0.1/16 -ip eth1.10=10.4.0.1/16" +
	" -route 8.0.0.0/8=10.2.0.2 -route 10.4.128.0/17=10.1.0.2 -route 8.8.0.0/16=10.4.0.2 -age " + framesAge.String())

// The model program and every variant do the same with the same frames and the
// same time, but for what the lesson leaves free.
func TestVariantsDoTheSame(t *testing.T) {
	programs := devicetest.Programs(t, "main.go", "flags.go", "port.go", "packet.go")
	var machines []*machine
	for _, program := range programs {
		machines = append(machines, startMachine(t, program.Path))
	}
	m := newModel(t)
	for frames := 0; frames < *frameCount; {
		s := m.step()
		frames += len(s.frames)
		var first []string
		for i, machine := range machines {
			got := m.describe(s.play(machine))
			if i == 0 {
				first = got
			} else if !slices.Equal(first, got) {
				t.Fatalf("%s differs from the solution:\n got %q\nwant %q\nafter\n%v", programs[i].Name, got, first, s)
			}
		}
	}
}

// A step is what happens to a router: ARP packets come, time passes, frames come by
// one port.
type step struct {
	arp    []arrival
	tick   time.Duration
	port   int
	frames [][]byte
}

type arrival struct {
	port  int
	frame []byte
}

func (s step) String() string {
	var text strings.Builder
	for _, a := range s.arp {
		fmt.Fprintf(&text, "by eth%d: % x\n", a.port, a.frame)
	}
	fmt.Fprintf(&text, "tick %v, then by eth%d\n", s.tick, s.port)
	for _, f := range s.frames {
		fmt.Fprintf(&text, "    % x\n", f)
	}
	return text.String()
}

// play returns what the router sent by each of its ports.
func (s step) play(m *machine) [][][]byte {
	sent := make([][][]byte, len(m.Ends))
	settle := func() {
		for i := range m.Ends {
			sent[i] = append(sent[i], m.taken(i)...)
		}
	}
	for _, a := range s.arp {
		m.Send(a.port, a.frame)
	}
	settle()
	m.types("tick " + s.tick.String())
	settle()
	for _, f := range s.frames {
		m.Send(s.port, f)
	}
	sent[s.port] = append(sent[s.port], m.taken(s.port)...) // all is taken: what it sent is there
	settle()
	return sent
}

// A model is a router of our own, of which we know what it knows. What it sends is
// lost.
type model struct {
	*rand.Rand
	r    *router
	busy map[int64]time.Duration // when something happened last at a millisecond of the second
}

func newModel(t *testing.T) *model {
	t.Helper()
	nowhere, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nowhere.Close() })
	c := parseFlags(slices.Concat([]string{"-port", "eth0=127.0.0.1:0,127.0.0.1:9", "-port", "eth1=127.0.0.1:0,127.0.0.1:9"}, framesFlags))
	for _, p := range c.ports {
		p.conn, p.remote = nowhere, unmapped(nowhere.LocalAddr().(*net.UDPAddr).AddrPort())
	}
	return &model{
		Rand: rand.New(rand.NewPCG(1, 2)),
		r:    newRouter(c.interfaces, c.routes, c.age, io.Discard),
		busy: make(map[int64]time.Duration),
	}
}

func (m *model) step() step {
	s := step{port: m.IntN(2)}
	// Who will be told of an error is known by then: else packets without end could
	// wait for him.
	for _, side := range m.r.sides {
		for _, n := range side.neighbours {
			if n.search == nil {
				continue
			}
			for _, w := range n.search.queue {
				if w.forwarded {
					s.arp = append(s.arp, m.introduce(w.src)...)
				}
			}
		}
	}
	s.tick = m.tick()
	for range 5 + m.IntN(20) {
		b := m.frame(s.port)
		if m.allowed(s.port, b) {
			s.frames = append(s.frames, b)
			m.take(s.port, b)
		}
	}
	return s
}

func (m *model) take(port int, b []byte) {
	p := m.portOf(port)
	if f, ok := parseFrame(b); ok && (f.dst == p.mac || f.dst == broadcast) {
		m.r.receive(p, f)
	}
}

func (m *model) portOf(i int) *port { return m.r.sides[i].port }

// introduce makes the next hop to an address known.
func (m *model) introduce(ip netip.Addr) []arrival {
	side, hop, ok := m.hop(ip)
	if n := side.neighbours[hop]; !ok || side.isLive(n) && m.r.clock.now-n.heard < framesAge-time.Second {
		return nil
	}
	p := arpPacket{op: arpReply, senderMAC: mac{2, 0, 0, 0, 0, byte(m.IntN(5))}, senderIP: hop, targetIP: side.ip.Addr()}
	f := frame{dst: side.port.mac, src: p.senderMAC, vid: side.vid, kind: typeARP, payload: p.pack()}
	port := 0
	if side.port != m.portOf(0) {
		port = 1
	}
	m.take(port, f.pack())
	return []arrival{{port, f.pack()}}
}

// hop is the way that a packet to ip takes; if none does, some side.
func (m *model) hop(ip netip.Addr) (*side, netip.Addr, bool) {
	way, ok := m.r.routes.lookup(ip)
	switch {
	case !ok:
		return m.r.sides[0], ip, false
	case way.gateway.IsValid():
		return way.out, way.gateway, true
	}
	return way.out, ip, true
}

// tick returns a time to pass, to a millisecond of the second at which nothing is
// due: whether that or what happens now comes first is free.
func (m *model) tick() time.Duration {
	d := time.Duration(1+m.IntN(400)) * time.Millisecond
	residue := func() int64 { return (m.r.clock.now + d).Milliseconds() % 1000 }
	for {
		last, ok := m.busy[residue()]
		if !ok || m.r.clock.now+d > last+8*time.Second {
			break
		}
		d += time.Millisecond
	}
	m.busy[residue()] = m.r.clock.now + d
	m.r.advance(d)
	return d
}

// address is one that matters, or one beside it.
func (m *model) address() netip.Addr {
	texts := []string{"10.1.0.1", "10.2.0.1", "10.4.0.1", "10.2.255.255", "8.9.9.9", "8.8.8.8", "10.4.128.7", "9.9.9.9", "224.0.0.5", "127.0.0.1"}
	if m.IntN(3) == 0 {
		return netip.MustParseAddr(texts[m.IntN(len(texts))])
	}
	return netip.AddrFrom4([4]byte{10, []byte{1, 2, 4}[m.IntN(3)], 0, byte(2 + m.IntN(4))})
}

// frame makes a frame for a port, every second one with some bytes changed or cut
// off.
func (m *model) frame(port int) []byte {
	f := frame{dst: m.portOf(port).mac, src: mac{2, 0, 0, 0, 0, byte(m.IntN(5))}}
	if port == 1 && m.IntN(2) == 0 {
		f.vid = 10
	}
	if m.IntN(4) == 0 {
		f.dst = broadcast
	}
	if m.IntN(4) == 0 {
		p := arpPacket{op: uint16(1 + m.IntN(3)), senderMAC: f.src, senderIP: m.address(), targetIP: m.address()}
		f.kind, f.payload = typeARP, p.pack()
	} else {
		msg := message{kind: []uint8{echoRequest, echoRequest, echoReply, unreachable, timeExceeded}[m.IntN(5)], rest: [4]byte{byte(m.IntN(9))}, data: make([]byte, m.IntN(80))}
		p := packet{ttl: []uint8{64, 64, 2, 1, 0}[m.IntN(5)], id: uint16(m.Uint32()), protocol: protocolICMP, src: m.address(), dst: m.address(), data: msg.pack()}
		if m.IntN(3) == 0 {
			p.protocol = 17
		}
		if m.IntN(5) == 0 {
			p.fragment = []uint16{moreFragments, 1, 0x4000, offsetMask}[m.IntN(4)]
		}
		if m.IntN(5) == 0 {
			p.options = bytes.Repeat([]byte{1}, 4*(1+m.IntN(10)))
		}
		f.kind, f.payload = typeIPv4, p.pack()
	}
	b := append(f.pack(), make([]byte, m.IntN(20))...)
	if m.IntN(2) == 0 {
		return b
	}
	for range 1 + m.IntN(2) {
		b[m.IntN(len(b))] = byte(m.Uint32())
	}
	if m.IntN(4) == 0 {
		b = b[:m.IntN(len(b))]
	}
	return b
}

// allowed tells whether all routers must do the same with a frame.
func (m *model) allowed(port int, b []byte) bool {
	p := m.portOf(port)
	f, ok := parseFrame(b)
	if !ok || f.dst != p.mac && f.dst != broadcast {
		return true
	}
	i := slices.IndexFunc(m.r.sides, func(s *side) bool { return s.port == p && s.vid == f.vid })
	if i < 0 {
		return true
	}
	switch f.kind {
	case typeARP:
		a, ok := parseARP(f.payload)
		return !ok || m.allowedARP(m.r.sides[i], a)
	case typeIPv4:
		p, ok := parsePacket(f.payload)
		return !ok || m.r.isNoStation(p.src) || m.r.isNoStation(p.dst) || m.allowedPacket(p, f.dst == broadcast)
	}
	return true
}

func (m *model) allowedARP(s *side, a arpPacket) bool {
	if a.senderMAC[0]&1 != 0 || a.senderMAC == (mac{}) || a.senderMAC == prober {
		return false
	}
	if a.senderIP.IsUnspecified() {
		return true
	}
	return s.ip.Contains(a.senderIP) && a.senderIP != s.ip.Addr() && a.senderIP != s.broadcast && a.senderIP != s.ip.Masked().Addr() && m.hasRoom(s, a.senderIP)
}

func (m *model) allowedPacket(p packet, toAll bool) bool {
	for _, s := range m.r.sides {
		if zero := s.ip.Masked().Addr(); p.src == zero || p.dst == zero || p.src == s.ip.Addr() {
			return false
		}
	}
	if slices.ContainsFunc(p.options, func(option byte) bool { return option > 1 }) {
		return false
	}
	if !m.r.isOwn(p.dst) {
		return toAll || m.allowedForward(p)
	}
	if toAll || p.protocol != protocolICMP || p.fragment&(offsetMask|moreFragments) != 0 || len(p.data) < icmpHeaderLen {
		return false
	}
	switch kind := p.data[0]; {
	case kind == echoRequest && p.data[1] == 0:
		return checksum(p.data) != 0 || m.mayWait(p.src)
	default:
		return kind == echoReply || slices.Contains(errorTypes, kind)
	}
}

func (m *model) allowedForward(p packet) bool {
	if p.protocol == protocolICMP && p.fragment&offsetMask == 0 {
		if len(p.data) == 0 || !slices.Contains([]uint8{0, 3, 4, 5, 8, 11, 12, 13, 14, 15, 16}, p.data[0]) {
			return false
		}
	}
	_, _, found := m.hop(p.dst)
	switch {
	case !found && p.ttl <= 1:
		return false // which of the two errors is sent is free
	case !found || p.ttl <= 1:
		return !mayComplain(p) || m.mayWait(p.src)
	}
	return m.mayWait(p.dst)
}

// mayWait tells whether there is room for one more packet to ip.
func (m *model) mayWait(ip netip.Addr) bool {
	s, hop, ok := m.hop(ip)
	if !ok {
		return true
	}
	n := s.neighbours[hop]
	return m.hasRoom(s, hop) && (n == nil || n.search == nil || len(n.search.queue) <= mostInWait)
}

// hasRoom tells whether a side may know ip.
func (m *model) hasRoom(s *side, ip netip.Addr) bool {
	if s.neighbours[ip] != nil {
		return true
	}
	known := 0
	for _, n := range s.neighbours {
		if s.isLive(n) || n.search != nil {
			known++
		}
	}
	return known < mostKnown
}

// describe says what frames a router sent, without what is free: how they follow
// each other, and most of what the router itself chooses.
func (m *model) describe(sent [][][]byte) []string {
	var list []string
	for port, frames := range sent {
		for _, b := range frames {
			list = append(list, fmt.Sprintf("eth%d ", port)+m.describeFrame(b))
		}
	}
	slices.Sort(list)
	return list
}

func (m *model) describeFrame(b []byte) string {
	f, _ := parseFrame(b)
	head := fmt.Sprintf("vlan %d %v > %v ", f.vid, f.src, f.dst)
	if a, ok := parseARP(f.payload); ok && f.kind == typeARP {
		return head + fmt.Sprintf("ARP %+v", a)
	}
	p, ok := parsePacket(f.payload)
	if !ok || f.kind != typeIPv4 {
		return fmt.Sprintf("% x", b)
	}
	if !m.r.isOwn(p.src) {
		return head + fmt.Sprintf("% x", p.pack())
	}
	msg, ok := parseMessage(p.data)
	if !ok {
		return head + fmt.Sprintf("damaged: % x", p.pack())
	}
	head += fmt.Sprintf("%v > %v ICMP %d ", p.src, p.dst, msg.kind)
	if msg.kind == echoReply {
		return head + fmt.Sprintf("code %d % x % x", msg.code, msg.rest, msg.data)
	}
	return head + m.describeError(p, msg)
}

// describeError says what an error is about. How much it quotes is free from eight
// bytes on, and which code tells that a gateway does not answer.
func (m *model) describeError(p packet, msg message) string {
	length := 4 * int(msg.data[0]&0xf)
	total := int(msg.data[2])<<8 | int(msg.data[3])
	if got := len(msg.data); got > total || got < min(total, length+8) || p.headerLen()+len(p.data) > maxErrorPacket {
		return fmt.Sprintf("quotes %d bytes", got)
	}
	way, ok := m.r.routes.lookup(netip.AddrFrom4([4]byte(msg.data[16:20])))
	code := fmt.Sprint(msg.code)
	if ok && way.gateway.IsValid() && msg.kind == unreachable && msg.code <= 1 {
		code = "0 or 1"
	}
	quote := bytes.Clone(msg.data[:min(total, length+8)])
	copy(quote[8:], []byte{0})     // the TTL: as received or one less
	copy(quote[10:], []byte{0, 0}) // and the checksum with it
	return fmt.Sprintf("code %s % x about % x", code, msg.rest, quote)
}

// A machine is a router program and our ends of its cables.
type machine struct {
	*devicetest.Device
	lines int // that routes prints
}

// startMachine starts a router with two ports.
func startMachine(t *testing.T, program string) *machine {
	t.Helper()
	ports := devicetest.Options{Ports: []string{"eth0", "eth1"}}
	return &machine{devicetest.Start(t, program, ports, append([]string{"router"}, framesFlags...)...), 6}
}

// types types a line and waits until it has been obeyed: until the lines of routes
// have come that is typed behind it.
func (m *machine) types(line string) {
	m.Type(line, "routes")
	for range m.lines {
		m.Line()
	}
}

// prober is the MAC of whoever probes; it is nobody else's.
var prober = mac{0x02, 'p', 'r', 'o', 'b', 'e'}

// taken waits until all frames that were sent to a port have been taken, and
// returns what came by it. It probes for the port's first address (RFC 5227), which
// is answered and changes nothing.
func (m *machine) taken(port int) (frames [][]byte) {
	probe := arpPacket{op: arpRequest, senderMAC: prober, senderIP: netip.IPv4Unspecified(), targetIP: netip.AddrFrom4([4]byte{10, byte(1 + port), 0, 1})}
	return m.Taken(port, frame{dst: broadcast, src: prober, kind: typeARP, payload: probe.pack()}.pack(), forProber)
}

// forProber tells whether a frame goes to the prober.
func forProber(b []byte) bool {
	f, ok := parseFrame(b)
	return ok && f.dst == prober
}
