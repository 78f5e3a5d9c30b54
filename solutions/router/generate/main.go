// Command generate prints random traffic for the router lesson in the script
// language:
//
//	generate SEED N    N events; the same arguments, the same traffic
//
// Stations of three networks send each other packets through a router, right and
// wrong ones; some answer its questions, some do not; time passes. What the lesson
// leaves free is kept out: no two things fall due at one moment, no more packets
// wait than have room, those that wait together came by one port, and nobody asks
// for the router's MAC while it asks for his.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
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
	t := newTraffic(rand.New(rand.NewPCG(uint64(seed), 0)))
	fmt.Println("# frames: arp but padding")
	fmt.Println("# frames: ipv4 but padding")
	own := "from=" + t.sides[0].ip + "|" + t.sides[1].ip + "|" + t.sides[2].ip
	fmt.Println("# frames: ipv4 " + own + " but ttl tos ipid flags options")
	fmt.Println("# frames: icmp type=3|11 " + own + " but quote")
	fmt.Println("cable eth0")
	fmt.Println("cable eth1")
	fmt.Println("start router -port eth0=127.0.0.1:0,$eth0 -mac eth0=" + t.sides[0].mac +
		" -port eth1=127.0.0.1:0,$eth1 -mac eth1=" + t.sides[1].mac +
		" -ip eth0=10.1.0.1/16 -ip eth1=10.2.0.1/16 -ip eth1.10=10.4.0.1/16" +
		" -route 8.0.0.0/8=10.2.0.2 -route 10.4.128.0/17=10.1.0.2 -route 8.8.0.0/16=10.4.0.2 -route 8.9.1.1/32=10.1.0.2" +
		fmt.Sprintf(" -age %dms", age))
	for range n {
		t.pass()
		t.event()
	}
	return nil
}

// All times are milliseconds.
const (
	age    = 4000
	second = 1000
	search = 3 * second
	room   = 3
)

// A side is an interface of the router.
type side struct {
	cable, mac, ip string
	tag            string // as a field of a frame
	stations       []*station
}

// A station is what the generator knows of a neighbour as the router sees him.
type station struct {
	*side
	ip      string
	known   bool
	heard   int // known: the last packet that confirmed it
	asked   bool
	asking  int      // asked: since when
	waiting []parcel // asked
	gateway bool     // the code of the error about him is free
}

// A parcel is a packet that waits.
type parcel struct {
	from *station // who will be told; nil: nobody, it is the router's own
}

type traffic struct {
	*rand.Rand
	now   int
	sides []*side
	busy  map[int]int // when something happened last at a millisecond of the second
}

func newTraffic(r *rand.Rand) *traffic {
	t := &traffic{Rand: r, busy: make(map[int]int)}
	t.sides = []*side{
		{cable: "eth0", mac: "02-00-0a-01-00-01", ip: "10.1.0.1"},
		{cable: "eth1", mac: "02-00-0a-02-00-01", ip: "10.2.0.1"},
		{cable: "eth1", mac: "02-00-0a-02-00-01", ip: "10.4.0.1", tag: " vlan=10"},
	}
	for _, s := range t.sides {
		for _, last := range []string{"2", "9", "77"} {
			s.stations = append(s.stations, &station{side: s, ip: strings.TrimSuffix(s.ip, "1") + last, gateway: last == "2"})
		}
	}
	return t
}

func (t *traffic) all() []*station {
	var all []*station
	for _, s := range t.sides {
		all = append(all, s.stations...)
	}
	return all
}

// pass lets time pass, to a millisecond of the second at which nothing is due:
// all that falls due does so whole seconds after an event.
func (t *traffic) pass() {
	d := 1 + t.IntN(400)
	if t.IntN(6) == 0 {
		d = 1 + t.IntN(search+second)
	}
	for t.isBusy(t.now + d) {
		d++
	}
	t.prepare(t.now + d)
	t.now += d
	t.busy[t.now%second] = t.now
	fmt.Printf("tick router %dms\n", d)
	for _, s := range t.all() {
		if s.asked && t.now >= s.asking+search {
			s.asked, s.waiting = false, nil
		}
	}
}

func (t *traffic) isBusy(now int) bool {
	last, ok := t.busy[now%second]
	return ok && now <= last+2*search
}

// prepare sees to it that a search that ends by then has one outcome: one error,
// to somebody who is known, or none.
func (t *traffic) prepare(then int) {
	for _, s := range t.all() {
		end := s.asking + search
		if !s.asked || then < end {
			continue
		}
		told := slices.DeleteFunc(slices.Clone(s.waiting), func(p parcel) bool { return p.from == nil })
		teller := s
		switch {
		case len(told) > 1 || len(told) == 1 && s.gateway:
		case len(told) == 1 && !(told[0].from.known && end < told[0].from.heard+age):
			teller = told[0].from
		default:
			continue
		}
		// What came last may have come by the other cable, and could be overtaken.
		fmt.Println("tick router 0s")
		t.tells(teller)
	}
}

func (t *traffic) event() {
	s := t.station()
	switch t.IntN(20) {
	case 0, 1:
		t.tells(s)
	case 2:
		t.overheard(s)
	case 3:
		fmt.Println(t.pick(`type router 'arp\n'`, `type router 'arp\n'`, `type router 'routes\n'`))
	case 4, 5:
		t.echo(s)
	case 6, 7, 8, 9, 10:
		t.nothing(s)
	default:
		t.sends(s)
	}
}

func (t *traffic) station() *station {
	s := t.sides[t.IntN(len(t.sides))]
	return s.stations[t.IntN(len(s.stations))]
}

func (t *traffic) live(s *station) bool { return s.known && t.now < s.heard+age }

// send prints a frame of a station's. Its priority does not matter, and a tag that has
// only that is none.
func (t *traffic) send(s *station, words string) {
	kind, fields, _ := strings.Cut(words, " ")
	tag := s.tag
	if t.IntN(4) == 0 {
		if tag == "" {
			tag = " vlan=0"
		}
		tag += fmt.Sprintf(" prio=%d", t.IntN(8))
	}
	fmt.Printf("frame %s send %s%s %s\n", s.cable, kind, tag, fields)
}

// arrives notes that a packet leaves by a next hop, now or when he is known. It
// is false where what would happen is free.
func (t *traffic) arrives(hop *station, p parcel) bool {
	if t.live(hop) {
		return true
	}
	if len(hop.waiting) > 0 {
		first := hop.waiting[0]
		if len(hop.waiting) == room || first.from == nil || p.from == nil || first.from.cable != p.from.cable {
			return false
		}
	}
	if !hop.asked {
		hop.asked, hop.asking = true, t.now
	}
	hop.waiting = append(hop.waiting, p)
	return true
}

// sends is a packet that is to be passed on.
func (t *traffic) sends(s *station) {
	to, hop := t.target(s)
	fields := fmt.Sprintf("from=%s to=%s dst=%s", s.ip, to, s.mac)
	kind := t.pick("udp", "icmp", "icmp type=reply", "ipv4 flags=1", "udp flags=2 tos=184", "udp flags=4", "udp options=01010101", "icmp options=9404000001010101")
	silent := t.IntN(4) == 0
	if silent {
		kind = t.pick("ipv4 offset=185", "ipv4 offset=4097", "icmp type=3 code=1 id=0 seq=0", "icmp type=4 id=0 seq=0", "icmp type=12 id=0 seq=0",
			"icmp type=11 id=0 seq=0 options=01010101")
	}
	ttl := t.pick("64", "64", "255", "3", "2", "1", "0")
	late := ttl == "1" || ttl == "0"
	switch {
	case hop == nil && late:
		return // two faults: which is told is free
	case (hop == nil || late) && !silent:
		if !t.arrives(s, parcel{}) {
			return
		}
	case hop == nil || late:
	default:
		teller := s
		if silent {
			teller = nil
		}
		// Whoever tells nobody waits like the router's own, but in order of
		// his port: one at a time.
		if !t.arrives(hop, parcel{teller}) {
			return
		}
	}
	t.send(s, fmt.Sprintf("%s %s ttl=%s ipid=%d size=%d pad=%d", kind, fields, ttl, t.IntN(1<<16), t.size(), t.IntN(20)))
}

// size is how many bytes a packet carries.
func (t *traffic) size() int {
	if t.IntN(10) == 0 {
		return 500 + t.IntN(900)
	}
	return t.IntN(60)
}

// target is an address somewhere else, and the next hop on the way there: nil if
// there is none.
func (t *traffic) target(s *station) (ip string, hop *station) {
	for {
		switch t.IntN(8) {
		case 0:
			ip, hop = t.pick("8.9.1.0", "8.9.1.2", "8.0.1.1", "8.255.1.1"), t.sides[1].stations[0]
			if t.IntN(4) == 0 {
				ip, hop = "8.9.1.1", t.sides[0].stations[0]
			}
		case 1:
			ip, hop = "8.8.255.255", t.sides[2].stations[0]
		case 2:
			ip, hop = "10.4."+t.pick("128.1", "255.254"), t.sides[0].stations[0]
		case 3:
			return t.pick("9.0.0.1", "7.255.255.255", "10.3.0.1", "192.168.1.1", "169.255.0.1", "223.255.255.255"), nil
		default:
			hop = t.station()
			ip = hop.ip
		}
		if hop != s {
			return ip, hop
		}
	}
}

// echo is a ping for the router.
func (t *traffic) echo(s *station) {
	if !t.arrives(s, parcel{}) {
		return
	}
	t.send(s, fmt.Sprintf("icmp from=%s to=%s dst=%s ttl=%s id=%d seq=%d size=%d pad=%d%s", s.ip, t.router(), s.mac,
		t.pick("64", "1"), t.IntN(1<<16), t.IntN(1<<16), t.size(), t.IntN(20), t.pick("", "", " options=01010101")))
}

// router is one of the router's addresses.
func (t *traffic) router() string { return t.sides[t.IntN(len(t.sides))].ip }

// tells is an ARP packet for the router.
func (t *traffic) tells(s *station) {
	op := t.pick("1", "2", "2", "2", "3", "258")
	if op == "1" && s.asked {
		op = "2" // whether the answer or what waits goes first is free
	}
	t.send(s, fmt.Sprintf("arp op=%s spa=%s sha=%s tpa=%s dst=%s pad=%d%s", op, s.ip, t.hardware(), s.side.ip, t.pick(s.mac, "broadcast"), t.IntN(20),
		t.pick("", "", " src="+t.hardware())))
	s.known, s.heard = true, t.now
	s.asked, s.waiting = false, nil
}

// overheard is an ARP packet for somebody else.
func (t *traffic) overheard(s *station) {
	tpa := t.pick(s.stations[0].ip, strings.TrimSuffix(s.side.ip, "1")+"200", t.sides[0].ip+"7", t.router())
	if tpa == s.side.ip {
		return
	}
	t.send(s, fmt.Sprintf("arp op=%s spa=%s sha=%s tpa=%s dst=broadcast", t.pick("1", "2", "9"), s.ip, t.hardware(), tpa))
	if t.live(s) {
		s.heard = t.now
	}
}

// nothing is a frame that changes nothing, though one is answered.
func (t *traffic) nothing(s *station) {
	packet := fmt.Sprintf("udp from=%s to=10.2.0.200 dst=%s", s.ip, s.mac)
	switch t.IntN(12) {
	case 0:
		t.send(s, fmt.Sprintf("arp spa=0.0.0.0 sha=%s tpa=%s", t.hardware(), s.side.ip))
	case 1:
		t.send(s, fmt.Sprintf("arp op=2 spa=%s sha=%s tpa=%s dst=broadcast", s.side.ip, t.hardware(), t.pick(s.ip, s.side.ip)))
	case 2:
		t.send(s, fmt.Sprintf("arp spa=%s sha=%s tpa=%s %s", s.ip, t.hardware(), s.side.ip, t.pick("htype=2", "ptype=0x0806", "hlen=4", "plen=6", "cut=40", "cut=20")))
	case 3:
		t.send(s, packet+" "+t.pick("version=6", "ihl=4", "ihl=15", "iplen=19", "iplen=100", "ipsum=bad", "cut=40", "cut=30", "cut=15"))
	case 4:
		t.send(s, packet+" ttl="+t.pick("64", "1")+" src="+t.hardware()+" ethertype=0x86dd")
	case 5:
		fmt.Printf("frame %s send udp from=%s to=10.2.0.200 dst=broadcast ttl=%s%s\n", s.cable, s.ip, t.pick("64", "1"), s.tag)
	case 6:
		fmt.Printf("frame %s send udp from=%s to=10.2.0.200 dst=%s vlan=%s\n", s.cable, s.ip, s.mac, t.pick("11", "266", "4095", "1"))
	case 7:
		t.send(s, fmt.Sprintf("udp from=%s to=10.2.0.200 dst=%s ttl=%s", t.nobody(), s.mac, t.pick("64", "1")))
	case 8:
		t.send(s, "icmp sum=bad from="+s.ip+" to="+t.router()+" dst="+s.mac)
	case 9:
		t.send(s, "ipv4 proto=1 hex=0800f7ff from="+s.ip+" to="+t.router()+" dst="+s.mac) // no whole header
	case 10:
		other := t.sides[0].mac
		if other == s.mac {
			other = t.sides[1].mac
		}
		t.send(s, fmt.Sprintf("udp from=%s to=10.2.0.200 ttl=%s dst=%s", s.ip, t.pick("64", "1"), t.pick(other, t.hardware(), "03"+s.mac[2:])))
	case 11:
		t.send(s, fmt.Sprintf("icmp from=%s to=%s dst=%s ttl=%s", s.ip, t.nobody(), s.mac, t.pick("64", "1")))
	}
}

// nobody is an address that no station has.
func (t *traffic) nobody() string {
	return t.pick("0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "169.254.7.7", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
		"10.1.255.255", "10.2.255.255", "10.4.255.255")
}

func (t *traffic) hardware() string { return fmt.Sprintf("02-00-00-00-00-%02x", 0x10+t.IntN(4)) }

func (t *traffic) pick(choices ...string) string { return choices[t.IntN(len(choices))] }
