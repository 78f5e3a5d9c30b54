package harness

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"wirebook/harness/internal/peer/udp"
)

// A socket is a UDP peer of the script's.
type socket struct {
	*udp.Peer
	name    string
	next    *udp.Datagram // looked at and not yet taken
	program string
	closed  bool
	all     []string // everything that was received, for a witness
}

func (s *socket) peerName() string { return s.name }

func (s *socket) settled() bool {
	s.Settle()
	return inFlight() == 0
}

// inFlight is how many datagrams are on their way to any socket, as far as the
// system tells.
func inFlight() int {
	n, _ := udp.InFlight()
	return n
}

func (s *socket) close() {
	s.closed = true
	s.Close()
}

func (s *socket) vanish() error {
	s.closed = true
	return s.Vanish()
}

// peek returns the oldest datagram that was received and not yet taken.
func (s *socket) peek() (udp.Datagram, bool) {
	if s.next == nil {
		d, ok := s.Next()
		if !ok {
			return d, false
		}
		s.next = &d
		s.all = append(s.all, string(d.Data))
	}
	return *s.next, true
}

func (s *socket) pending() string {
	d, ok := s.peek()
	if !ok || s.closed {
		return ""
	}
	text := fmt.Sprintf("%s received the datagram %s", s.name, quoteShort(d.Data))
	if n := s.Len(); n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

func (s *socket) heard() bool {
	s.peek()
	return len(s.all) > 0
}

func (s *socket) witnessed() string {
	for {
		if _, ok := s.peek(); !ok {
			break
		}
		s.next = nil
	}
	return strings.Join(s.all, "\n(datagram)\n")
}

// A relay stands between clients and a server.
type relay struct {
	*udp.Relay
	name string
}

func (r *relay) peerName() string { return r.name }
func (r *relay) settled() bool    { r.Settle(); return inFlight() == 0 }
func (r *relay) close()           { r.Close() }

func (r *relay) pending() string {
	if kept := r.Kept(); len(kept) > 0 {
		return fmt.Sprintf("%s still holds datagrams %v for one that never came", r.name, kept)
	}
	return ""
}

func cmdSocket(p *play, c *call) error {
	name, err := c.text(0)
	if err != nil {
		return err
	}
	addr, err := c.flag("on", "127.0.0.1:0")
	if err != nil {
		return err
	}
	for _, other := range p.peers {
		if s, ok := other.(*socket); ok && s.closed && s.Addr().String() == addr {
			s.close() // it has kept the port for us
		}
	}
	peer, err := udp.Listen(addr, p.ring)
	if err != nil {
		return err
	}
	p.peers = append(p.peers, &socket{Peer: peer, name: name})
	p.setAddress(name, peer.Addr().String())
	return nil
}

func cmdSendto(p *play, c *call) error {
	name, addr, err := two(c)
	if err != nil {
		return err
	}
	s, err := findPeer[*socket](p, name)
	if err != nil {
		return err
	}
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return err
	}
	data, err := c.bytes(2)
	if err != nil {
		return err
	}
	s.program = p.owner(addr)
	p.transcript.add(Sent, name, s.program, data)
	p.ladder.right(name, quoteShort(data), s.program)
	return s.Send(to, data)
}

func cmdRecvfrom(p *play, c *call) error {
	name, err := c.text(0)
	if err != nil {
		return err
	}
	s, err := findPeer[*socket](p, name)
	if err != nil {
		return err
	}
	wanted, fits, err := datagramWanted(c)
	if err != nil {
		return err
	}
	writer := p.writerTo(s)
	var d udp.Datagram
	err = p.await(func() (bool, error) {
		var ok bool
		d, ok = s.peek()
		return ok, nil
	})
	if err != nil {
		return p.orLimit(err, func(e *limitError) error {
			if e.dead {
				return p.nobodyLeft("it sent " + wanted + " to " + name)
			}
			return p.failf("%s should receive the datagram %s from %s; nothing came, %s", name, wanted, writer, e.what())
		})
	}
	if failure := fits(p, name, writer, d.Data); failure != nil {
		return failure
	}
	s.next = nil
	writer = p.sender(s, d.From)
	p.setAddress(name+"_from", d.From.String())
	p.transcript.add(Received, writer, name, d.Data)
	p.ladder.left(name, quoteShort(d.Data), writer)
	return p.checkSender(c, name, writer, d.From)
}

// writerTo returns the name of the program that will send to s: the one that s
// wrote to, or the newest that was started with its address.
func (p *play) writerTo(s *socket) string {
	if s.program != "" {
		return s.program
	}
	for _, g := range slices.Backward(p.programs) {
		if g.knows(s) {
			return g.name
		}
	}
	return p.owner("")
}

// sender returns the name of the program that has sent to s from an address. An
// address that is new is that of the one program that was started with s's and
// has not sent yet; which of several cannot be told.
func (p *play) sender(s *socket, from netip.AddrPort) string {
	var new []*program
	for _, g := range p.programs {
		if slices.Contains(g.sends, from) {
			return g.name
		}
		if g.knows(s) && len(g.sends) == 0 {
			new = append(new, g)
		}
	}
	if len(new) == 1 {
		new[0].sends = append(new[0].sends, from)
		return new[0].name
	}
	return p.writerTo(s)
}

// knows reports whether the program was started with the address of s.
func (g *program) knows(s *socket) bool {
	return slices.Contains(g.args, s.Addr().String())
}

// checkSender checks the address that a datagram came from, if -from says it.
func (p *play) checkSender(c *call, name, writer string, from netip.AddrPort) error {
	if !c.has("from") {
		return nil
	}
	want, err := c.flag("from", "")
	if err != nil || from.String() == want {
		return err
	}
	return p.failf("%s received the datagram from %v, not from %s as before: %s should keep one socket", name, from, want, writer)
}

type datagramCheck func(p *play, reader, writer string, got []byte) error

// datagramWanted returns what a recvfrom asks for, in words and as a check.
func datagramWanted(c *call) (string, datagramCheck, error) {
	if c.has("match") {
		re, err := c.pattern("match")
		if err != nil {
			return "", nil, err
		}
		whole := regexp.MustCompile(re.String() + `\z`)
		return "that matches " + quote(re.String()), func(p *play, reader, writer string, got []byte) error {
			if whole.Match(got) {
				return nil
			}
			return p.failf("%s should receive a datagram that matches %s from %s; it got %s", reader, quote(re.String()), writer, quoteShort(got))
		}, nil
	}
	want, err := c.bytes(1)
	if err != nil {
		return "", nil, err
	}
	return quoteShort(want), func(p *play, reader, writer string, got []byte) error {
		if bytes.Equal(want, got) {
			return nil
		}
		return p.compared(fmt.Sprintf("%s should receive the datagram %s from %s, but another came", reader, quoteShort(want), writer), want, got)
	}, nil
}

func cmdRelay(p *play, c *call) error {
	name, addr, err := two(c)
	if err != nil {
		return err
	}
	server, err := netip.ParseAddrPort(addr)
	if err != nil {
		return err
	}
	words, err := c.texts(2)
	if err != nil {
		return err
	}
	script, err := udp.ParseScript(words)
	if err != nil {
		return err
	}
	r, err := udp.NewRelay(server, script, p.ring)
	if err != nil {
		return err
	}
	p.peers = append(p.peers, &relay{r, name})
	p.setAddress(name, r.Addr().String())
	return nil
}
