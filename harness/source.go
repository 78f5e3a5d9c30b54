package harness

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
)

// A source is where a command waits for bytes: a peer, or a program's screen.
type source struct {
	left    string // where the ladder shows it: "ann", "screen"
	program string // whose bytes they are
	should  string // "ann should receive", "server should print"
	from    string // " from server"; nothing for a screen
	pending func() (data []byte, ended bool)
	ending  func() string // how it ended, behind "has"
	conn    *connection   // nil for a screen
}

// awaitBytes waits for the bytes or the pattern that the call asks for, from
// argument 1 on, and returns what fits. It leaves taking them to the caller.
func (p *play) awaitBytes(c *call, s source) ([]byte, error) {
	if c.has("match") {
		re, err := c.pattern("match")
		if err != nil {
			return nil, err
		}
		return p.awaitMatch(re, s)
	}
	want, err := c.bytes(1)
	if err != nil {
		return nil, err
	}
	if len(want) == 0 {
		return nil, fmt.Errorf("%s asks for nothing; quiet says that nothing comes", c.line.verb)
	}
	same := 0 // so many bytes came as they should
	err = p.await(func() (bool, error) {
		got, ended := s.pending()
		n := min(len(got), len(want))
		if !bytes.Equal(got[same:n], want[same:n]) {
			return false, p.differs(s, want, ended)
		}
		same = n
		switch {
		case n == len(want):
			return true, nil
		case ended:
			return false, p.tooShort(s, want, got, "it has "+s.ending())
		}
		return false, nil
	})
	if err != nil {
		return nil, p.orLimit(err, func(e *limitError) error {
			got, _ := s.pending()
			return p.tooShort(s, want, got, e.what())
		})
	}
	return want, nil
}

// differs is the failure of bytes that are not the ones that were owed. It
// waits for the rest of them first, so that they are always shown alike.
func (p *play) differs(s source, want []byte, ended bool) error {
	p.settleBriefly()
	got, _ := s.pending()
	// Behind what was owed, only the line in which it went wrong is shown.
	if i := commonPrefix(string(want), string(got)); i < len(got) {
		if end := bytes.IndexByte(got[i:], '\n'); end >= 0 {
			got = got[:i+end+1]
		}
	}
	p.ladder.left(s.left, quoteShort(got), s.program)
	message := fmt.Sprintf("%s %s%s, but something else came", s.should, quoteShort(want), s.from)
	return p.compared(message+p.comparison(s, want, got, ended).cause(), want, got)
}

// tooShort is the failure of bytes that are the beginning of what was owed.
func (p *play) tooShort(s source, want, got []byte, why string) *Failure {
	cause := p.comparison(s, want, got, true).cause()
	if len(got) == 0 {
		return p.failf("%s %s%s; nothing came, %s%s", s.should, quoteShort(want), s.from, why, cause)
	}
	p.ladder.left(s.left, quoteShort(got), s.program)
	message := fmt.Sprintf("%s %s%s; only %d of %d bytes came, %s", s.should, quoteShort(want), s.from, len(got), len(want), why)
	return p.compared(message+cause, want, got)
}

func (p *play) comparison(s source, want, got []byte, ended bool) comparison {
	c := comparison{want: want, got: slices.Clip(got), ended: ended}
	for conn := range p.connections() {
		if s.conn != nil && s.conn != conn {
			continue
		}
		c.split = c.split || conn.split
		c.glued = c.glued || conn.glued
		if state, err := conn.Drain(); err == nil && state.Found {
			c.unread += state.Queue
		}
	}
	return c
}

// awaitMatch waits until the next bytes match re, and returns what matches.
func (p *play) awaitMatch(re *regexp.Regexp, s source) ([]byte, error) {
	var match []byte
	err := p.await(func() (bool, error) {
		got, ended := s.pending()
		if loc := re.FindIndex(got); loc != nil {
			match = bytes.Clone(got[:loc[1]])
			return true, nil
		}
		if ended {
			return false, p.noMatch(re, s, got, "it has "+s.ending())
		}
		return false, nil
	})
	if err != nil {
		return nil, p.orLimit(err, func(e *limitError) error {
			got, _ := s.pending()
			return p.noMatch(re, s, got, e.what())
		})
	}
	return match, nil
}

func (p *play) noMatch(re *regexp.Regexp, s source, got []byte, why string) *Failure {
	shown := re.String()[len(`\A(?:`):]
	return p.failf("%s what matches %s%s; %s came, %s",
		s.should, quote(shown[:len(shown)-1]), s.from, quoteShort(got), why)
}
