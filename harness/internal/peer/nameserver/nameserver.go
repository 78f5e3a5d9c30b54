// Package nameserver is the scenario engine's side of DNS: name servers that a script
// leads or that answer by themselves, and DNS messages over sockets and connections.
package nameserver

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"syscall"

	"wirebook/harness/internal/dns"
	"wirebook/harness/internal/peer/tcp"
	"wirebook/harness/internal/peer/udp"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// Commands are the rows about name servers and DNS messages.
func Commands() []play.Command {
	return []play.Command{
		play.Row("nameserver NAME... [-on HOST] [-beside PEER] [-file NAME] [-zone TEXT] [-one-silent] [-silent N] [-lies] [-tc]",
			"Bind a UDP socket NAME and a TCP listener NAME_tcp at one port of 127.0.0.1 or HOST, that of PEER or a free one; $NAME is the address. With -file or -zone, the socket answers by itself with what stands in that zone (package dns); with -one-silent, whichever of several is asked first never does; with -silent N, the first N questions are not answered; with -lies, it sends before each answer what is none: with another id, to another question, the question itself; with -tc, each answer has TC set.",
			cmdNameserver).Checked(checkNameserver),
		play.Row("dns PEER send|expect question|answer [FIELD=VALUE...] [-to ADDR] [-from PEER] [-times N] [-backwards] [-split N,N|each] [-other] [-skip]",
			"Send a DNS message over a socket or a connection, or wait for one. Fields are those of package dns. A question is sent over a socket to ADDR. PEER may be several with commas between them: whichever is asked; with -other, not the one that was asked before. With -skip, other questions may come before the one that is expected. An answer goes to whom the question came from, with -from from another socket. With -times, N copies in which %d is 1 to N; they are expected in any order, and sent with -backwards from N to 1.",
			cmdDNS).Checked(checkDNS),
		play.Row("asked N NAME...",
			"At most N questions that no command has asked for have come to these name servers; now they are asked for.",
			cmdAsked).Checked(checkAsked),
		play.Row("unguessable NAME...",
			"Of the questions that each name server's last expect asked for together, 32 at least and none of them answered yet, no id follows from others, no two came from one port, and no two servers saw the same ids.",
			cmdUnguessable),
	}
}

func checkNameserver(c *script.Call) error {
	if c.Has("file") || c.Has("zone") {
		_, err := dns.ParseZone(zoneOf(c))
		return err
	}
	for _, flag := range []string{"one-silent", "silent", "lies", "tc"} {
		if c.Has(flag) {
			return fmt.Errorf("-%s is for servers that answer by themselves, with -file or -zone", flag)
		}
	}
	return nil
}

// zoneOf is the text of the zone with which name servers answer; "" if they do not.
func zoneOf(c *script.Call) string { return string(c.File()) + c.Flag("zone", "") }

func cmdNameserver(p *play.Play, c *script.Call) error {
	port := "0"
	if beside := c.Flag("beside", ""); beside != "" {
		s, err := play.Find[udp.Socket](p, "socket", beside)
		if err != nil {
			return err
		}
		port = fmt.Sprint(s.Addr().Port())
	}
	addr := net.JoinHostPort(c.Flag("on", "127.0.0.1"), port)
	var own func(udp.Datagram) [][]byte
	silent := ""
	var mu sync.Mutex
	for _, name := range c.Args {
		if text := zoneOf(c); text != "" {
			a, err := newAnswerer(c, text)
			if err != nil {
				return err
			}
			if c.Has("one-silent") {
				a.silent = func() bool {
					mu.Lock()
					defer mu.Unlock()
					if silent == "" {
						silent = name
					}
					return silent == name
				}
			}
			own = a.answers
		}
		if err := open(p, name, addr, own); err != nil {
			return udp.Lacking(err)
		}
	}
	return nil
}

// An answerer is how a name server answers by itself.
type answerer struct {
	zone      *dns.Zone
	silent    func() bool
	left      int // questions that are not answered yet
	lies, cut bool
}

func newAnswerer(c *script.Call, text string) (*answerer, error) {
	zone, err := dns.ParseZone(text)
	return &answerer{
		zone: zone, silent: func() bool { return false },
		left: c.Number("silent", 0), lies: c.Has("lies"), cut: c.Has("tc"),
	}, err
}

// answers returns what is sent back for a question. It is called for one at a time.
func (a *answerer) answers(d udp.Datagram) (all [][]byte) {
	answer := a.zone.Answer(d.Data)
	if answer == nil || a.silent() {
		return nil
	}
	if a.left > 0 {
		a.left--
		return nil
	}
	if a.lies {
		all = dns.Lies(answer)
	}
	if a.cut {
		answer = dns.CutOff(answer)
	}
	return append(all, answer)
}

// open binds a name server's socket and listener to one port. A port that is free for
// the one may be somebody's for the other; then the system chooses another.
func open(p *play.Play, name, addr string, answer func(udp.Datagram) [][]byte) error {
	hearer := udp.Overhearer(p, name)
	if answer == nil {
		hearer = udp.Hearer(p, name, telling.Datagram, dns.DescribeFolded)
	}
	const tries = 100
	for try := 1; ; try++ {
		peer, err := udp.Serve(addr, answer, hearer)
		if err != nil {
			return err
		}
		err = tcp.Open(p, name+"_tcp", peer.Addr().String(), 0)
		if err == nil {
			udp.Lead(p, name, peer).Speaks(udp.Words{Drawn: dns.DescribeFolded})
			return nil
		}
		peer.Close()
		if !errors.Is(err, syscall.EADDRINUSE) || peer.Addr() == addrPort(addr) || try == tries {
			return err
		}
	}
}

func addrPort(addr string) netip.AddrPort {
	a, _ := netip.ParseAddrPort(addr)
	return a
}

func checkAsked(c *script.Call) error {
	if word, known := c.Literal(0); known {
		if _, err := count(word); err != nil {
			return err
		}
	}
	return nil
}

func count(word string) (n int, err error) {
	if n, err = strconv.Atoi(word); err != nil || n < 0 {
		return 0, fmt.Errorf("%q is no number", word)
	}
	return n, nil
}

func cmdAsked(p *play.Play, c *script.Call) error {
	most, err := count(c.Args[0])
	if err != nil {
		return err
	}
	if err := p.Settle("come to rest before its questions are counted"); err != nil {
		return err
	}
	n, first := 0, ""
	for _, name := range c.Args[1:] {
		s, err := play.Find[udp.Socket](p, "name server", name)
		if err != nil {
			return err
		}
		for {
			d, ok := s.Peek()
			if !ok {
				break
			}
			if n++; n == most+1 {
				first = dns.DescribeFolded(d.Data)
			}
			s.Claim(p)
		}
	}
	switch {
	case n > most && most == 0:
		return p.Failf("%s should ask nobody here; it asked %s", p.Owner(""), telling.Quote(first))
	case n > most:
		return p.Failf("%s should ask %d questions at most here; it asked %d", p.Owner(""), most, n)
	}
	return nil
}
