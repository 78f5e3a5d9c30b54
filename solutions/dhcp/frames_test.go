package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wirebook/harness/devicetest"
)

// frameCount is how many frames each device is sent in all.
var frameCount = flag.Int("frames", 4_000, "send each device this many random frames")

// Whatever options come, no device dies of them.
func TestNothingKills(t *testing.T) {
	w := writer{rand.New(rand.NewPCG(5, 6))}
	for _, m := range startAll(t, append([]string{"server"}, lenderFlags...)...) {
		w.bombard(m, opRequest)
	}
	for _, m := range startAll(t, "client", "-mac", borrowerMAC.String()) {
		w.bombard(m, opReply)
	}
}

// bombard sends a machine messages of which the options are spoilt. It must obey still.
func (w writer) bombard(m *machine, op uint8) {
	for range *frameCount / 20 {
		m.sent()
		for range 20 {
			kind := option{optionType, []byte{byte(w.IntN(10))}}
			o := w.damaged(w.pack(kind, option{optionServer, []byte{10, 0, 0, 1}}, option{optionRequested, w.address().AsSlice()},
				option{optionLease, []byte{0, 0, 0, byte(w.IntN(90))}}, option{optionMask, []byte{255, 255, 255, 0}}))
			msg := message{op: op, xid: m.xid, flags: uint16(w.Uint32()), ciaddr: w.address(), yiaddr: w.address(), chaddr: borrowerMAC, options: o}
			d := datagram{src: w.address(), dst: everybody, srcPort: clientPort, dstPort: serverPort, data: msg.pack()}
			if op == opReply {
				d.srcPort, d.dstPort = serverPort, clientPort
			}
			m.Send(0, frame{dst: broadcast, src: mac{2, 0, 0, 0, 0, 9}, kind: typeIPv4, payload: d.pack()}.pack())
		}
		m.types("tick 7s")
	}
}

// startAll starts the model program and every variant.
func startAll(t *testing.T, args ...string) []*machine {
	t.Helper()
	var machines []*machine
	for _, program := range devicetest.Programs(t, "main.go", "flags.go", "card.go", "packet.go") {
		device := devicetest.Start(t, program.Path, devicetest.Options{Errors: true}, args...)
		machines = append(machines, &machine{Device: device, name: program.Name})
	}
	return machines
}

// compare lets something happen to all machines, and they must do the same.
func compare(t *testing.T, machines []*machine, what any, happen func(*machine) []string) {
	t.Helper()
	first := happen(machines[0])
	for _, m := range machines[1:] {
		if got := happen(m); !slices.Equal(got, first) {
			t.Fatalf("%s differs from the solution:\n got %q\nwant %q\nafter\n%v", m.name, got, first, what)
		}
	}
}

// A machine is a program and our end of its cable. What it prints is errors, too.
type machine struct {
	*devicetest.Device
	name string
	xid  uint32 // of the last message that it sent
}

// products are the lines that belong on standard output.
var products = regexp.MustCompile(`^(([0-9.]+  .*)|(bound|renewing|rebinding|lost|released) [0-9].*|init|selecting|requesting)$`)

// types types a line, waits until it has been obeyed and returns what was printed. It is
// when the next line, which is no command, has been reported.
func (m *machine) types(line string) (printed []string) {
	const unknown = "what"
	m.Type(line, unknown)
	for {
		line := m.Line()
		if strings.Contains(line, `"`+unknown+`"`) {
			return printed
		}
		if products.MatchString(line) {
			printed = append(printed, line)
		}
	}
}

// until returns what is sent up to and with the first frame of which last is true.
func (m *machine) until(last func(frame) bool) (sent []string) {
	for {
		f, _ := parseFrame(m.Receive(0))
		if f.dst != prober && f.kind != 0 {
			sent = append(sent, m.describe(f))
		}
		if last(f) {
			return sent
		}
	}
}

// prober is the MAC of whoever probes; it is nobody else's.
var prober = mac{0x02, 'p', 'r', 'o', 'b', 'e'}

// taken waits until all frames that were sent to a device with the address ip have been
// taken, and returns what it sent. It asks who has that address, which changes nothing.
func (m *machine) taken(ip netip.Addr) []string {
	b := binary.BigEndian.AppendUint16(bytes.Clone(arpStart), arpRequest)
	b = append(append(b, prober[:]...), make([]byte, 10)...)
	m.Send(0, frame{dst: broadcast, src: prober, kind: typeARP, payload: append(b, ip.AsSlice()...)}.pack())
	return m.until(func(f frame) bool { return f.dst == prober })
}

// sent returns what a device has sent that has dealt with all: a mark of our own follows it.
func (m *machine) sent() []string {
	mark := frame{src: prober}.pack()
	if _, err := m.Ends[0].WriteTo(mark, m.Ends[0].LocalAddr()); err != nil {
		m.T.Fatal(err)
	}
	return m.until(func(f frame) bool { return f.src == prober })
}

// describe says what a frame is, without what is free: what a client calls its
// conversation, and more options than are named.
func (m *machine) describe(f frame) string {
	d, ok := parseDatagram(f.payload)
	msg, isMessage := parseMessage(d.data)
	if !ok || !isMessage || f.kind != typeIPv4 {
		return fmt.Sprintf("% x", f.pack())
	}
	o := parseOptions(msg.options)
	text := fmt.Sprintf("%v > %v, %v:%d > %v:%d, op %d yiaddr %v chaddr %v type %d 54 %v", f.src, f.dst, d.src, d.srcPort, d.dst, d.dstPort,
		msg.op, msg.yiaddr, msg.chaddr, o.kind(), o[optionServer])
	if msg.op == opRequest {
		m.xid = msg.xid
		asks := o.kind() != typeRelease // then it is free
		for _, code := range wanted {
			asks = asks && bytes.IndexByte(o[optionList], code) >= 0
		}
		if o.kind() != typeDiscover { // a wish is free
			text += fmt.Sprintf(" 50 %v", o[optionRequested])
		}
		return text + fmt.Sprintf(" ciaddr %v, asks for options: %v", msg.ciaddr, asks)
	}
	text += fmt.Sprintf(" xid %x flags %x giaddr %v 51 %v", msg.xid, msg.flags, msg.giaddr, o[optionLease])
	if o.kind() == typeNAK {
		return text
	}
	return text + fmt.Sprintf(" 1 %v 3 %v 6 %v", o[optionMask], o[optionRouter], o[optionDNS])
}

// A writer makes messages and frames.
type writer struct{ *rand.Rand }

// An option is one of a message's.
type option struct {
	code  byte
	value []byte
}

// pack puts options in any order, others and padding between them, and anything behind
// their end.
func (w writer) pack(list ...option) []byte {
	for range w.IntN(3) {
		list = append(list, option{code: []byte{12, 60, 77, 200}[w.IntN(4)], value: make([]byte, one(w, 0, 7, 30, 200))})
	}
	var b optionWriter
	seen := make(map[byte]bool)
	for _, i := range w.Perm(len(list)) {
		if code := list[i].code; !seen[code] {
			seen[code] = true
			b.add(code, list[i].value...)
			b = append(b, make([]byte, w.IntN(2)*w.IntN(4))...)
		}
	}
	return append(b.end(), []byte{53, 1, 9, 50, 200}[:w.IntN(6)]...)
}

// damaged changes some bytes of a frame, or cuts it off.
func (w writer) damaged(b []byte) []byte {
	b = bytes.Clone(b)
	if w.IntN(4) == 0 {
		return b[:w.IntN(len(b))]
	}
	for range 1 + w.IntN(2) {
		b[w.IntN(min(len(b), 300))] ^= byte(1 + w.IntN(255))
	}
	return b
}

// address is one of 10.0.0.0/24, mostly of the pool, or of elsewhere.
func (w writer) address() netip.Addr {
	switch w.IntN(12) {
	case 0:
		return netip.AddrFrom4([4]byte{10, 0, 1, 5})
	case 1:
		return netip.AddrFrom4([4]byte{10, 0, 0, byte(w.IntN(256))})
	}
	return netip.AddrFrom4([4]byte{10, 0, 0, byte(w.IntN(10))})
}

func one[T any](w writer, choices ...T) T { return choices[w.IntN(len(choices))] }
