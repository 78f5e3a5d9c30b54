// Command generate prints random traffic for the tcp lesson in the script language:
//
//	generate SEED N    N events; the same arguments, the same traffic
//
// Two peers and somebody who types make a host listen, call, talk and close; segments come in
// order and out of it, with right and wrong numbers, for connections that are there, were or
// never have been; time passes, often to just when something is due. What the lesson leaves
// free is kept out. So the generator has a model of the host, and asks it before each event:
// text leaves in one segment each, and all but single octets is acknowledged before it would be
// sent again; what came behind a gap comes again as a whole; a window changes when nothing is
// under way; no two things are due at one moment.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: generate SEED N")
	}
	seed, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 1 {
		return fmt.Errorf("%q is not a number of events", args[1])
	}
	r := rand.New(rand.NewPCG(uint64(seed), 0))
	t := &traffic{Rand: r, host: &host{iss: -uint32(1 + r.IntN(40))}}
	fmt.Print(free)
	fmt.Println("cable lan")
	fmt.Printf("start host -ip %s/24 -mac 02-00-0a-00-00-01 -cable 127.0.0.1:0,$lan -iss %d -msl %dms\n", hostIP, t.iss, msl)
	for _, p := range peers {
		fmt.Printf("frame lan send arp spa=%s tpa=%s\n", p.ip, hostIP)
	}
	for range n {
		t.pass()
		for !t.event() {
		}
	}
	return nil
}

const hostIP = "10.0.0.1"

// free is what the lesson leaves free in the traffic that is made: the line FIN-WAIT-2 where
// one segment makes TIME-WAIT too; of a RST the window; of abort's, which does not begin at 0,
// whether it has ACK; of a segment without ACK the acknowledgment number.
const free = `# mask: \d+ FIN-WAIT-2\n((?:\d+: .*\n)*\d+ TIME-WAIT\n) => $1
# mask: TCP RST,ACK (seq [1-9]\d*) ack \d+ => TCP RST $1
# frames: arp but padding
# frames: ipv4 from=10.0.0.1 but ttl tos ipid flags padding
# frames: tcp from=10.0.0.1 but win psh urg urgptr
# frames: tcp from=10.0.0.1 flags=RST|RST,ACK but flags ack
# frames: tcp from=10.0.0.1 flags=SYN but ack
`

// A peer is a station at the other end of the cable.
type peer struct{ ip string }

var peers = []*peer{{"10.0.0.2"}, {"10.0.0.3"}}

type traffic struct {
	*rand.Rand
	*host
}

// pass lets time pass, to a moment from which on nothing will be due together with something
// else: all that falls due does so whole seconds after an event.
func (t *traffic) pass() {
	d := 1 + t.IntN(300)
	times := t.times()
	switch choice := t.IntN(12); {
	case choice < 3 && len(times) > 0:
		d = times[t.IntN(len(times))] - 1 - t.now // the last moment before
	case choice == 3:
		d = 1 + t.IntN(1<<t.IntN(18))
	}
	for b := t.blocked(); b != nil && b.due-margin/2 <= t.now+d; b = t.blocked() {
		t.tick(1 + t.IntN(max(1, b.due-margin-t.now)))
		s := t.next(b)
		if !t.receive(s) {
			panic("what is under way cannot be acknowledged")
		}
		t.print(s)
	}
	t.tick(max(d, 1))
	if t.IntN(6) == 0 {
		t.tick(1)
	}
}

// tick lets d pass, or a bit more.
func (t *traffic) tick(d int) {
	for t.isTaken(t.now + d) {
		d++
	}
	t.host.pass(d)
	fmt.Printf("tick host %dms\n", d)
}

// isTaken tells whether something is due at that moment of a second.
func (t *traffic) isTaken(now int) bool {
	for _, due := range t.times() {
		if (due-now)%second == 0 {
			return true
		}
	}
	return false
}

// event makes something happen; false means that what would come of it is free, so it has not.
func (t *traffic) event() bool {
	few := len(t.connections) < 5
	switch n := t.IntN(32); {
	case n == 0:
		return t.nothing()
	case n == 1:
		return t.stranger()
	case n < 5:
		return few && t.listen()
	case n < 8:
		return few && t.connect()
	case n < 16:
		return t.types()
	}
	return t.segment()
}

func (t *traffic) pick(choices ...string) string { return choices[t.IntN(len(choices))] }

func (t *traffic) peer() *peer { return peers[t.IntN(len(peers))] }

// one is a connection, or nil where there is none.
func (t *traffic) one() *connection {
	if len(t.connections) == 0 {
		return nil
	}
	return t.connections[t.IntN(len(t.connections))]
}

func (t *traffic) port() int { return 80 + t.IntN(2) }

func (t *traffic) listen() bool {
	c := t.add(&connection{state: "LISTEN", passive: true, local: t.port()})
	fmt.Printf("type host 'listen %d\\n'\n", c.local)
	return true
}

func (t *traffic) connect() bool {
	c := &connection{peer: t.peer(), remote: 40000 + t.IntN(2), local: 5000 + t.IntN(2)}
	if t.IntN(4) == 0 {
		c.local = t.port()
	}
	if t.find(c.peer, c.remote, c.local) == nil {
		t.add(c).begin("SYN-SENT")
	} // else it is an error
	fmt.Printf("type host 'connect %s %d %d\\n'\n", c.peer.ip, c.remote, c.local)
	return true
}

// types types a line for a connection, or one that is an error.
func (t *traffic) types() bool {
	c := t.one()
	if c == nil || t.IntN(20) == 0 {
		fmt.Printf("type host '%s\\n'\n", t.pick("listen 0", "connect 10.0.0.1 80", "connect 10.0.1.2 80 5000", "send 0 x", fmt.Sprintf("close %d", t.count+1), "listens 80", "abort"))
		return true
	}
	switch n := t.IntN(12); {
	case n < 4:
		fixed := c.close()
		if fixed {
			fmt.Printf("type host 'close %d\\n'\n", c.id)
		}
		return fixed
	case n == 4:
		fixed := c.abort()
		if fixed {
			fmt.Printf("type host 'abort %d\\n'\n", c.id)
		}
		return fixed
	}
	text := strings.Repeat(t.pick("a", "b ", "cde"), t.IntN(2)*t.IntN(16))
	fixed := c.send(len(text) + 1)
	if fixed {
		fmt.Printf("type host 'send %d %s\\n'\n", c.id, text)
	}
	return fixed
}

// next is the segment of a peer's that acknowledges all.
func (t *traffic) next(c *connection) segment {
	return segment{peer: c.peer, sport: c.remote, dport: c.local, seq: c.rcvNxt, hasAck: true, ack: c.nxt, win: c.window}
}

// segment sends one to a connection.
func (t *traffic) segment() bool {
	c := t.one()
	if c == nil {
		return t.stranger()
	}
	return t.sendIfFixed(t.to(c))
}

// to is a segment to a connection. A good part of them are such as move it on.
func (t *traffic) to(c *connection) segment {
	good := t.IntN(3) == 0
	switch {
	case c.state == "LISTEN":
		return t.call(c.local)
	case c.state == "SYN-SENT":
		return t.answer(c)
	case !good && c.state == "SYN-RECEIVED":
		s := t.vary(c)
		s.win = t.window()
		return s
	case !good:
		return t.vary(c)
	}
	s := t.next(c)
	switch c.state {
	case "SYN-RECEIVED":
		s.win = t.window()
	case "FIN-WAIT-1", "FIN-WAIT-2":
		s.fin = true
		s.ack -= uint32(min(t.IntN(2), len(c.flight)))
		if c.finAt != nil {
			s.size = after(*c.finAt, s.seq)
		}
	case "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT": // again, or late
		if t.IntN(2) == 0 {
			s.seq, s.fin = s.seq-1, true
		}
	}
	return s
}

func (t *traffic) window() int { return []int{100, 1000, 1<<16 - 1}[t.IntN(3)] }

// number is one with which a peer may begin.
func (t *traffic) number() uint32 { return uint32(t.IntN(80) - 60) }

// call is a segment to who has heard of nobody yet.
func (t *traffic) call(port int) segment {
	s := segment{peer: t.peer(), sport: 40000 + t.IntN(3), dport: port, seq: t.number(), ack: t.number(), win: t.IntN(1 << 16)}
	switch t.IntN(8) {
	case 0:
		s.rst, s.hasAck = true, t.IntN(2) == 0
	case 1:
		s.hasAck, s.size = true, t.IntN(3)
	case 2:
		s.syn, s.hasAck = true, true
	case 3:
		s.fin, s.hasAck, s.size = true, t.IntN(2) == 0, t.IntN(3)
	default:
		s.syn = true
	}
	return s
}

// answer is a segment to SYN-SENT.
func (t *traffic) answer(c *connection) segment {
	s := t.next(c)
	s.seq, s.win = t.number(), t.window()
	switch t.IntN(10) {
	case 0:
		s.rst = true
		if t.IntN(2) == 0 {
			s.ack++
		}
	case 1:
		s.rst, s.hasAck = true, false
	case 2:
		s.syn, s.ack = true, s.ack+uint32(t.IntN(2)*2)-1
	case 3:
		s.ack += uint32(t.IntN(3)) - 1
	case 4:
		s.fin, s.hasAck, s.size = true, false, t.IntN(3)
	case 5, 6:
		s.syn, s.hasAck = true, false
	default:
		s.syn = true
	}
	return s
}

// vary makes a segment with numbers that are next, or near to it.
func (t *traffic) vary(c *connection) segment {
	s := t.next(c)
	switch t.IntN(16) {
	case 0:
		s.rst, s.hasAck = true, t.IntN(2) == 0
		s.seq += []uint32{0, 0, 1, 1000, 70_000, 1<<32 - 1}[t.IntN(6)]
		return s
	case 1:
		s.syn, s.hasAck = true, t.IntN(2) == 0
		s.seq += []uint32{0, 1, 1000, 70_000, 1<<32 - 10}[t.IntN(5)]
		return s
	case 2:
		s.hasAck = false
	case 3: // acknowledges too much
		s.ack += []uint32{1, 2, 1000, 1 << 30}[t.IntN(4)]
	case 4, 5: // comes late
		s.ack, s.win = c.una-1-uint32(t.IntN(5)), t.IntN(200)
	case 6: // another window
		s.win = []int{0, 0, t.window()}[t.IntN(3)]
		return s
	case 7, 8:
		s.ack = c.una
	case 9, 10:
		s.ack = c.una + uint32(t.IntN(after(c.nxt, c.una)+1))
	}
	switch t.IntN(8) {
	case 0, 1:
		return s // without text
	case 2: // behind a gap
		s.seq += uint32(1 + t.IntN(8))
		if after(s.ack, c.una) > 0 {
			s.ack = c.una
		}
	case 3, 4: // overlapping
		s.seq -= uint32(min(t.IntN(8), after(c.rcvNxt, c.first)))
	case 5:
		s.seq += []uint32{70_000, 1<<32 - 70_000}[t.IntN(2)]
	}
	s.size = t.IntN(20)
	if t.IntN(4) > 0 { // most end a line
		for octet(s.seq+uint32(s.size)-1) != '\n' {
			s.size++
		}
	}
	if c.finAt != nil && after(*c.finAt, s.seq) >= 0 {
		s.size = min(s.size, after(*c.finAt, s.seq))
		s.fin = s.seq+uint32(s.size) == *c.finAt && t.IntN(8) > 0
	} else {
		s.fin = t.IntN(6) == 0
	}
	return s
}

func (t *traffic) sendIfFixed(s segment) bool {
	fixed := t.receive(s)
	if fixed {
		t.print(s)
	}
	return fixed
}

// stranger sends a segment that may be for nobody.
func (t *traffic) stranger() bool {
	return t.sendIfFixed(t.call([]int{80, 81, 82, 5000}[t.IntN(4)]))
}

func (t *traffic) print(s segment) {
	var flags []string
	for _, f := range []struct {
		is   bool
		name string
	}{{s.fin, "FIN"}, {s.syn, "SYN"}, {s.rst, "RST"}, {s.hasAck, "ACK"}} {
		if f.is {
			flags = append(flags, f.name)
		}
	}
	line := fmt.Sprintf("frame lan send tcp from=%s sport=%d dport=%d flags=%s seq=%d win=%d", s.peer.ip, s.sport, s.dport, strings.Join(flags, ","), s.seq, s.win)
	if flags == nil {
		line = strings.Replace(line, "flags=", "flags=none", 1)
	}
	if s.hasAck || t.IntN(2) == 0 {
		line += fmt.Sprintf(" ack=%d", s.ack)
	}
	if s.syn {
		line += t.pick("", " mss=60", " mss=536", " mss=1460", " opts=0204003c01010402", " opts=0103030702040100")
	}
	if s.size > 0 {
		line += fmt.Sprintf(" data='%s'", escape.Replace(text(s.seq, s.size)))
	}
	fmt.Printf("%s%s\n", line, t.pick("", "", fmt.Sprintf(" psh=1 pad=%d", t.IntN(6))))
}

var escape = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// text is what a peer sends from a number on: the same whenever it is sent.
func text(seq uint32, size int) string {
	b := make([]byte, size)
	for i := range b {
		b[i] = octet(seq + uint32(i))
	}
	return string(b)
}

// octet is the one that a peer sends with this number.
func octet(number uint32) byte {
	const lines = "one\ntwo words\r\n\nthree, and more\nfour\nfive \r six\n"
	return lines[number%uint32(len(lines))]
}

// nothing is a frame that is ignored.
func (t *traffic) nothing() bool {
	c := t.one()
	if c == nil || c.state == "LISTEN" {
		return false
	}
	line := fmt.Sprintf("frame lan send tcp from=%s sport=%d dport=%d seq=%d ack=%d", c.peer.ip, c.remote, c.local, c.rcvNxt, c.nxt)
	fmt.Println(line, t.pick("flags=RST", "flags=FIN,ACK", "flags=ACK data='x\\n'"),
		t.pick("sum=bad", "ipsum=bad", "off=4", "off=15", "offset=1", "to=10.0.0.9 dst=02-00-0a-00-00-01", "proto=17"))
	return true
}
