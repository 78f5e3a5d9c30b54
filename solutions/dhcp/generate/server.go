package main

import (
	"fmt"
	"slices"
	"strings"
)

// printServer prints what happens to a server.
func printServer(r random, n int) {
	fmt.Println("# mask: DHCP NAK \\S+ for => DHCP NAK for") // its ciaddr is free
	fmt.Println("# frames: ipv4 but padding ttl tos ipid flags options")
	fmt.Println("# frames: dhcp type=offer|ack but " + free)
	fmt.Println("# frames: dhcp type=nak but mask router dns " + free)
	fmt.Println("cable lan")
	fmt.Printf("start server -ip 10.0.0.1/23 -mac 02-00-0a-00-00-01 -cable 127.0.0.1:0,$lan -pool 10.0.0.253-10.0.1.5 -router 10.0.0.254 -dns 10.0.1.2 -lease %ds\n", lease/second)
	t := &traffic{random: r, own: make(map[string]*record)}
	for range n {
		t.pass()
		t.message()
		if t.IntN(3) == 0 {
			fmt.Println(`type server 'leases\n'`)
		}
	}
}

// free is what is free in an answer: how the options stand, and more of them than are
// named.
const free = "opts list requested t1 t2 id sum hops secs ciaddr siaddr"

// All times are milliseconds.
const (
	second = 1000
	held   = 60 * second // an offer
	lease  = 90 * second
)

// pool is what can be lent, the lowest first: not the router's nor the DNS server's.
var pool = []string{"10.0.0.253", "10.0.0.255", "10.0.1.0", "10.0.1.1", "10.0.1.3", "10.0.1.4", "10.0.1.5"}

// A record is what the server knows of an address. It has one, unless it was never lent.
type record struct {
	ip     string
	client string // "" if it was declined
	leased bool
	ends   int
}

type traffic struct {
	random
	now     int
	records []*record
	own     map[string]*record // by clients
}

// pass lets time pass, to a moment at which nothing begins that ends together with
// something else, and nothing ends: which of two that end together is lent first is free.
func (t *traffic) pass() {
	most := []int{500, 5 * second, 40 * second}[t.IntN(3)]
	d := 1 + t.IntN(most)
	if len(t.records) > 0 && t.IntN(4) == 0 {
		if r := t.records[t.IntN(len(t.records))]; r.ends > t.now {
			d = r.ends - t.now // it ends right now
		}
	}
	for t.ends(t.now+d+held) || t.ends(t.now+d+lease) {
		d++
	}
	t.now += d
	fmt.Printf("tick server %dms\n", d)
}

func (t *traffic) ends(at int) bool {
	for _, r := range t.records {
		if r.ends == at {
			return true
		}
	}
	return false
}

func (t *traffic) isOver(r *record) bool { return r.ends <= t.now }

// A client is who speaks: by his MAC alone, by a name, also where two have one MAC, where
// he has two, or where the name is somebody's MAC.
func (t *traffic) client() (who, fields string) {
	mac := func(n int) string { return fmt.Sprintf("02-00-00-00-00-%02x", n) }
	switch n := t.IntN(11); {
	case n < 6:
		return mac(n), " chaddr=" + mac(n)
	case n == 10:
		return "id 020000000001", " chaddr=" + mac(10) + " id=020000000001"
	default:
		id := fmt.Sprintf("6e%02x", n)
		return "id " + id, " chaddr=" + mac(n/2+t.IntN(2)) + " id=" + id
	}
}

// message is one from a client, of which the answer is fixed.
func (t *traffic) message() {
	who, fields := t.client()
	r := t.own[who]
	switch t.IntN(13) {
	case 0, 1, 2, 3:
		t.discover(who, fields)
	case 4:
		if r == nil || !t.isOver(r) && !t.ends(t.now) {
			t.release(r, fields)
		}
	case 5:
		if r == nil || !t.isOver(r) {
			t.decline(r, fields)
		}
	case 6:
		// Another server was chosen: what becomes of a lease is free.
		if r == nil || !r.leased && !t.ends(t.now) {
			t.send("request", " server=10.0.0.7 requested="+t.address()+fields)
			if r != nil {
				r.ends = min(r.ends, t.now)
			}
		}
	case 7:
		t.nothing(fields)
	default:
		t.request(r, fields)
	}
}

// discover follows the server's choice.
func (t *traffic) discover(who, fields string) {
	wish := ""
	if t.IntN(3) == 0 {
		wish = t.address()
		fields += " requested=" + wish
	}
	t.send("discover", fields+t.pick("", "", " ciaddr=10.0.1.77"))
	r := t.own[who]
	if r == nil {
		if r = t.choose(wish); r == nil {
			return
		}
		delete(t.own, r.client)
		*r = record{ip: r.ip, client: who}
		t.own[who] = r
	}
	if !r.leased || t.isOver(r) {
		r.leased, r.ends = false, t.now+held
	}
}

// choose is the record of the address that is offered, or nil.
func (t *traffic) choose(wish string) *record {
	known := make(map[string]*record)
	var oldest *record
	for _, r := range t.records {
		known[r.ip] = r
		if t.isOver(r) && (oldest == nil || r.ends < oldest.ends) {
			oldest = r
		}
	}
	anew := ""
	for _, ip := range pool {
		switch r := known[ip]; {
		case ip == wish && r != nil && t.isOver(r):
			return r
		case r == nil && (anew == "" || ip == wish):
			anew = ip
		}
	}
	if anew != "" {
		t.records = append(t.records, &record{ip: anew})
		return t.records[len(t.records)-1]
	}
	return oldest
}

// request asks for the record's address, mostly.
func (t *traffic) request(r *record, fields string) {
	wanted := t.address()
	if r != nil && t.IntN(4) > 0 {
		wanted = r.ip
	}
	words := " server=10.0.0.1 requested=" + wanted
	switch t.IntN(4) {
	case 0:
		words = " ciaddr=" + wanted
	case 1:
		words = " requested=" + wanted
	default:
		if r == nil && t.isFree(wanted) {
			return // whether it gets what it was not offered is free
		}
	}
	t.send("request", words+t.pick("", "", " lease=7")+fields)
	if r != nil && r.ip == wanted {
		r.leased, r.ends = true, t.now+lease
	}
}

// isFree tells whether the pool lends the address now.
func (t *traffic) isFree(ip string) bool {
	for _, r := range t.records {
		if r.ip == ip {
			return t.isOver(r)
		}
	}
	return slices.Contains(pool, ip)
}

func (t *traffic) release(r *record, fields string) {
	server, ip := t.pick("10.0.0.1", "10.0.0.1", "10.0.0.7"), t.address()
	if r != nil && t.IntN(4) > 0 {
		ip = r.ip
	}
	t.send("release", " to=10.0.0.1 server="+server+" ciaddr="+ip+fields)
	if r != nil && server == "10.0.0.1" && ip == r.ip {
		r.ends = t.now
	}
}

func (t *traffic) decline(r *record, fields string) {
	server, ip := t.pick("10.0.0.1", "10.0.0.1", "10.0.0.7"), t.address()
	if r != nil && t.IntN(4) > 0 {
		ip = r.ip
	}
	t.send("decline", " server="+server+" requested="+ip+fields)
	if r != nil && server == "10.0.0.1" && ip == r.ip {
		delete(t.own, r.client)
		r.client, r.leased, r.ends = "", false, t.now+lease
	}
}

// nothing is a frame in which there is no message for the server.
func (t *traffic) nothing(fields string) {
	t.send("discover", t.pick(" op=2", " htype=6", " hlen=5", " cookie=0x63825364", " dport=68", " sum=bad", " ipsum=bad", " cut=281",
		" cut=200", " dst=02-00-00-00-00-77")+fields)
}

// send prints a message, in any of the ways in which it may come.
func (t *traffic) send(kind, fields string) {
	words := "frame lan send dhcp"
	if t.IntN(3) == 0 {
		words += " opts=" + t.pick("0000ff", "0c0161ff", "00c8c8"+strings.Repeat("35", 200)+"ff")
	}
	words += fmt.Sprintf(" type=%s%s xid=%d", kind, fields, t.Uint32()) + t.pick("", "", " flags=0x8000", " flags=0x8000", " flags=1", " secs=7")
	if t.IntN(3) == 0 {
		words += t.pick(" src=02-00-00-00-00-99", " from=10.0.1.3", " pad=9")
	}
	fmt.Println(words)
}

// address is one of the pool, or beside it.
func (t *traffic) address() string {
	if t.IntN(4) == 0 {
		return t.pick("10.0.0.1", "10.0.0.254", "10.0.1.2", "10.0.0.252", "10.0.1.6", "10.0.1.255", "10.0.2.1", "192.168.0.1")
	}
	return t.pick(pool...)
}
