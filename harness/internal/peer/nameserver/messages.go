package nameserver

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"wirebook/harness/internal/dns"
	"wirebook/harness/internal/peer/tcp"
	"wirebook/harness/internal/peer/udp"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

func checkDNS(c *script.Call) error {
	for i := range c.Args[1:] {
		if _, known := c.Literal(i + 1); !known {
			return fmt.Errorf("a field is written out, without a variable")
		}
	}
	t, err := dns.ParseText(c.Args[1], c.Args[2], c.Args[3:])
	if err != nil {
		return err
	}
	return t.Check(c.Number("times", 0))
}

func cmdDNS(p *play.Play, c *script.Call) error {
	t, err := dns.ParseText(c.Args[1], c.Args[2], c.Args[3:])
	if err != nil {
		return err
	}
	do := map[string]func(*play.Play, *script.Call, dns.Text) error{
		"send question": sendQuestions, "send answer": sendAnswers,
		"expect question": expectQuestions, "expect answer": expectAnswers,
	}[c.Args[1]+" "+c.Args[2]]
	return do(p, c, t)
}

// An asked is a question that came or was sent.
type asked struct {
	message []byte
	server  string         // that it came to
	to      netip.AddrPort // whom it was sent to
	from    netip.AddrPort // whom it came from
	socket  udp.Socket     // that it came to or was sent from; nil for a connection
	conn    tcp.Stream
	open    bool // sent, and not answered
}

// A book holds what a play's commands remember of questions. It is a peer, so that the
// play keeps it.
type book struct {
	came, sent map[string][]*asked     // by the name that as= gives, else by the peer's
	waiting    map[string][]letter     // came and answer a question that no command has asked about yet
	read       map[*play.Program]int64 // of its screen, when something was typed to it
	lastID     uint16
	unsettled  bool // something was sent and nothing was waited for since
}

// A letter is an answer that came.
type letter struct {
	message []byte
	from    netip.AddrPort // not valid for a connection
}

func bookOf(p *play.Play) *book {
	for b := range play.Peers[*book](p) {
		return b
	}
	b := &book{
		came: make(map[string][]*asked), sent: make(map[string][]*asked),
		waiting: make(map[string][]letter), read: make(map[*play.Program]int64),
	}
	p.Join(b)
	return b
}

func (b *book) Name() string    { return "" }
func (b *book) Settled() bool   { return true }
func (b *book) Delivered() bool { return true }
func (b *book) Close()          {}

// Unclaimed is the answers that no command asked for, but one about another question
// took off the wire.
func (b *book) Unclaimed(p *play.Play) (rungs []telling.Rung) {
	for name, letters := range b.waiting {
		for _, l := range letters {
			rungs = append(rungs, telling.Rung{Peer: name, Kind: telling.Message, Text: dns.Describe(l.message)})
		}
	}
	return rungs
}

// BeforeTyping waits until a program has dealt with the messages that were sent to it,
// unless something of that was waited for.
func (b *book) BeforeTyping(p *play.Play, g *play.Program) error {
	b.read[g] = g.Read
	if !b.unsettled {
		return nil
	}
	b.unsettled = false
	return p.Settle("come to rest before something is typed")
}

// An end is where messages pass: a socket or a connection.
type end struct {
	name   string
	socket udp.Socket
	conn   tcp.Stream
}

// ends finds those of a peer, or of several with commas between them.
func ends(p *play.Play, names string) (found []end, err error) {
	for name := range strings.SplitSeq(names, ",") {
		if conn, err := play.Find[tcp.Stream](p, "connection", name); err == nil {
			found = append(found, end{name: name, conn: conn})
			continue
		}
		socket, err := play.Find[udp.Socket](p, "socket or connection", name)
		if err != nil {
			return nil, err
		}
		found = append(found, end{name: name, socket: socket})
	}
	return found, nil
}

// next returns the oldest message at an end that no command has asked for; ended says
// that none will come any more, and how.
func (e end) next() (l letter, ok bool, ended string) {
	if e.socket != nil {
		d, ok := e.socket.Peek()
		return letter{d.Data, d.From}, ok, ""
	}
	data, over, _ := e.conn.Pending()
	if len(data) >= 2 {
		if size := 2 + int(binary.BigEndian.Uint16(data)); len(data) >= size {
			return letter{message: data[2:size:size]}, true, ""
		}
	}
	if over {
		ended = e.conn.Ending()
	}
	return l, false, ended
}

// claim says that a command has asked for the message that next returned.
func (e end) claim(p *play.Play, l letter, fold bool) {
	if e.socket != nil {
		e.socket.Claim(p)
		return
	}
	e.conn.Take(2 + len(l.message))
	e.conn.Answered()
	words := dns.Describe
	if fold {
		words = dns.DescribeFolded
	}
	p.Tell(p.Rung(telling.Rung{Peer: e.name, Program: e.conn.Program(), Kind: telling.Message, Text: words(l.message)}, nil))
}

// program is the name of the one at the other end.
func (e end) program(p *play.Play) string {
	if e.conn != nil {
		return e.conn.Program()
	}
	addr := e.socket.Addr().String()
	for _, g := range slices.Backward(p.Programs()) {
		for _, arg := range g.Args {
			if arg == addr || strings.HasSuffix(arg, "="+addr) {
				return g.Name
			}
		}
	}
	return p.Owner("")
}

// inFrames tells in words the messages that came over a connection.
func inFrames(data []byte) string {
	var words []string
	for len(data) >= 2 {
		size := 2 + int(binary.BigEndian.Uint16(data))
		if len(data) < size {
			break
		}
		words = append(words, dns.Describe(data[2:size]))
		data = data[size:]
	}
	if len(data) > 0 {
		words = append(words, fmt.Sprintf("%d bytes, no whole message: %s", len(data), telling.Quote(string(data))))
	}
	return strings.Join(words, " and ")
}

// numbers are those of the copies that -times asks for: 0 alone without it.
func numbers(c *script.Call) (all []int) {
	n := c.Number("times", 0)
	if n == 0 {
		return []int{0}
	}
	for i := range n {
		all = append(all, i+1)
	}
	if c.Has("backwards") {
		slices.Reverse(all)
	}
	return all
}

func sendQuestions(p *play.Play, c *script.Call, t dns.Text) error {
	found, err := ends(p, c.Args[0])
	if err != nil {
		return err
	}
	b, e := bookOf(p), found[0]
	if err := b.afterTyping(p); err != nil {
		return err
	}
	var to netip.AddrPort
	if e.socket != nil {
		e.socket.Speaks(udp.Words{Drawn: dns.Describe, Kept: dns.Essence})
		if to, err = netip.ParseAddrPort(c.Flag("to", "")); err != nil {
			return errors.New("-to is missing: whom should the question be sent to?")
		}
	} else {
		e.conn.Speaks(inFrames)
	}
	key := keyOf(t.As, c)
	b.sent[key], b.unsettled = nil, true
	var stream []byte
	for _, n := range numbers(c) {
		b.lastID += 0x0101
		message, err := t.Bytes(n, nil, b.lastID)
		if err != nil {
			return err
		}
		b.sent[key] = append(b.sent[key], &asked{message: message, to: to, open: true})
		if e.socket == nil {
			stream = append(stream, framed(message)...)
		} else if err := e.socket.Post(p, to, message); err != nil {
			return err
		}
	}
	if stream == nil {
		return nil
	}
	return e.conn.Say(p, c, stream, inFrames(stream))
}

// afterTyping waits until programs have dealt with what was typed, if nothing that came
// of it was waited for: typed lines and messages reach them by two ways.
func (b *book) afterTyping(p *play.Play) error {
	for _, g := range p.Programs() {
		if read, noted := b.read[g]; g.Typed && !(noted && g.Read > read) {
			if err := p.Settle("come to rest before the next message"); err != nil {
				return err
			}
		}
		g.Typed = false
	}
	return nil
}

func keyOf(name string, c *script.Call) string {
	if name != "" {
		return "=" + name
	}
	return c.Args[0]
}

// framed is a message as it is sent over a connection, behind its length.
func framed(message []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...)
}

func sendAnswers(p *play.Play, c *script.Call, t dns.Text) error {
	b := bookOf(p)
	list := b.came[keyOf(t.Of, c)]
	numbers := numbers(c)
	if len(list) != len(numbers) {
		return fmt.Errorf("%d questions are to be answered, and %d were asked for under this name", len(numbers), len(list))
	}
	b.unsettled = true
	var stream []byte
	var conn tcp.Stream
	for _, n := range numbers {
		q := list[max(0, n-1)]
		message, err := t.Bytes(n, q.message, 0)
		if err != nil {
			return err
		}
		if q.conn != nil {
			conn, stream = q.conn, append(stream, framed(message)...)
			continue
		}
		socket := q.socket
		if from := c.Flag("from", ""); from != "" {
			if socket, err = play.Find[udp.Socket](p, "socket", from); err != nil {
				return err
			}
			socket.Speaks(udp.Words{Drawn: dns.DescribeFolded})
		}
		if err := socket.Post(p, q.from, message); err != nil {
			return err
		}
	}
	if conn == nil {
		return nil
	}
	return conn.Say(p, c, stream, inFrames(stream))
}

// expectedOf is what each copy of a text expects.
func expectedOf(c *script.Call, t dns.Text) (all []dns.Expected, err error) {
	for _, n := range numbers(c) {
		e, err := t.Expected(n)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// expectQuestions waits for questions, in any order where there are several.
func expectQuestions(p *play.Play, c *script.Call, t dns.Text) error {
	expected, err := expectedOf(c, t)
	if err != nil {
		return err
	}
	at, err := ends(p, c.Args[0])
	if err != nil {
		return err
	}
	b, key := bookOf(p), keyOf(t.As, c)
	before := ""
	if last := b.came[c.Args[0]]; len(last) > 0 {
		before = last[0].server
	}
	came := make([]*asked, len(expected))
	left := len(expected)
	program := at[0].program(p)
	err = p.Await(func() (bool, error) {
		for _, e := range at {
			for left > 0 {
				l, ok, ended := e.next()
				if !ok && ended != "" {
					return false, p.Failf("%s should send the %s; it has %s", program, t, ended)
				}
				if !ok {
					break
				}
				i, wrong := fitting(expected, came, l.message)
				if c.Has("skip") && !expected[i].Same(l.message) {
					e.claim(p, l, true)
					continue
				}
				if wrong != nil {
					return false, failed(p, program+" should send the "+t.String()+" to "+e.name, wrong)
				}
				if c.Has("other") && e.name == before {
					return false, p.Failf("%s should ask another of %s now, but asked %s again", program, c.Args[0], e.name)
				}
				came[i] = &asked{message: slices.Clone(l.message), server: e.name, from: l.from, socket: e.socket, conn: e.conn}
				left--
				e.claim(p, l, true)
			}
		}
		return left == 0, nil
	})
	if err != nil {
		return p.InVain(err, func(v *play.Vain) error {
			if v.Ended() {
				return p.NobodyLeft("it sent the " + t.String())
			}
			return p.Failf("%s should send the %s to %s; %s, %s", program, t, c.Args[0], missing(left, len(expected)), v.What())
		})
	}
	b.came[key], b.came[c.Args[0]], b.unsettled = came, came, false
	return nil
}

// fitting finds which of those that are still expected a question is.
func fitting(expected []dns.Expected, came []*asked, message []byte) (int, *dns.Mismatch) {
	first := -1
	for i, e := range expected {
		switch {
		case came[i] != nil:
			continue
		case e.Same(message):
			return i, e.Match(message, nil, true)
		case first < 0:
			first = i
		}
	}
	return first, expected[first].Match(message, nil, true)
}

func missing(left, all int) string {
	if left == all {
		return "nothing came"
	}
	return fmt.Sprintf("%d of %d did not come", left, all)
}

// failed is the failure of a message that is not the one that was owed.
func failed(p *play.Play, should string, m *dns.Mismatch) error {
	if m == nil {
		return p.Failf("%s; it answers another question", should)
	}
	message := should + "; " + m.Text
	if m.Want == "" {
		return p.Failf("%s", message)
	}
	return p.Compared(message, []byte(m.Want), []byte(m.Got))
}
