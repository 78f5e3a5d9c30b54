package play

import (
	"bytes"
	"fmt"
	"regexp"

	"wirebook/harness/internal/script"
	"wirebook/harness/internal/telling"
)

// A Source is where a command waits for bytes: a stream, or a program's screen.
type Source struct {
	Should  string // "ann should receive", "server should print"
	From    string // " from server"; nothing for a screen
	Pending func() (data []byte, ended bool)
	Ending  func() string // how it ended, behind "has"
	Streams []Stream      // whose bytes may have led to these
	Screen  bool
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
			return false, p.tooShort(s, want, got, "it has "+s.Ending(), true)
		}
		return false, nil
	})
	if err != nil {
		return nil, p.InVain(err, func(v *Vain) error {
			got, _ := s.Pending()
			return p.tooShort(s, want, got, v.What(), false)
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
	message := fmt.Sprintf("%s %s%s, but something else came", s.Should, p.Short(want), s.From)
	return p.Compared(message+s.comparison(want, got, ended).Cause(), want, line)
}

// tooShort is the failure of bytes that are the beginning of what was owed.
func (p *Play) tooShort(s Source, want, got []byte, why string, ended bool) *telling.Failure {
	cause := s.comparison(want, got, ended).Cause()
	if len(got) == 0 {
		return p.Failf("%s %s%s; nothing came, %s%s", s.Should, p.Short(want), s.From, why, cause)
	}
	message := fmt.Sprintf("%s %s%s; only %d of %d bytes came, %s", s.Should, p.Short(want), s.From, len(got), len(want), why)
	return p.Compared(message+cause, want, got)
}

func (s Source) comparison(want, got []byte, ended bool) telling.Comparison {
	c := telling.Comparison{Want: want, Got: got, Ended: ended, Screen: s.Screen}
	for _, stream := range s.Streams {
		c.Facts = c.Facts.With(stream.Facts())
	}
	return c
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
