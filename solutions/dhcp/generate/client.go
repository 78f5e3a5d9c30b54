package main

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// A borrower is what the generator knows of a client. It asks for each message that the
// client sends, so that what is sent then answers the last.
type borrower struct {
	random
	state          string
	now            time.Duration
	again, leave   time.Duration // when it sends the state's message again, and leaves the state
	pause          time.Duration // after the next repetition, of selecting and requesting
	asked          time.Duration // when the first REQUEST of the state left
	times          int           // how many did
	chosen, ip     string        // the server, the address
	t2, ends       time.Duration
	fresh, written int // messages that it has sent, and that were asked for
}

const never = time.Duration(math.MaxInt64)

// printClient prints what happens to a client.
func printClient(r random, n int) {
	// How it calls its conversations, and what it wishes, is free.
	fmt.Println(`# mask: xid \S+ => xid`)
	fmt.Println(`# mask: DHCP DISCOVER \S+ from => DHCP DISCOVER from`)
	const free = "opts list xid secs hops flags siaddr t1 t2 id sum"
	fmt.Println("# frames: ipv4 but padding ttl tos ipid flags options")
	fmt.Println("# frames: arp but padding")
	fmt.Println("# frames: dhcp type=discover but requested lease " + free)
	fmt.Println("# frames: dhcp type=request but lease " + free)
	fmt.Println("# frames: dhcp type=release but " + free)
	fmt.Println("cable lan")
	fmt.Println("start client -mac 02-00-0a-00-00-02 -cable 127.0.0.1:0,$lan")
	b := &borrower{random: r}
	b.begin()
	b.await()
	for range n {
		b.event()
		b.await()
		if b.IntN(3) == 0 {
			fmt.Println(`type client 'state\n'`)
		}
	}
}

// await asks for the messages that the client has sent.
func (b *borrower) await() {
	for ; b.written < b.fresh; b.written++ {
		fmt.Println("frame lan expect dhcp as=last")
	}
}

func (b *borrower) begin() {
	b.state, b.leave, b.pause = "selecting", never, 4*time.Second
	b.repeat()
}

// ask sends the first REQUEST of a state.
func (b *borrower) ask(state string, leave time.Duration) {
	b.state, b.asked, b.times, b.leave, b.pause = state, b.now, 0, leave, 4*time.Second
	b.repeat()
}

func (b *borrower) repeat() {
	b.fresh++
	b.times++
	if b.has() {
		b.again = b.now + max((b.leave-b.now)/2, time.Minute)
		return
	}
	b.again = b.now + b.pause
	b.pause = min(2*b.pause, 64*time.Second)
}

// has tells whether the client has an address.
func (b *borrower) has() bool {
	return b.state == "bound" || b.state == "renewing" || b.state == "rebinding"
}

// tick lets time pass, with all that is due.
func (b *borrower) tick(d time.Duration) {
	fmt.Printf("tick client %v\n", d)
	end := b.now + d
	for min(b.again, b.leave) <= end {
		b.now = min(b.again, b.leave)
		switch {
		case b.leave > b.now:
			b.repeat()
		case b.state == "bound":
			b.ask("renewing", b.t2)
		case b.state == "renewing":
			b.ask("rebinding", b.ends)
		default:
			b.begin()
		}
	}
	b.now = end
}

func (b *borrower) event() {
	for range b.IntN(3) {
		b.stranger()
	}
	switch b.IntN(8) {
	case 0:
		if b.state == "bound" && b.ends == never {
			return // whether it renews what has no end is free
		}
		fmt.Println(`type client 'renew\n'`)
		switch b.state {
		case "bound":
			b.ask("renewing", b.t2)
		case "init":
			b.begin()
		}
	case 1:
		if b.state != "init" && b.IntN(3) > 0 {
			return
		}
		fmt.Println(`type client 'release\n'`)
		if b.has() {
			fmt.Println("frame lan expect dhcp") // of which no answer is right
			b.state, b.again, b.leave = "init", never, never
		}
	case 2, 3:
		d := time.Duration(b.IntN(1+[]int{1000, 60_000, 400_000}[b.IntN(3)])) * time.Millisecond
		if due := []time.Duration{b.again, b.leave}[b.IntN(2)]; due != never && b.IntN(2) == 0 {
			d = due - b.now - time.Duration(b.IntN(2)) // right when it is due, or just before
		}
		b.tick(d)
	default:
		b.answer()
	}
}

// answer is a message that the client waits for.
func (b *borrower) answer() {
	server := b.pick("10.0.0.1", "10.0.0.3")
	switch b.state {
	case "selecting":
		b.chosen, b.ip = server, "10.0.0."+b.pick("20", "100", "255", "4")
		b.tell("offer", b.ip, server)
		b.ask("requesting", b.now+time.Minute)
		return
	case "requesting":
		server = b.chosen
	case "renewing", "rebinding":
	default:
		return
	}
	if b.IntN(5) == 0 {
		b.tell("nak", "0.0.0.0", server)
		b.begin()
		return
	}
	words, t1, t2, ends := b.lease()
	if b.times > 1 || b.now-b.asked >= t1 {
		return // from which REQUEST the times count is free, or it is over already
	}
	b.tell("ack", b.ip, server, words, " mask="+b.pick("255.255.255.0", "255.192.0.0", "255.255.255.248"),
		b.pick("", " router=10.0.0.1", " router=10.0.0.1,192.168.7.8"), b.pick("", " dns=10.0.0.53", " dns=8.8.8.8,10.0.0.53"))
	b.state, b.again, b.leave = "bound", never, t1
	b.t2, b.ends = t2, ends
	for _, at := range []*time.Duration{&b.leave, &b.t2, &b.ends} {
		if *at != never {
			*at += b.asked
		}
	}
}

// lease is for how long an address is lent. No repetition meets T2 or the end: between them
// lie odd seconds.
func (b *borrower) lease() (words string, t1, t2, ends time.Duration) {
	odd := func(most int) int { return 1 + 2*b.IntN(most/2) }
	eighth := odd(300)
	first, second, last := 4*eighth, 7*eighth, 8*eighth
	switch b.IntN(4) {
	case 0:
		return " lease=4294967295", never, never, never
	case 1:
		first = 1 + b.IntN(500)
		second = first + odd(600)
		last = second + odd(400)
		words = fmt.Sprintf(" t1=%d t2=%d", first, second)
	case 2:
		first = 2 * (1 + b.IntN(3*eighth))
		words = fmt.Sprintf(" t1=%d", first)
	}
	return fmt.Sprintf(" lease=%d", last) + words, time.Duration(first) * time.Second, time.Duration(second) * time.Second, time.Duration(last) * time.Second
}

// tell prints a message of a server.
func (b *borrower) tell(kind, yiaddr, server string, more ...string) {
	words := ""
	if b.IntN(3) == 0 {
		words = " opts=" + b.pick("0000ff", "0c0161ff", "00c8c8"+strings.Repeat("35", 200)+"ff")
	}
	to := "255.255.255.255"
	if b.has() && b.IntN(2) == 0 {
		to = b.ip + " dst=02-00-0a-00-00-02"
	}
	fmt.Printf("frame lan send answer of=last%s type=%s yiaddr=%s server=%s from=%[4]s to=%s%s%s\n", words, kind, yiaddr, server, to, strings.Join(more, ""),
		b.pick("", "", " src=02-00-00-00-00-99", " pad=7"))
}

// stranger is a message that means nothing to the client as it is, or a question by ARP.
func (b *borrower) stranger() {
	const ack = " lease=600 mask=255.0.0.0"
	ip, server := "10.0.0.77", b.pick("10.0.0.1", "10.0.0.3")
	switch b.IntN(4) {
	case 0:
		asks := "frame lan send arp spa=10.0.0.9 tpa="
		if b.has() {
			fmt.Println(asks + b.ip)
			fmt.Println("frame lan expect arp")
		} else {
			fmt.Println(asks + ip)
		}
		return
	case 1: // of another kind than it waits for
		switch b.state {
		case "selecting":
			b.tell(b.pick("ack", "nak"), ip, server, ack)
		case "requesting", "renewing", "rebinding":
			b.tell("offer", ip, server)
		default:
			b.tell(b.pick("offer", "ack", "nak"), ip, server, ack)
		}
		return
	}
	kind := map[string]string{"selecting": "offer", "requesting": "ack", "renewing": "ack", "rebinding": "nak"}[b.state]
	if kind == "" {
		kind = b.pick("offer", "ack", "nak")
	}
	wrong := b.pick(" xid=0x%08x", " chaddr=02-00-0a-00-00-%02x", " op=1", " dport=67", " htype=6", " hlen=7", " cookie=0x63538263", " sum=bad", " ipsum=bad", " cut=270")
	if strings.Contains(wrong, "%") {
		wrong = fmt.Sprintf(wrong, 3+b.IntN(200))
	}
	b.tell(kind, ip, server, ack, wrong)
}
