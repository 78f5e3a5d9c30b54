// Command generate prints random traffic for the arp lesson in the script
// language:
//
//	generate SEED N    N events; the same arguments, the same traffic
//
// Four neighbours and some strangers talk to a host, to each other and beside
// the rules; its user pings them; time passes. What the lesson leaves free is
// kept out: no two things fall due at one moment, no more packets wait than
// have room, and nobody asks for the host's MAC while he is asked for his.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
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
	// How a host numbers its pings is free.
	fmt.Println(`# mask: (echo request \S+ > \S+) id \d+ seq \d+ => $1`)
	fmt.Println("# frames: arp but padding")
	fmt.Println("# frames: ipv4 from=10.0.0.1 but padding ttl tos ipid flags options")
	fmt.Println("# frames: icmp type=request but id seq data")
	fmt.Println("cable lan")
	fmt.Printf("start host -ip 10.0.0.1/24 -mac 02-00-0a-00-00-01 -cable 127.0.0.1:0,$lan -age %dms\n", age)
	t := newTraffic(rand.New(rand.NewPCG(uint64(seed), 0)))
	for range n {
		t.pass()
		t.event()
	}
	return nil
}

// All times are milliseconds.
const (
	age     = 4000
	second  = 1000
	timeout = 3 * second
	room    = 3
)

// A station is what the generator knows of a neighbour as the host sees him.
type station struct {
	ip      string
	known   bool
	heard   int // known: the last packet that confirmed it
	asked   bool
	asking  int // asked: since when
	waiting int // packets
}

type traffic struct {
	*rand.Rand
	now      int
	stations []*station
	busy     map[int]int // when something happened last at a millisecond of the second
}

func newTraffic(r *rand.Rand) *traffic {
	t := &traffic{Rand: r, busy: make(map[int]int)}
	for i := range 4 {
		t.stations = append(t.stations, &station{ip: fmt.Sprintf("10.0.0.%d", 2+i)})
	}
	return t
}

// pass lets time pass, to a millisecond of the second at which nothing is due:
// all that falls due does so whole seconds after an event.
func (t *traffic) pass() {
	d := 1 + t.IntN(400)
	if t.IntN(8) == 0 {
		d = 1 + t.IntN(2*timeout)
	}
	for t.isBusy(t.now + d) {
		d++
	}
	t.now += d
	t.busy[t.now%second] = t.now
	fmt.Printf("tick host %dms\n", d)
	for _, s := range t.stations {
		if s.asked && t.now >= s.asking+timeout {
			s.asked, s.waiting = false, 0
		}
	}
}

func (t *traffic) isBusy(now int) bool {
	last, ok := t.busy[now%second]
	return ok && now <= last+2*timeout
}

func (t *traffic) event() {
	s := t.stations[t.IntN(len(t.stations))]
	switch t.IntN(12) {
	case 0, 1, 2:
		t.waits(s, fmt.Sprintf(`type host 'ping %s\n'`, s.ip))
	case 3, 4:
		t.waits(s, fmt.Sprintf("frame lan send icmp from=%s id=%d seq=%d size=%d pad=%d", s.ip, t.IntN(1<<16), t.IntN(1<<16), t.IntN(100), t.IntN(20)))
	case 5, 6:
		t.tells(s)
	case 7:
		t.overheard(s)
	case 8:
		fmt.Println(`type host 'arp\n'`)
	case 9:
		fmt.Println(t.pick(
			`type host 'ping 10.0.0.1\n'`,
			`type host 'ping 10.0.0.255\n'`,
			`type host 'ping 10.0.1.2\n'`,
			`type host 'arp\r\n'`,
		))
	default:
		t.nothing(s)
	}
}

func (t *traffic) live(s *station) bool { return s.known && t.now < s.heard+age }

// waits is something that sends a packet to a station, now or when it is known.
func (t *traffic) waits(s *station, line string) {
	if !t.live(s) {
		if s.waiting == room {
			return
		}
		if !s.asked {
			s.asked, s.asking = true, t.now
		}
		s.waiting++
	}
	fmt.Println(line)
}

// tells is an ARP packet for the host.
func (t *traffic) tells(s *station) {
	op := t.pick("1", "2", "2", "2", "3", "0", "258", "65535")
	if op == "1" && s.asked {
		op = "2" // whether the answer or what waits goes first is free
	}
	fmt.Printf("frame lan send arp op=%s spa=%s sha=%s tpa=10.0.0.1 pad=%d\n", op, s.ip, t.mac(), t.IntN(20))
	s.known, s.heard = true, t.now
	s.asked, s.waiting = false, 0
}

// overheard is an ARP packet for somebody else.
func (t *traffic) overheard(s *station) {
	target := t.pick("10.0.0.2", "10.0.0.3", "10.0.0.9", s.ip)
	fmt.Printf("frame lan send arp op=%s spa=%s sha=%s tpa=%s dst=broadcast\n", t.pick("1", "2", "9"), s.ip, t.mac(), target)
	if t.live(s) {
		s.heard = t.now
	}
}

// nothing is a frame that changes nothing, though some are answered.
func (t *traffic) nothing(s *station) {
	fmt.Print("frame lan send ")
	switch t.IntN(10) {
	case 0:
		fmt.Printf("arp spa=0.0.0.0 sha=%s\n", t.mac())
	case 1:
		fmt.Printf("arp op=2 spa=10.0.0.1 sha=%s tpa=%s dst=broadcast\n", t.mac(), t.pick("10.0.0.1", s.ip))
	case 2:
		fmt.Printf("arp spa=%s sha=%s cut=%d\n", s.ip, t.mac(), 14+t.IntN(28))
	case 3:
		fmt.Printf("arp spa=%s sha=%s %s\n", s.ip, t.mac(), t.pick("htype=2", "ptype=0x0806", "hlen=4", "plen=6", "ethertype=0x0807", "dst=02-00-0a-00-00-09"))
	case 4:
		fmt.Printf("arp op=%d spa=10.0.0.%d tpa=10.0.0.%d dst=broadcast\n", 1+t.IntN(3), 10+t.IntN(90), 2+t.IntN(90))
	case 5:
		fmt.Printf("icmp type=reply from=%s id=%d seq=%d\n", s.ip, 60000+t.IntN(5000), 60000+t.IntN(5000))
	case 6:
		fmt.Printf("icmp from=%s cut=%d\n", s.ip, 14+t.IntN(36))
	case 7:
		fmt.Printf("icmp from=%s %s\n", s.ip, t.pick("to=10.0.0.9 dst=02-00-0a-00-00-01", "dst=02-00-0a-00-00-09", "type=13", "type=3"))
	case 8:
		fmt.Printf("udp from=%s size=%d\n", s.ip, t.IntN(50))
	case 9:
		fmt.Printf("raw ethertype=0x%04x dst=broadcast size=%d\n", 0x86dd+t.IntN(3), t.IntN(60))
	}
}

func (t *traffic) mac() string { return fmt.Sprintf("02-00-00-00-00-%02x", 0x10+t.IntN(4)) }

func (t *traffic) pick(choices ...string) string { return choices[t.IntN(len(choices))] }
