// Command generate prints random traffic for the NAT lesson in the script language:
//
//	generate SEED N    N events; the same arguments, the same traffic
//
// Computers of a house and of the world send each other packets and errors through the
// router of the house, by few ports, so that they run out; time passes, often to just
// when something ends. What the lesson leaves free is kept out: so the generator keeps a
// table as the router does, and asks it before each packet.
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
	t := &traffic{Rand: rand.New(rand.NewPCG(uint64(seed), 0)), table: newTable()}
	// Frames are compared whole, but for what the router may choose: in its own messages, and of
	// a packet that it turns back into the house the TTL.
	fmt.Println("# frames: arp but padding")
	fmt.Println("# frames: ipv4 but padding")
	for _, own := range []string{insideIP, outsideIP} {
		fmt.Println("# frames: icmp type=0|3|11 from=" + own + " but ttl tos ipid flags options quote")
	}
	fmt.Println("# frames: ipv4 from=" + outsideIP + " to=192.168.1.2|192.168.1.3|" + web + " but ttl")
	fmt.Println("cable inside")
	fmt.Println("cable outside")
	fmt.Println("start router -port inside=127.0.0.1:0,$inside -port outside=127.0.0.1:0,$outside" +
		" -mac inside=" + insideMAC + " -mac outside=" + outsideMAC + " -ip inside=" + insideIP + "/24 -ip outside=" + outsideIP + "/24" +
		" -gateway " + gateway + fmt.Sprintf(" -ports %d-%d", firstPort, lastPort) +
		" -forward tcp:80=" + web + ":80 -forward udp:1026=" + web + ":53 -age 1000000h")
	for _, station := range []string{"192.168.1.2", "192.168.1.3", web} {
		fmt.Printf("frame inside send arp spa=%s tpa=%s\n", station, insideIP)
	}
	for _, station := range []string{gateway, near} {
		fmt.Printf("frame outside send arp spa=%s tpa=%s\n", station, outsideIP)
	}
	for range n {
		t.pass()
		t.event()
		t.shakeHands()
	}
	return nil
}

const (
	insideMAC  = "02-00-c0-a8-01-01"
	outsideMAC = "02-00-cb-00-71-01"
	insideIP   = "192.168.1.1"
	outsideIP  = "203.0.113.1"
	gateway    = "203.0.113.254"
	near       = "203.0.113.9"
	web        = "192.168.1.80"
)

type traffic struct {
	*rand.Rand
	table  *table
	quoted int // how many packets have been made to be quoted
}

func (t *traffic) pick(choices ...string) string { return choices[t.IntN(len(choices))] }

// pass lets time pass. What follows may come by the other cable: it does not overtake
// what has come before.
func (t *traffic) pass() {
	d := 0
	if t.IntN(3) == 0 {
		choices := []int{second, 10 * second, echoLife, transitoryLife - echoLife, transitoryLife, udpLife, establishedLife}
		d = choices[min(t.IntN(len(choices)), t.IntN(len(choices)), t.IntN(len(choices)))] - t.IntN(2)
	}
	fmt.Printf("tick router %dms\n", d)
	t.table.pass(d)
	if t.IntN(3) == 0 {
		fmt.Println(`type router 'table\n'`)
	}
}

// shakeHands sends the third segment of a handshake as soon as the second has passed:
// whether the connection is established before it is free.
func (t *traffic) shakeHands() {
	if p := t.table.third; p != (parcel{}) {
		fmt.Println("tick router 0ms") // it does not overtake the second
		fmt.Printf("frame inside send tcp from=%s to=%s sport=%d dport=%d flags=%s dst=%s\n", p.src.addr, p.dst.addr, p.src.number, p.dst.number, p.flags, insideMAC)
	}
	t.table.third = parcel{}
}

func (t *traffic) event() {
	switch t.IntN(12) {
	case 0:
		t.nothing()
	case 1:
		t.segment()
	case 2:
		t.errorIn()
	case 3:
		t.errorOut()
	case 4, 5:
		t.segment()
	case 6, 7:
		t.comesIn()
	case 8:
		t.goesOut(outsideIP)
	default:
		t.goesOut(t.world())
	}
}

func (t *traffic) world() string { return t.pick("198.51.100.7", "198.51.100.8", near) }

// houseEnd is one that may send something.
func (t *traffic) houseEnd(protocol string) end {
	if t.IntN(4) == 0 {
		return end{protocol, web, []int{80, 53, 1024}[t.IntN(3)]}
	}
	return end{protocol, t.pick("192.168.1.2", "192.168.1.3"), []int{1024, 1028, 5000}[t.IntN(3)]}
}

// mapped is a number that may have a mapping.
func (t *traffic) mapped() int { return []int{80, 1024, 1025, 1026, 1027, 1028, 1029}[t.IntN(7)] }

func (t *traffic) flags() string {
	return t.pick("SYN", "SYN", "SYN", "SYN,ACK", "ACK", "ACK", "FIN,ACK", "FIN,ACK", "RST", "RST,ACK", "none")
}

func (t *traffic) goesOut(to string) {
	p := parcel{src: t.houseEnd(t.pick("udp", "udp", "tcp", "tcp", "tcp", "icmp")), ttl: []int{64, 64, 64, 64, 2, 1, 0}[t.IntN(7)]}
	p.dst = end{p.src.protocol, to, []int{7, 80}[t.IntN(2)]}
	if to == outsideIP {
		if p.src.protocol == "icmp" {
			t.pings(p)
			return
		}
		p.dst.number, p.ttl = t.mapped(), 64
	}
	if p.src.protocol == "tcp" {
		p.flags = t.flags()
	}
	t.sendIfFixed("inside", p)
}

// segment is one of a connection that there is or was, in either direction.
func (t *traffic) segment() {
	var choices []parcel
	for _, m := range t.table.mappings {
		for _, c := range m.connections {
			choices = append(choices, parcel{src: m.inside, dst: c.other}, parcel{src: c.other, dst: m.outer})
		}
	}
	if len(choices) == 0 {
		return
	}
	p := choices[t.IntN(len(choices))]
	p.flags, p.ttl = t.flags(), 64
	switch {
	case strings.HasPrefix(p.src.addr, "192.168."):
		t.sendIfFixed("inside", p)
	case p.src.addr != outsideIP:
		t.sendIfFixed("outside", p)
	}
}

// pings is an echo request to the router.
func (t *traffic) pings(p parcel) {
	p.dst.addr = t.pick(insideIP, outsideIP)
	t.send("inside", insideMAC, p)
}

func (t *traffic) comesIn() {
	protocol := t.pick("udp", "tcp", "tcp", "icmp")
	p := parcel{src: end{protocol, t.world(), []int{7, 80}[t.IntN(2)]}, dst: end{protocol, outsideIP, t.mapped()}, ttl: []int{64, 64, 2}[t.IntN(3)]} // with less, an answer is free
	if protocol == "tcp" {
		p.flags = t.flags()
	}
	t.sendIfFixed("outside", p)
}

// sendIfFixed sends a packet unless what it does is free.
func (t *traffic) sendIfFixed(cable string, p parcel) {
	switch {
	case cable == "inside" && t.table.goesOut(p):
		t.send(cable, insideMAC, p)
	case cable == "outside" && t.table.comesIn(p):
		t.send(cable, outsideMAC, p)
	}
}

// send prints a packet as a frame. Of an echo the number inside is the one that counts.
func (t *traffic) send(cable, mac string, p parcel) {
	fmt.Printf("frame %s send %s dst=%s ttl=%d ipid=%d pad=%d\n", cable, t.words(p, cable == "outside"), mac, p.ttl, t.IntN(1<<16), t.IntN(20))
}

// words are the kind and the fields of a packet.
func (t *traffic) words(p parcel, reply bool) string {
	ends := fmt.Sprintf(" from=%s to=%s", p.src.addr, p.dst.addr)
	ports := fmt.Sprintf(" sport=%d dport=%d", p.src.number, p.dst.number)
	switch p.src.protocol {
	case "udp":
		return "udp" + ends + ports + t.pick("", "", " sum=0", " options=01010101") + fmt.Sprintf(" size=%d", t.IntN(40))
	case "tcp":
		return "tcp" + ends + ports + fmt.Sprintf(" flags=%s seq=%d ack=%d size=%d", p.flags, t.Uint32(), t.Uint32(), t.IntN(3))
	}
	if reply {
		return "icmp type=reply" + ends + fmt.Sprintf(" id=%d seq=%d", p.dst.number, t.IntN(1<<16))
	}
	return "icmp" + ends + fmt.Sprintf(" id=%d seq=%d", p.src.number, t.IntN(1<<16))
}

// errorIn is an error about a packet that has left, or may have.
func (t *traffic) errorIn() {
	protocol := t.pick("udp", "tcp", "icmp")
	from := t.pick(outsideIP, outsideIP, outsideIP, "192.168.1.2")
	p := parcel{src: end{protocol, from, t.mapped()}, dst: end{protocol, t.world(), 7}, flags: "SYN"}
	t.quotes("outside", outsideMAC, t.pick("198.51.100.9", near), outsideIP, t.pick("64", "2"), p)
}

// errorOut is an error about a packet that has come in, or may have.
func (t *traffic) errorOut() {
	p := parcel{src: end{t.pick("udp", "tcp"), t.world(), 7}, flags: "ACK"}
	p.dst = t.houseEnd(p.src.protocol)
	t.quotes("inside", insideMAC, t.pick("192.168.1.2", web), p.src.addr, t.pick("64", "2", "1", "0"), p)
}

// quotes sends an error that quotes a packet. That is first sent to a card that is not
// there, so that it has a name.
func (t *traffic) quotes(cable, mac, from, to, ttl string, p parcel) {
	t.quoted++
	fmt.Printf("frame %s send %s dst=02-00-00-00-00-99 as=q%d\n", cable, t.words(p, false), t.quoted)
	fmt.Printf("frame %s send icmp from=%s to=%s dst=%s %s quote=q%d quoted=%s ttl=%s\n", cable, from, to, mac,
		t.pick("type=3 code=3", "type=11", "type=12", "type=5"), t.quoted, t.pick("8", "8", "20", "7"), ttl)
}

// nothing is a packet that is dropped.
func (t *traffic) nothing() {
	from := "frame inside send udp dst=" + insideMAC
	switch t.IntN(6) {
	case 0:
		fmt.Println(from, "from="+t.pick("10.0.0.1", "192.168.1.0", "192.168.1.255", insideIP, "198.51.100.7"), "to=198.51.100.8")
	case 1:
		fmt.Println(from, "from=192.168.1.2 to="+t.pick("192.168.1.3", insideIP, "192.168.1.255", "255.255.255.255", "224.0.0.1"))
	case 2:
		fmt.Println(from, "from=192.168.1.2 to=198.51.100.7 "+t.pick("ipsum=bad", "version=6", "ihl=4", "iplen=19", "iplen=1000", "cut=40"))
	case 3:
		fmt.Println("frame inside send icmp from=192.168.1.2 to=198.51.100.7 dst="+insideMAC, t.pick("type=reply", "type=13", "type=5"))
	case 4:
		fmt.Println("frame outside send icmp from=198.51.100.7 to="+t.pick(outsideIP, web), "id=1024 dst="+outsideMAC, t.pick("type=request", "type=13"))
	case 5:
		fmt.Println("frame outside send", t.pick("udp", "tcp flags=SYN"), "from=198.51.100.7 to="+t.pick(web, near, insideIP), "dport=80 dst="+outsideMAC)
	}
}
