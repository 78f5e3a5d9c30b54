package main

import (
	"fmt"
	"io"
	"math"
	"math/bits"
	"math/rand/v2"
	"net/netip"
	"os"
	"strings"
	"time"
)

// A client borrows an address. Its methods are called one at a time.
type client struct {
	card *card
	out  io.Writer
	now  time.Duration

	state clientState
	xid   uint32
	asked time.Duration // when the first REQUEST of this state left

	chosen choice // while requesting
	lease  lease  // from bound on

	// What is to be done next: to send the state's message again, and to leave
	// the state.
	again, leave time.Duration
	pause        time.Duration // after the next repetition, of selecting and requesting
}

type clientState string

const (
	initial    clientState = "init"
	selecting  clientState = "selecting"
	requesting clientState = "requesting"
	bound      clientState = "bound"
	renewing   clientState = "renewing"
	rebinding  clientState = "rebinding"
)

// A choice is the offer that a client has taken.
type choice struct{ ip, server netip.Addr }

// A lease is what a client was lent, and until when.
type lease struct {
	ip           netip.Addr
	server       netip.Addr
	serverMAC    mac
	t1, t2, ends time.Duration // on the client's clock
}

// never is a time that does not come.
const never = time.Duration(math.MaxInt64)

const (
	firstPause   = 4 * time.Second
	longestPause = 64 * time.Second
	requestTime  = 60 * time.Second // after that another server may be better
	leastPause   = 60 * time.Second // while renewing and rebinding
	forever      = time.Duration(math.MaxUint32) * time.Second
)

// newClient makes a client that begins when its clock does.
func newClient(card *card, out io.Writer) *client {
	c := &client{card: card, out: out, state: initial, leave: never}
	c.again = 0
	return c
}

// advance lets d pass and does what is due meanwhile, each at its own time.
func (c *client) advance(d time.Duration) error {
	end := later(c.now, d)
	for min(c.again, c.leave) <= end && min(c.again, c.leave) != never {
		c.now = min(c.again, c.leave)
		if err := c.act(); err != nil {
			return err
		}
	}
	c.now = end
	return nil
}

// act does what is due now.
func (c *client) act() error {
	switch {
	case c.state == initial:
		c.begin()
	case c.leave > c.now:
		c.repeat()
	case c.state == requesting:
		c.begin()
	case c.state == bound:
		c.startRenewing()
	case c.state == renewing:
		c.state = rebinding
		c.ask(c.lease.ends)
	default:
		return c.lose()
	}
	return nil
}

// begin looks for a server.
func (c *client) begin() {
	c.state, c.xid = selecting, rand.Uint32()
	c.leave, c.pause = never, firstPause
	c.repeat()
}

// repeat sends the message of the state, for the first time or again, and says
// when it is to be sent next.
func (c *client) repeat() {
	switch c.state {
	case selecting:
		c.shout(c.discover())
	case requesting:
		c.shout(c.request())
	case renewing:
		c.send(c.lease.serverMAC, c.lease.ip, c.lease.server, c.extend())
	case rebinding:
		c.send(broadcast, c.lease.ip, everybody, c.extend())
	}
	if c.state == renewing || c.state == rebinding {
		c.again = c.now + max((c.leave-c.now)/2, leastPause)
		return
	}
	c.again = c.now + c.pause
	c.pause = min(2*c.pause, longestPause)
}

// ask sends the first REQUEST of a state, which must be answered before leave.
func (c *client) ask(leave time.Duration) {
	c.asked, c.leave, c.pause = c.now, leave, firstPause
	c.repeat()
}

// shout sends a message to everybody, from nobody.
func (c *client) shout(o optionWriter) {
	c.send(broadcast, nobody, everybody, c.message(nobody, o))
}

func (c *client) send(to mac, src, dst netip.Addr, m message) { c.card.send(to, src, dst, m) }

func (c *client) message(ciaddr netip.Addr, o optionWriter) message {
	return message{op: opRequest, xid: c.xid, ciaddr: ciaddr, chaddr: c.card.mac, options: o.end()}
}

// wanted are the options that the client asks for.
var wanted = []byte{optionMask, optionRouter, optionDNS}

func (c *client) discover() (o optionWriter) {
	o.add(optionType, typeDiscover)
	o.add(optionList, wanted...)
	return o
}

// request takes an offer.
func (c *client) request() (o optionWriter) {
	o.add(optionType, typeRequest)
	o.addIP(optionRequested, c.chosen.ip)
	o.addIP(optionServer, c.chosen.server)
	o.add(optionList, wanted...)
	return o
}

// extend asks for more time. The address stands in ciaddr: the client has it
// (RFC 2131 §4.3.2).
func (c *client) extend() message {
	var o optionWriter
	o.add(optionType, typeRequest)
	o.add(optionList, wanted...)
	return c.message(c.lease.ip, o)
}

// receive takes a message from a server.
func (c *client) receive(from mac, m message) error {
	if m.op != opReply || m.xid != c.xid || m.chaddr != c.card.mac {
		return nil
	}
	o := parseOptions(m.options)
	waits := c.state == requesting || c.state == renewing || c.state == rebinding
	switch kind := o.kind(); {
	case kind == typeOffer && c.state == selecting:
		c.take(m, o)
	case kind == typeACK && waits:
		return c.bind(from, m, o)
	case kind == typeNAK && c.state == requesting:
		c.begin()
	case kind == typeNAK && waits:
		return c.lose()
	}
	return nil
}

// take takes an offer, if it says whose it is.
func (c *client) take(m message, o options) {
	server, ok := o.ip(optionServer)
	if !ok {
		return
	}
	c.state, c.chosen = requesting, choice{m.yiaddr, server}
	c.ask(c.now + requestTime)
}

// bind has an address lent, for the first time or for longer.
func (c *client) bind(from mac, m message, o options) error {
	server, hasServer := o.ip(optionServer)
	time, hasTime := o.seconds(optionLease)
	if !hasServer || !hasTime {
		return nil
	}
	l := lease{ip: m.yiaddr, server: server, serverMAC: from, t1: never, t2: never, ends: never}
	text := "forever"
	if time != forever {
		t1, t2 := times(time, o)
		l.t1, l.t2, l.ends = later(c.asked, t1), later(c.asked, t2), later(c.asked, time)
		text = inSeconds(time)
	}
	c.state, c.lease, c.card.ip = bound, l, l.ip
	c.again, c.leave = never, l.t1
	_, err := fmt.Fprintf(c.out, "bound %v/%d router %s dns %s lease %s\n",
		l.ip, prefixOf(o), list(o.ips(optionRouter)), list(o.ips(optionDNS)), text)
	return err
}

// times says when a lease is to be renewed, and when with any server (RFC 2131
// §4.4.5).
func times(lease time.Duration, o options) (t1, t2 time.Duration) {
	t1, has1 := o.seconds(optionT1)
	t2, has2 := o.seconds(optionT2)
	if !has1 {
		t1 = lease / 2
	}
	if !has2 {
		t2 = lease / 8 * 7 // a lease is whole seconds, so nothing is lost
	}
	if t1 >= t2 || t2 >= lease {
		return lease / 2, lease / 8 * 7
	}
	return t1, t2
}

// prefixOf is how many bits the mask has, all if there is none.
func prefixOf(o options) int {
	n := 0
	for _, b := range o[optionMask] {
		n += bits.OnesCount8(b)
	}
	if n == 0 {
		return 32
	}
	return n
}

// list writes addresses with commas between, - for none.
func list(ips []netip.Addr) string {
	if len(ips) == 0 {
		return "-"
	}
	var words []string
	for _, ip := range ips {
		words = append(words, ip.String())
	}
	return strings.Join(words, ",")
}

// startRenewing asks the server for more time. T2 and the end stay.
func (c *client) startRenewing() {
	c.state, c.xid = renewing, rand.Uint32()
	c.ask(c.lease.t2)
}

// lose gives the address up and begins anew.
func (c *client) lose() error {
	c.card.ip = netip.Addr{}
	_, err := fmt.Fprintf(c.out, "lost %v\n", c.lease.ip)
	c.begin()
	return err
}

// printState prints the state, and in which there is an address, that and how
// long it is lent.
func (c *client) printState() error {
	text := string(c.state)
	if c.hasAddress() {
		left := "forever"
		if c.lease.ends != never {
			left = inSeconds(c.lease.ends - c.now)
		}
		text = fmt.Sprintf("%s %v %s", text, c.lease.ip, left)
	}
	_, err := fmt.Fprintln(c.out, text)
	return err
}

func (c *client) hasAddress() bool {
	return c.state == bound || c.state == renewing || c.state == rebinding
}

// renew renews before it is time, or begins again after a release.
func (c *client) renew() error {
	switch {
	case c.state == initial:
		c.begin()
	case c.state == bound && c.lease.ends != never:
		c.startRenewing()
	default:
		fmt.Fprintf(os.Stderr, "renew: there is nothing to renew in the state %s\n", c.state)
	}
	return nil
}

// release gives the address back and does nothing from then on.
func (c *client) release() error {
	if !c.hasAddress() {
		fmt.Fprintf(os.Stderr, "release: there is no address in the state %s\n", c.state)
		return nil
	}
	var o optionWriter
	o.add(optionType, typeRelease)
	o.addIP(optionServer, c.lease.server)
	c.send(c.lease.serverMAC, c.lease.ip, c.lease.server, c.message(c.lease.ip, o))
	c.state, c.again, c.leave, c.card.ip = initial, never, never, netip.Addr{}
	_, err := fmt.Fprintf(c.out, "released %v\n", c.lease.ip)
	return err
}
