package udp

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"syscall"
	"time"

	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// Commands are the rows about sockets and relays.
func Commands() []play.Command {
	return []play.Command{
		play.Row("socket PEER [-on ADDR]",
			"Bind a UDP socket on loopback, at a free port or at ADDR; $PEER is its address.",
			cmdSocket),
		play.Row("sendto PEER ADDR BYTES... [-times N] [-file NAME] [-later]",
			"Send one datagram; with -later, in the next second of our clock.",
			cmdSendto),
		play.Row("recvfrom PEER BYTES... [-from ADDR] [-times N] [-file NAME] | PEER -match RE | PEER -clock",
			"Wait for a datagram: the next that PEER received is exactly BYTES, or RE matches it whole; with -clock it is the time of our clock, in seconds since 1970 and not before PEER last sent something. Sets $PEER_from to its sender.",
			cmdRecvfrom),
		play.Row("apart PEER D",
			"The last two datagrams for which a recvfrom of PEER asked came at least D apart, by the kernel's clock; if PEER has sent something since the first of them, the second came at least D after that. On Linux only.",
			cmdApart).Checked(play.Duration(1)),
		play.Row("relay NAME ADDR [drop N] [dup N] [swap N M] [hold N until M]...",
			"Stand between clients and the server at ADDR; $NAME is the relay's address. Datagrams to the server count from 1; N is dropped, doubled, swapped with M or held until M has passed.",
			cmdRelay).Checked(checkRelay),
	}
}

// A party is a socket that a script leads.
type party struct {
	*Peer
	name    string
	next    *Datagram // looked at and not yet taken
	taken   []Datagram
	program string    // that it wrote to
	wrote   time.Time // when it last did
	closed  bool
	all     []byte // everything that was received, for a witness
	words   Words

	answered int // as Settled saw it
}

// Words say what a datagram is; where a socket has them, they are told in the place of
// its bytes.
type Words struct {
	Drawn func(data []byte) string // on a page
	Kept  func(data []byte) string // for a witness; nil keeps nothing
}

func (s *party) Name() string { return s.name }

// Speaks makes a party tell datagrams in words from now on.
func (s *party) Speaks(words Words) { s.words = words }

// rung draws a datagram.
func (s *party) rung(p *play.Play, r telling.Rung, data []byte) telling.Rung {
	r.Peer, r.Kind = s.name, telling.Datagram
	if s.words.Drawn == nil {
		return p.Rung(r, data)
	}
	r.Kind, r.Text = telling.Message, s.words.Drawn(data)
	return p.Rung(r, nil)
}

// remember keeps a datagram for a witness.
func (s *party) remember(data []byte) {
	switch {
	case s.words.Drawn == nil:
		s.all = fmt.Appendf(s.all, "%s\n(datagram)\n", data)
	case s.words.Kept != nil:
		s.all = fmt.Appendf(s.all, "%s\n", s.words.Kept(data))
	}
}

// Settled is false each time that it has answered by itself since it was last asked: a
// program that waits for our answers does not rest, however often it is seen asleep.
func (s *party) Settled() bool {
	delivered := s.Delivered()
	if n := s.Answered(); n != s.answered {
		s.answered = n
		return false
	}
	return delivered
}

// Delivered takes what has arrived. The kernel tells of a datagram on its way, and not
// whose it is.
func (s *party) Delivered() bool {
	s.Settle()
	return NothingInFlight()
}

func (s *party) Close() {
	s.closed = true
	s.Peer.Close()
}

func (s *party) Vanish() error {
	s.closed = true
	return s.Peer.Vanish()
}

// peek returns the oldest datagram that was received and not yet taken.
func (s *party) peek() (Datagram, bool) {
	if s.next == nil {
		d, ok := s.Next()
		if !ok {
			return d, false
		}
		s.next = &d
		s.remember(d.Data)
	}
	return *s.next, true
}

// Unclaimed is the oldest datagram that no command asked for, and how many are behind
// it.
func (s *party) Unclaimed(p *play.Play) []telling.Rung {
	d, ok := s.peek()
	if !ok || s.closed {
		return nil
	}
	first := s.rung(p, telling.Rung{Program: s.program}, d.Data)
	return play.AndMore(first, s.Len())
}

func (s *party) Witnessed() string {
	for {
		if _, ok := s.peek(); !ok {
			return string(s.all)
		}
		s.next = nil
	}
}

// A post is a relay that a script puts between programs.
type post struct {
	*Relay
	name string
}

func (r *post) Name() string    { return r.name }
func (r *post) Settled() bool   { r.Settle(); return NothingInFlight() }
func (r *post) Delivered() bool { return r.Settled() }
func (r *post) Close()          { r.Relay.Close() }

// Unclaimed is what it holds for a datagram that never came.
func (r *post) Unclaimed(p *play.Play) []telling.Rung {
	kept := r.Kept()
	if len(kept) == 0 {
		return nil
	}
	return []telling.Rung{{Peer: r.name, Kind: telling.Datagram, Len: len(kept), Text: fmt.Sprintf("held: %v, for one that never came", kept)}}
}

// NothingInFlight reports whether no datagram is on its way to any socket, as far as
// the system tells.
func NothingInFlight() bool {
	n, _ := InFlight()
	return n == 0
}

// Hearer rings the bell for what arrives at a peer of the play that steps take it from,
// and tells of it. What a frame is in words, describe says.
func Hearer(p *play.Play, name string, kind telling.Kind, describe func([]byte) string) func(Arrival) {
	return hearer(p, play.Event{Kind: kind, To: name, Channel: p.Channel(name)}, describe)
}

// Overhearer is Hearer for a peer that deals with what comes by itself.
func Overhearer(p *play.Play, name string) func(Arrival) {
	return hearer(p, play.Event{Kind: telling.Datagram, To: name}, nil)
}

func hearer(p *play.Play, about play.Event, describe func([]byte) string) func(Arrival) {
	return func(a Arrival) {
		if !a.Sent {
			p.Ring()
		}
		if !p.Observing() {
			return
		}
		e := about
		e.At, e.FromAddr, e.ToAddr, e.Data = p.Since(a.At), a.From, a.To, a.Data
		if a.Sent {
			e.From, e.To, e.ToProgram = e.To, "", true
		}
		if describe != nil {
			e.Text = describe(a.Data)
		}
		p.Observe(e)
	}
}

func cmdSocket(p *play.Play, c *script.Call) error {
	addr := c.Flag("on", "127.0.0.1:0")
	for s := range play.Peers[*party](p) {
		if s.closed && s.Addr().String() == addr {
			s.Close() // it has kept the port for us
		}
	}
	peer, err := Listen(addr, Hearer(p, c.Args[0], telling.Datagram, nil))
	if err != nil {
		return Lacking(err)
	}
	Lead(p, c.Args[0], peer)
	return nil
}

// Lead hands a socket to the script.
func Lead(p *play.Play, name string, peer *Peer) Socket {
	s := &party{name: name, Peer: peer}
	p.Add(s, peer.Addr())
	return s
}

// A Socket is one that a script leads, for commands of other packages.
type Socket interface {
	play.Peer
	Addr() netip.AddrPort
	Speaks(Words)
	Post(p *play.Play, to netip.AddrPort, data []byte) error
	// Peek returns the oldest datagram that no command has asked for. Claim says
	// that one has, and returns the name of the program that has sent it.
	Peek() (Datagram, bool)
	Claim(p *play.Play) (program string)
}

// Lacking makes of the lack of an address of this machine a skip: some systems have
// 127.0.0.1 alone.
func Lacking(err error) error {
	if errors.Is(err, syscall.EADDRNOTAVAIL) {
		return &play.Skip{Reason: "this system lacks an address: " + err.Error()}
	}
	return err
}

func cmdSendto(p *play.Play, c *script.Call) error {
	s, err := play.Find[*party](p, "socket", c.Args[0])
	if err != nil {
		return err
	}
	to, err := netip.ParseAddrPort(c.Args[1])
	if err != nil {
		return err
	}
	if c.Has("later") {
		if err := p.Pass(untilNextSecond(time.Now())); err != nil {
			return err
		}
	}
	return s.Post(p, to, c.Bytes(2))
}

// Post sends a datagram as a step of the script.
func (s *party) Post(p *play.Play, to netip.AddrPort, data []byte) error {
	s.program, s.wrote = p.Owner(to.String()), time.Now()
	p.Tell(s.rung(p, telling.Rung{Program: s.program, ToProgram: true}, data))
	e := play.Event{Kind: telling.Datagram, From: s.name, To: s.program, ToProgram: true, FromAddr: s.Addr(), ToAddr: to, Data: data}
	if s.words.Drawn != nil && p.Observing() {
		e.Text = s.words.Drawn(data)
	}
	p.Observe(e)
	return s.Send(to, data)
}

func cmdRecvfrom(p *play.Play, c *script.Call) error {
	name := c.Args[0]
	s, err := play.Find[*party](p, "socket", name)
	if err != nil {
		return err
	}
	wanted, err := wantedOf(p, s, c)
	if err != nil {
		return err
	}
	writer := writerTo(p, s)
	var d Datagram
	err = p.Await(func() (bool, error) {
		var ok bool
		d, ok = s.peek()
		return ok, nil
	})
	if err != nil {
		return p.InVain(err, func(v *play.Vain) error {
			if v.Ended() {
				return p.NobodyLeft("it sent " + wanted.words + " to " + name)
			}
			return p.Failf("%s should receive the datagram %s from %s; nothing came, %s", name, wanted.words, writer, v.What())
		})
	}
	if !wanted.fits(d.Data) {
		return wanted.another(p, name, writer, d.Data)
	}
	p.Name(name+"_from", d.From.String())
	writer = s.Claim(p)
	if from := c.Flag("from", ""); from != "" && d.From.String() != from {
		return p.Failf("%s received the datagram from %v, and not from %s as before: %s should keep one socket for all that it sends", name, d.From, from, writer)
	}
	return nil
}

func (s *party) Peek() (Datagram, bool) { return s.peek() }

func (s *party) Claim(p *play.Play) (program string) {
	d := *s.next
	s.next, s.taken = nil, append(s.taken, d)
	p.Took(p.Channel(s.name), 1)
	program = sender(p, s, d.From)
	p.Tell(s.rung(p, telling.Rung{Program: program}, d.Data))
	return program
}

// A wanted is the datagram that a recvfrom asks for.
type wanted struct {
	words   string
	fits    func([]byte) bool
	another func(p *play.Play, reader, writer string, got []byte) error // the failure
}

func wantedOf(p *play.Play, s *party, c *script.Call) (wanted, error) {
	if c.Has("clock") {
		return wantedClock(p, s)
	}
	if re := c.Pattern("match"); re != nil {
		whole := regexp.MustCompile(`\A(?:` + re.String() + `)\z`)
		words := "that matches " + telling.Quote(re.String())
		return wanted{words, whole.Match, func(p *play.Play, reader, writer string, got []byte) error {
			return p.Failf("%s should receive a datagram %s from %s; it got %s", reader, words, writer, p.Short(got))
		}}, nil
	}
	want := c.Bytes(1)
	words := quoteDatagram(p, want)
	return wanted{words, func(got []byte) bool { return bytes.Equal(got, want) }, func(p *play.Play, reader, writer string, got []byte) error {
		return p.Compared(fmt.Sprintf("%s should receive the datagram %s from %s, but another came", reader, words, writer), want, got)
	}}, nil
}

func cmdApart(p *play.Play, c *script.Call) error {
	s, err := play.Find[*party](p, "socket", c.Args[0])
	if err != nil {
		return err
	}
	n := len(s.taken)
	if n < 2 {
		return fmt.Errorf("apart: %s has received %d datagrams that a recvfrom asked for; it takes two", s.name, n)
	}
	earlier, later := s.taken[n-2], s.taken[n-1]
	if earlier.At.IsZero() || later.At.IsZero() {
		p.Note("this system cannot tell when a datagram came")
		return nil
	}
	since, before := earlier.At, "the one before"
	if s.wrote.After(since) {
		since, before = s.wrote, s.name+"'s own" // however late that was
	}
	least, err := time.ParseDuration(c.Args[1])
	if err == nil && later.At.Sub(since) < least {
		err = p.Failf("%s should wait before it sends the next datagram to %s; it came less than %v after %s", sender(p, s, later.From), s.name, least, before)
	}
	return err
}

// quoteDatagram quotes a datagram for a sentence.
func quoteDatagram(p *play.Play, b []byte) string {
	if len(b) == 0 {
		return "without a byte"
	}
	return p.Short(b)
}

// writerTo returns the name of the program that will send to s: the one that s wrote
// to, or the newest that was started with its address.
func writerTo(p *play.Play, s *party) string {
	if s.program != "" {
		return s.program
	}
	for _, g := range slices.Backward(p.Programs()) {
		if knows(g, s) {
			return g.Name
		}
	}
	return p.Owner("")
}

// sender returns the name of the program that has sent to s from an address. An
// address that is new is that of the one program that was started with s's and has
// not sent yet; which of several cannot be told.
func sender(p *play.Play, s *party, from netip.AddrPort) string {
	var fresh []*play.Program
	for _, g := range p.Programs() {
		if slices.Contains(g.Sends, from) {
			return g.Name
		}
		if knows(g, s) && len(g.Sends) == 0 {
			fresh = append(fresh, g)
		}
	}
	if len(fresh) == 1 {
		fresh[0].Sends = append(fresh[0].Sends, from)
		p.Observe(play.Event{Kind: play.Owns, From: fresh[0].Name, FromAddr: from})
		return fresh[0].Name
	}
	return writerTo(p, s)
}

// knows reports whether the program was started with the address of s.
func knows(g *play.Program, s *party) bool {
	return slices.Contains(g.Args, s.Addr().String())
}

func checkRelay(c *script.Call) error {
	_, err := ParseScript(c.Args[2:])
	return err
}

func cmdRelay(p *play.Play, c *script.Call) error {
	server, err := netip.ParseAddrPort(c.Args[1])
	if err != nil {
		return err
	}
	rules, err := ParseScript(c.Args[2:])
	if err != nil {
		return err
	}
	r, err := NewRelay(server, rules, Overhearer(p, c.Args[0]))
	if err != nil {
		return err
	}
	p.Add(&post{r, c.Args[0]}, r.Addr())
	return nil
}
