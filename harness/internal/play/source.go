package play

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"wirebook/harness/internal/patience"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// A Source is where a command waits for bytes: a stream, or a program's screen.
type Source struct {
	Should  string // "ann should receive", "server should print"
	From    string // " from server"; nothing for a screen
	Pending func() (data []byte, ended bool)
	Ending  func() string // how it ended, behind "has"
	Streams []Stream      // whose bytes may have led to these
	Sent    Sent          // what else may have
	Program *Program      // whose screen it is, nil for a stream
}

// Expect waits for the bytes or the pattern that the call asks for, from argument 1
// on, and returns what fits. It leaves taking them to the caller.
func (p *Play) Expect(c *script.Call, s Source) ([]byte, error) {
	if c.Has("match") {
		return p.awaitMatch(c.Pattern("match"), s)
	}
	want := c.Bytes(1)
	if len(want) == 0 {
		return nil, fmt.Errorf("%s asks for nothing; quiet says that nothing comes", c.Verb)
	}
	same := 0 // so many bytes came as they should
	err := p.Await(func() (bool, error) {
		got, ended := s.Pending()
		n := min(len(got), len(want))
		if !bytes.Equal(got[same:n], want[same:n]) {
			return false, p.differs(s, want, ended)
		}
		same = n
		switch {
		case n == len(want):
			return true, nil
		case ended:
			return false, p.tooShort(s, want, got, "it has "+s.Ending(), nil)
		}
		return false, nil
	})
	if err != nil {
		return nil, p.InVain(err, func(v *Vain) error {
			got, _ := s.Pending()
			return p.tooShort(s, want, got, v.What(), v)
		})
	}
	return want, nil
}

// differs is the failure of bytes that are not the ones that were owed. It waits for
// the rest of them first, so that they are always shown alike.
func (p *Play) differs(s Source, want []byte, ended bool) error {
	p.SettleBriefly()
	got, _ := s.Pending()
	// Behind what was owed, only the line in which it went wrong is compared.
	line := got
	if i := commonPrefix(want, got); i < len(got) {
		if end := bytes.IndexByte(got[i:], '\n'); end >= 0 {
			line = got[:i+end+1]
		}
	}
	c := p.comparison(s, want, got)
	c.Ended = ended
	return p.Compared(c.Message(s.Should, s.From, ""), want, line)
}

// tooShort is the failure of bytes that are the beginning of what was owed, and no
// more of it comes: the source has ended, or the step waited in vain.
func (p *Play) tooShort(s Source, want, got []byte, why string, v *Vain) *telling.Failure {
	c := p.comparison(s, want, got)
	c.Ended = v == nil || v.Ended()
	c.Resting = v != nil && v.Verdict == patience.Rested
	message := c.Message(s.Should, s.From, why)
	if len(got) == 0 {
		return p.Failf("%s", message)
	}
	return p.Compared(message, want, got)
}

// comparison is what is known of a difference, but for how it ended.
func (p *Play) comparison(s Source, want, got []byte) telling.Comparison {
	c := telling.Comparison{
		Want: p.Redact(string(want)), Got: p.Redact(string(got)),
		Screen: s.Program != nil, Silent: p.silent(),
	}
	sent := s.Sent
	for _, stream := range s.Streams {
		more, unread := stream.Unanswered()
		sent = sent.With(more)
		c.Unread += unread
	}
	for _, piece := range sent.Pieces {
		c.Pieces = append(c.Pieces, p.Redact(piece))
	}
	c.Split = sent.Split
	if s.Program != nil {
		c.Stderr = p.Redact(string(s.Program.process.Stderr().Bytes()))
	}
	return c
}

// silent reports whether nothing has come from any program in the whole play, but for
// where it listens.
func (p *Play) silent() bool {
	for _, g := range p.programs {
		if g.process.Stdout().Len() > g.announced {
			return false
		}
	}
	for _, r := range p.ladder {
		if !r.ToProgram && r.Kind != telling.Listens {
			return false
		}
	}
	for _, peer := range p.peers {
		if len(peer.Unclaimed(p)) > 0 {
			return false
		}
	}
	return true
}

// Sent is what was sent or typed to a program and is not answered yet.
type Sent struct {
	Pieces []string
	Split  bool // the script has cut a message
}

// mostSent bounds what is remembered of it, in bytes.
const mostSent = 64 << 10

// Add remembers data, cut at these places.
func (s *Sent) Add(data []byte, at []int) {
	s.Split = s.Split || len(at) > 0
	size := len(data)
	for _, piece := range s.Pieces {
		size += len(piece)
	}
	if size > mostSent || len(at) > mostSent/8 {
		return
	}
	_ = InTurn(data, at, func() error { return nil }, func(piece []byte) error {
		s.Pieces = append(s.Pieces, string(piece))
		return nil
	})
}

// With is both together.
func (s Sent) With(other Sent) Sent {
	return Sent{append(slices.Clip(s.Pieces), other.Pieces...), s.Split || other.Split}
}

// awaitMatch waits until the next bytes match re, and returns what matches.
func (p *Play) awaitMatch(re *regexp.Regexp, s Source) ([]byte, error) {
	var match []byte
	err := p.Await(func() (bool, error) {
		got, ended := s.Pending()
		if loc := re.FindIndex(got); loc != nil && loc[0] == 0 {
			match = bytes.Clone(got[:loc[1]])
			return true, nil
		}
		if ended {
			return false, p.noMatch(re, s, got, "it has "+s.Ending())
		}
		return false, nil
	})
	if err != nil {
		return nil, p.InVain(err, func(v *Vain) error {
			got, _ := s.Pending()
			return p.noMatch(re, s, got, v.What())
		})
	}
	return match, nil
}

func (p *Play) noMatch(re *regexp.Regexp, s Source, got []byte, why string) *telling.Failure {
	return p.Failf("%s what matches %s%s; %s came, %s", s.Should, telling.Quote(re.String()), s.From, p.Short(got), why)
}

// InTurn gives data in pieces cut at these places. Between two of them, taken
// returns when the program has read the one before.
func InTurn(data []byte, at []int, taken func() error, give func([]byte) error) error {
	from := 0
	for _, to := range append(at, len(data)) {
		if from > 0 {
			if err := taken(); err != nil {
				return err
			}
		}
		if err := give(data[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// InBlocks cuts data, repeated so many times, into a block that comes so many times
// over and a rest, so that nobody has to hold all of it.
func InBlocks(data []byte, times int) (block []byte, blocks int, rest []byte) {
	const most = 64 << 10
	batch := max(1, most/max(1, len(data)))
	return bytes.Repeat(data, min(batch, times)), times / batch, bytes.Repeat(data, times%batch)
}
