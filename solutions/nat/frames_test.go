package main

import (
	"bytes"
	"encoding/binary"
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

// frameCount is how many frames are sent in all, every third one with some bytes
// changed.
const frameCount = 3_000

// framesFlags are the command line of the routers that are compared. Ports are few, so
// that they are soon taken.
var framesFlags = strings.Fields("-mac inside=02-00-c0-a8-01-01 -ip inside=192.168.1.1/24" +
	" -mac outside=02-00-cb-00-71-01 -ip outside=203.0.113.1/24 -gateway 203.0.113.254 -ports 1024-1030 -age 1000000h" +
	" -forward tcp:80=192.168.1.80:80 -forward udp:1026=192.168.1.80:53 -forward " + lastForward + "=192.168.1.80:9")

// lastForward is the mapping that a table has as its last line.
const lastForward = "udp:65535"

// Who is there, and known by ARP.
var (
	houseStations = addrs("192.168.1.2", "192.168.1.3", "192.168.1.80")
	worldStations = addrs("203.0.113.9", "203.0.113.254")
)

func addrs(texts ...string) (list []netip.Addr) {
	for _, text := range texts {
		list = append(list, netip.MustParseAddr(text))
	}
	return list
}

// The model program and every variant do the same with the same frames and the
// same time, but for what the lesson leaves free.
func TestVariantsDoTheSame(t *testing.T) {
	programs := devicetest.Programs(t, "main.go", "flags.go", "port.go", "packet.go", "clock.go", "side.go")
	m := newModel(t)
	var machines []*machine
	for _, program := range programs {
		machine := startMachine(t, program.Path)
		for _, a := range m.introductions() {
			machine.Send(a.port, a.frame)
			machine.taken(a.port)
		}
		machines = append(machines, machine)
	}
	for frames := 0; frames < frameCount; {
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

// A step is what happens to a router: time passes, frames come by one port.
type step struct {
	tick   time.Duration
	port   int
	frames [][]byte
	thirds [][]byte // then by inside: the third segments of handshakes
}

func (s step) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "tick %v, then by %s\n", s.tick, portNames[s.port])
	for _, f := range s.frames {
		fmt.Fprintf(&text, "    % x\n", f)
	}
	for _, f := range s.thirds {
		fmt.Fprintf(&text, "then by inside\n    % x\n", f)
	}
	return text.String()
}

var portNames = []string{"inside", "outside"}

// play returns the table before the frames, and what the router sent by each port.
func (s step) play(m *machine) (table []string, sent [][][]byte) {
	table = m.types("tick " + s.tick.String())
	for _, f := range s.frames {
		m.Send(s.port, f)
	}
	sent = make([][][]byte, len(m.Ends))
	sent[s.port] = m.taken(s.port)
	for _, f := range s.thirds {
		m.Send(0, f)
	}
	for port := range sent { // inside first: when all is taken, what it sent is there
		sent[port] = append(sent[port], m.taken(port)...)
	}
	return table, sent
}

// A model is a router of our own, of which we know what it knows. What it sends is
// lost.
type model struct {
	*rand.Rand
	n *nat
}

func newModel(t testing.TB) *model {
	t.Helper()
	nowhere, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nowhere.Close() })
	return newModelOn(nowhere, nowhere)
}

// newModelOn makes a model whose cables are loops.
func newModelOn(sockets ...*net.UDPConn) *model {
	c := parseFlags(slices.Concat([]string{"-port", "inside=127.0.0.1:0,127.0.0.1:9", "-port", "outside=127.0.0.1:0,127.0.0.1:9"}, framesFlags))
	for i, p := range c.ports {
		p.conn, p.remote = sockets[i], unmapped(sockets[i].LocalAddr().(*net.UDPAddr).AddrPort())
	}
	clock := &clock{}
	m := &model{
		Rand: rand.New(rand.NewPCG(1, 2)),
		n:    newNAT(newSide(c.inside, c.age, clock), newSide(c.outside, c.age, clock), c.rules, clock, io.Discard),
	}
	for _, a := range m.introductions() {
		m.take(a.port, a.frame)
	}
	return m
}

func (m *model) side(port int) *side { return []*side{m.n.inside, m.n.outside}[port] }

type arrival struct {
	port  int
	frame []byte
}

// introductions are the ARP packets by which the stations become known.
func (m *model) introductions() (list []arrival) {
	for port, stations := range [][]netip.Addr{houseStations, worldStations} {
		s := m.side(port)
		for _, station := range stations {
			p := arpPacket{op: arpReply, senderMAC: stationMAC(station), senderIP: station, targetIP: s.addr()}
			list = append(list, arrival{port, frame{dst: s.port.mac, src: p.senderMAC, kind: typeARP, payload: p.pack()}.pack()})
		}
	}
	return list
}

func stationMAC(a netip.Addr) mac {
	octets := a.As4()
	return mac{2, 0, octets[0], octets[1], octets[2], octets[3]}
}

func (m *model) take(port int, b []byte) {
	s := m.side(port)
	if f, ok := parseFrame(b); ok && (f.dst == s.port.mac || f.dst == broadcast) {
		receive(m.n, s, f)
	}
}

// step makes up what happens next, and does it to the model.
func (m *model) step() step {
	s := step{port: m.IntN(2), tick: m.time()}
	m.n.clock.advance(s.tick)
	before := m.thirds()
	for range 1 + m.IntN(12) {
		b := m.frame(s.port)
		if m.allowed(s.port, b) {
			s.frames = append(s.frames, b)
			m.take(s.port, b)
		}
	}
	for c, b := range m.thirds() {
		if before[c] == nil {
			s.thirds = append(s.thirds, b)
			m.take(0, b)
		}
	}
	slices.SortFunc(s.thirds, bytes.Compare) // their order makes no difference
	return s
}

// thirds are the third segments of the handshakes of all established connections. Whether
// one is established without it is free, so it is sent before the table is seen.
func (m *model) thirds() map[*connection][]byte {
	all := make(map[*connection][]byte)
	for _, mapping := range m.n.table.byInside {
		for other, c := range mapping.connections {
			if c.isEstablished() {
				all[c] = m.third(mapping.inside, other)
			}
		}
	}
	return all
}

func (m *model) third(src, dst end) []byte {
	b := make([]byte, layouts[protocolTCP].size)
	binary.BigEndian.PutUint16(b[0:], src.number)
	binary.BigEndian.PutUint16(b[2:], dst.number)
	b[12], b[flagsAt] = 5<<4, ack
	p := packet{ttl: 64, protocol: protocolTCP, src: src.addr, dst: dst.addr, data: b}
	p.length = uint16(p.headerLen() + len(p.data))
	return frame{dst: m.n.inside.port.mac, src: mac{2, 0, 0, 0, 0, 1}, kind: typeIPv4, payload: p.pack()}.pack()
}

// time is how long nothing happens: often to the moment at which something ends, or
// just before it.
func (m *model) time() time.Duration {
	whole := []time.Duration{0, time.Second, 10 * time.Second, echoLife, transitoryLife, udpLife, 1000 * time.Second, establishedLife}
	d := whole[min(m.IntN(len(whole)), m.IntN(len(whole)))] - time.Duration(m.IntN(2))*time.Millisecond
	return max(0, d)
}

func pick[T any](m *model, choices ...T) T { return choices[m.IntN(len(choices))] }

// frame makes a frame for a port.
func (m *model) frame(port int) []byte {
	s := m.side(port)
	f := frame{dst: s.port.mac, src: mac{2, 0, 0, 0, 0, 1}, kind: typeIPv4}
	p := m.packet(port)
	f.payload = p.pack()
	b := append(f.pack(), make([]byte, m.IntN(20))...)
	if m.IntN(3) > 0 {
		return b
	}
	for range 1 + m.IntN(2) {
		b[m.IntN(len(b))] = byte(m.Uint32())
	}
	if m.IntN(4) == 0 {
		b = b[:m.IntN(len(b))]
	}
	if header := frameHeaderLen + ipv4HeaderLen; m.IntN(2) == 0 && len(b) >= header && b[frameHeaderLen] == 0x45 {
		binary.BigEndian.PutUint16(b[frameHeaderLen+10:], 0)
		binary.BigEndian.PutUint16(b[frameHeaderLen+10:], checksum(b[frameHeaderLen:header]))
	}
	return b
}

// packet makes a packet that may pass: from the house to the world, or the other way.
func (m *model) packet(port int) packet {
	house, world := pick(m, houseStations...), m.worldAddr()
	if port == 1 {
		return m.between(world, m.n.outside.addr(), m.worldNumber(), m.mappedNumber(), m.worldAddr())
	}
	to, number := world, m.worldNumber()
	if m.IntN(5) == 0 {
		to, number = m.n.outside.addr(), m.mappedNumber()
	}
	if m.IntN(20) == 0 {
		to = pick(m, addrs("192.168.1.1", "192.168.1.3", "255.255.255.255", "224.0.0.1", "10.0.0.1")...)
	}
	if m.IntN(20) == 0 {
		house = pick(m, addrs("192.168.1.1", "192.168.1.0", "192.168.1.255", "10.0.0.1", "203.0.113.9")...)
	}
	return m.between(house, to, m.houseNumber(house), number, pick(m, houseStations...))
}

func (m *model) worldAddr() netip.Addr {
	return pick(m, addrs("198.51.100.7", "198.51.100.8", "203.0.113.9")...)
}

func (m *model) worldNumber() uint16 { return pick[uint16](m, 7, 80) }

func (m *model) mappedNumber() uint16 {
	return pick[uint16](m, 80, 1023, 1024, 1025, 1026, 1027, 1028, 1029, 1030, 1031)
}

func (m *model) houseNumber(house netip.Addr) uint16 {
	if house == houseStations[2] {
		return pick[uint16](m, 80, 53, 9, 1024)
	}
	return pick[uint16](m, 1024, 1028, 5000, 5001)
}

// between makes a packet from one end to another. If it is an error, asked is whom the
// packet that it quotes went to.
func (m *model) between(src, dst netip.Addr, from, to uint16, asked netip.Addr) packet {
	p := packet{
		tos: uint8(m.Uint32()), id: uint16(m.Uint32()), ttl: pick[uint8](m, 64, 64, 64, 64, 255, 2, 1, 0),
		protocol: pick[uint8](m, protocolICMP, protocolTCP, protocolTCP, protocolUDP), src: src, dst: dst,
	}
	if m.IntN(8) == 0 {
		p.options = bytes.Repeat([]byte{1}, 4*(1+m.IntN(10)))
	}
	switch kind := pick[uint8](m, echoRequest, echoReply, unreachable, timeExceeded, badParameter, 5); {
	case p.protocol != protocolICMP:
		p.data = m.body(p, from, to)
	case kind == echoRequest || kind == echoReply:
		number := from
		if kind == echoReply {
			number = to
		}
		p.data = m.echo(kind, number)
	default:
		p.data = message{kind: kind, code: uint8(m.IntN(4)), rest: [4]byte{2: 5, 3: byte(m.Uint32())}, data: m.quote(asked, dst, from, to)}.pack()
	}
	p.length = uint16(p.headerLen() + len(p.data))
	return p
}

// body makes a UDP datagram or a TCP segment; its checksum is any.
func (m *model) body(p packet, from, to uint16) []byte {
	b := make([]byte, layouts[p.protocol].size+m.IntN(30))
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	binary.BigEndian.PutUint16(b[0:], from)
	binary.BigEndian.PutUint16(b[2:], to)
	if p.protocol == protocolUDP {
		binary.BigEndian.PutUint16(b[4:], uint16(len(b)))
		binary.BigEndian.PutUint16(b[6:], pick[uint16](m, 0, 0xffff, 0xfffe, 1, uint16(m.Uint32())))
		return b
	}
	b[12] = 5 << 4
	b[flagsAt] = pick[uint8](m, syn, syn, syn, syn|ack, syn|ack, ack, ack, fin|ack, fin|ack, rst, rst|ack, 0)
	return b
}

func (m *model) echo(kind uint8, number uint16) []byte {
	echo := message{kind: kind, rest: [4]byte{byte(number >> 8), byte(number)}, data: make([]byte, m.IntN(20))}
	b := echo.pack()
	if m.IntN(4) == 0 {
		b[2] ^= byte(m.Uint32()) // damaged
	}
	return b
}

// quote makes the beginning of a packet that an error is about: it went the other way,
// from who receives the error to asked.
func (m *model) quote(asked, receiver netip.Addr, from, to uint16) []byte {
	q := packet{id: 7, ttl: uint8(m.Uint32()), protocol: pick[uint8](m, protocolICMP, protocolTCP, protocolUDP), src: receiver, dst: asked}
	if q.protocol == protocolICMP {
		q.data = m.echo(pick[uint8](m, echoRequest, echoRequest, echoReply), to)
	} else {
		q.data = m.body(q, to, from)
	}
	if m.IntN(5) == 0 {
		q.options = []byte{1, 1, 1, 0}
	}
	q.length = uint16(q.headerLen() + len(q.data) + m.IntN(100))
	b := q.pack()
	return b[:len(b)-min(m.IntN(20), m.IntN(20), len(q.data))]
}

// allowed tells whether all routers must do the same with a frame.
func (m *model) allowed(port int, b []byte) bool {
	s := m.side(port)
	f, ok := parseFrame(b)
	if !ok || f.dst != s.port.mac && f.dst != broadcast || f.kind != typeIPv4 && f.kind != typeARP {
		return true
	}
	p, ok := parsePacket(f.payload)
	switch {
	case f.kind == typeARP || f.dst == broadcast:
		return false
	case !ok:
		return true
	case p.isFragment() || m.isOdd(p):
		return false
	case port == 1:
		return m.allowedFromOutside(p)
	}
	return m.allowedFromInside(p)
}

// isOdd tells whether what a packet carries is of a kind that is free.
func (m *model) isOdd(p packet) bool {
	if !translatable(p) {
		return false
	}
	switch {
	case p.end(source).number == 0 || p.end(destination).number == 0:
		return true
	case p.protocol == protocolUDP:
		return int(binary.BigEndian.Uint16(p.data[4:])) != len(p.data)
	case p.protocol == protocolTCP:
		offset := 4 * int(p.data[12]>>4)
		return offset < layouts[protocolTCP].size || offset > len(p.data)
	}
	return false
}

func (m *model) allowedFromInside(p packet) bool {
	if !m.n.inside.isStation(p.src) || p.src == m.n.inside.addr() {
		return true
	}
	msg, whole := messageOf(p)
	own := p.dst == m.n.inside.addr() || p.dst == m.n.outside.addr()
	switch {
	case !slices.Contains(houseStations, p.src): // an answer would wait for ARP
		return false
	case own && p.protocol == protocolICMP && len(p.data) > 0 && p.data[0] == echoRequest:
		return whole
	case m.n.inside.ip.Contains(p.dst) || p.dst.IsMulticast() || p.dst == everybody:
		return true
	case !m.isSomebody(p.dst):
		return false
	case whole && msg.isError():
		return p.dst != m.n.outside.addr() && allowedQuote(msg)
	case !translatable(p) || p.protocol == protocolICMP && p.data[0] != echoRequest:
		return true
	}
	return m.allowedOut(p)
}

// isSomebody tells whether what is sent to an address outside goes to a station that
// is known. What becomes of some addresses is free.
func (m *model) isSomebody(a netip.Addr) bool {
	if m.n.outside.ip.Contains(a) {
		return a == m.n.outside.addr() || slices.Contains(worldStations, a)
	}
	first := a.As4()[0]
	return first != 0 && first != 127 && first < 240
}

func allowedQuote(m message) bool {
	q, ok := parseHeader(m.data)
	return !ok || !q.isFragment() && checksum(m.data[:q.headerLen()]) == 0
}

func (m *model) allowedOut(p packet) bool {
	m.n.table.forgetEnded()
	receiver := p.end(destination)
	own, back := m.n.table.byInside[p.end(source)], p.dst == m.n.outside.addr()
	to := m.n.table.byPort[receiver.key()]
	switch {
	case own == nil && p.protocol == protocolTCP && !begins(p):
		return true
	case p.ttl <= 1 && back:
		return false
	case p.ttl <= 1 || back && to == nil: // dropped: whether it makes or prolongs a mapping is free
		return own != nil && (own.forward || p.protocol != protocolTCP && own.until == m.n.clock.now+lives[p.protocol])
	case p.protocol != protocolTCP:
		return true
	case begins(p) && p.data[flagsAt]&(fin|rst) != 0:
		return false
	case own != nil && !own.forward && p.ttl > 1 && !allowedSegment(own.connections[receiver], p, begins(p)):
		return false
	case back && !to.forward:
		return own != nil && own != to && allowedSegment(to.connections[m.n.outer(own)], p, false)
	}
	return true
}

// allowedSegment tells whether it is fixed what a segment does to its connection, which
// is nil if it has none.
func allowedSegment(c *connection, p packet, begins bool) bool {
	if begins {
		return c == nil || !c.isEstablished()
	}
	return c != nil && !c.isOver()
}

func (m *model) allowedFromOutside(p packet) bool {
	if m.n.inside.ip.Contains(p.src) || p.src == m.n.outside.addr() {
		return false
	}
	if p.dst != m.n.outside.addr() || p.ttl <= 1 {
		return true
	}
	if msg, whole := messageOf(p); whole && msg.isError() {
		return allowedQuote(msg)
	}
	if !translatable(p) || p.protocol != protocolTCP {
		return true
	}
	m.n.table.forgetEnded()
	to := m.n.table.byPort[p.end(destination).key()]
	return to == nil || to.forward || allowedSegment(to.connections[p.end(source)], p, false)
}

// describe says what a router did in a step, without what is free.
func (m *model) describe(table []string, sent [][][]byte) []string {
	list := slices.Clone(table)
	for port, frames := range sent {
		for _, b := range frames {
			list = append(list, portNames[port]+" "+m.describeFrame(port, b))
		}
	}
	return list
}

func (m *model) describeFrame(port int, b []byte) string {
	f, _ := parseFrame(b)
	p, ok := parsePacket(f.payload)
	if !ok || f.kind != typeIPv4 {
		return fmt.Sprintf("% x", b)
	}
	head := fmt.Sprintf("%v > %v ", f.src, f.dst)
	msg, isMessage := messageOf(p)
	switch back := port == 0 && p.src == m.n.outside.addr(); {
	case isMessage && (back || p.src == m.n.inside.addr()):
		return head + describeOwn(p, msg)
	case back:
		p.ttl = 0 // free
	}
	p.data = withOneZero(p)
	if isMessage && msg.isError() {
		if q, ok := msg.quote(); ok {
			q.data = withOneZero(q)
			copy(p.data[icmpHeaderLen+q.headerLen():], q.data)
			copy(p.data[2:], []byte{0, 0}) // it is right
		}
	}
	return head + fmt.Sprintf("% x", p.pack())
}

// withOneZero is what a packet carries, where a checksum of TCP or ICMP that is zero is
// written in one of its two forms.
func withOneZero(p packet) []byte {
	b := bytes.Clone(p.data)
	if at := layouts[p.protocol].sum; p.protocol != protocolUDP && at > 0 && len(b) >= at+2 && binary.BigEndian.Uint16(b[at:]) == 0xffff {
		copy(b[at:], []byte{0, 0})
	}
	return b
}

// describeOwn says what a message of the router itself says. How much an error quotes
// is free from eight bytes on.
func describeOwn(p packet, msg message) string {
	head := fmt.Sprintf("%v > %v ICMP %d code %d % x ", p.src, p.dst, msg.kind, msg.code, msg.rest)
	if !msg.isError() {
		return head + fmt.Sprintf("% x", msg.data)
	}
	q, ok := parseHeader(msg.data)
	most := int(q.length)
	least := min(most, q.headerLen()+quotedLen)
	if got := len(msg.data); !ok || got < least || got > most {
		return head + fmt.Sprintf("quotes %d bytes: % x", got, msg.data)
	}
	return head + fmt.Sprintf("about % x", msg.data[:least])
}

// A machine is a router program and our ends of its cables.
type machine struct{ *devicetest.Device }

// startMachine starts a router.
func startMachine(t *testing.T, program string) *machine {
	t.Helper()
	ports := devicetest.Options{Ports: portNames}
	return &machine{devicetest.Start(t, program, ports, append([]string{"router"}, framesFlags...)...)}
}

// types types a line, and returns the table after it.
func (m *machine) types(line string) (table []string) {
	m.Type(line, "table")
	for {
		table = append(table, m.Line())
		if strings.HasSuffix(table[len(table)-1], ":65535  forward") {
			return table
		}
	}
}

// prober is the MAC of whoever probes; it is nobody else's.
var prober = mac{0x02, 'p', 'r', 'o', 'b', 'e'}

// taken waits until all frames that were sent to a port have been taken, and returns
// what came by it. It probes for the port's address (RFC 5227), which is answered and
// changes nothing.
func (m *machine) taken(port int) (frames [][]byte) {
	own := addrs("192.168.1.1", "203.0.113.1")[port]
	probe := arpPacket{op: arpRequest, senderMAC: prober, senderIP: netip.IPv4Unspecified(), targetIP: own}
	return m.Taken(port, frame{dst: broadcast, src: prober, kind: typeARP, payload: probe.pack()}.pack(), forProber)
}

// forProber tells whether a frame goes to the prober.
func forProber(b []byte) bool {
	f, ok := parseFrame(b)
	return ok && f.dst == prober
}
