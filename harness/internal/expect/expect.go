// Package expect waits for the bytes that a program owes, on a stream or on its
// screen, and tells what came instead.
package expect

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"wirebook/harness/internal/patience"
	"wirebook/harness/internal/pieces"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// A Source is where a command waits for bytes: a stream, or a program's screen.
type Source struct {
	Should  string // "ann should receive", "server should print"
	From    string // " from server"; nothing for a screen
	Pending func() (data []byte, ended bool)
	Ending  func() string // how it ended, behind "has"
	Take    func(n int)   // so many of the bytes
	Hold    func() (release func())
	Came    func() uint64 // nil, or how many bytes have come: as long as more do, nobody waits in vain
	Streams []play.Stream // whose bytes may have led to these
	Sent    pieces.Sent   // what else may have
	Program *play.Program // whose screen it is, nil for a stream
}

// Bytes waits for the bytes or the pattern that the call asks for, from argument 1
// on, takes them, and returns them. Of very many it returns the beginning, and n says
// how many came.
func Bytes(p *play.Play, c *script.Call, s Source) (got []byte, n int, err error) {
	if c.Has("match") {
		if got, err = awaitMatch(p, c.Pattern("match"), c.Has("counted"), s); err == nil {
			s.Take(len(got))
		}
		return got, len(got), err
	}
	data, times := c.Repeated(1)
	n = len(data) * times
	if n == 0 {
		return nil, 0, fmt.Errorf("%s asks for nothing; quiet says that nothing comes", c.Verb)
	}
	got, err = Repeated(p, data, times, s)
	return got, n, err
}

// large is more than should be held at once.
const large = 2 << 20

// mostPart is how much of it is compared at a time: less than there is room for where
// it is held.
const mostPart = 64 << 10

// Repeated waits for data, so many times over, and takes it. It returns what was owed,
// of very much only its beginning: that is taken in blocks as it comes.
func Repeated(p *play.Play, data []byte, times int, s Source) (begin []byte, err error) {
	if len(data)*times <= large {
		want := bytes.Repeat(data, times)
		return want, awaitBytes(p, want, s)
	}
	defer s.Hold()()
	block, blocks, rest := pieces.InBlocks(data, times)
	should, came := s.Should, 0
	take := func(data []byte) error {
		for part := range slices.Chunk(data, mostPart) {
			if err := awaitBytes(p, part, s); err != nil {
				return err
			}
			came += len(part)
			s.Should = fmt.Sprintf("behind %s as they should be, %s", telling.Size(came), should)
		}
		return nil
	}
	for range blocks {
		if err := take(block); err != nil {
			return nil, err
		}
	}
	return block, take(rest)
}

// awaitBytes waits for these bytes and takes them.
func awaitBytes(p *play.Play, want []byte, s Source) error {
	same := 0 // so many bytes came as they should
	err := p.AwaitReading(s.Came, func() (bool, error) {
		got, ended := s.Pending()
		n := min(len(got), len(want))
		if !bytes.Equal(got[same:n], want[same:n]) {
			return false, Differs(p, s, want, ended)
		}
		same = n
		switch {
		case n == len(want):
			return true, nil
		case ended:
			return false, TooShort(p, s, want, got, "it has "+s.Ending(), nil)
		}
		return false, nil
	})
	if err == nil {
		s.Take(len(want))
		return nil
	}
	return p.InVain(err, func(v *play.Vain) error {
		got, _ := s.Pending()
		return TooShort(p, s, want, got, v.What(), v)
	})
}

// Differs is the failure of bytes that are not the ones that were owed. It waits for
// the rest of them first, so that they are always shown alike.
func Differs(p *play.Play, s Source, want []byte, ended bool) error {
	p.SettleBriefly()
	got, _ := s.Pending()
	// Behind what was owed, only the line in which it went wrong is compared.
	line := got
	if i := telling.CommonPrefix(string(want), string(got)); i < len(got) {
		if end := bytes.IndexByte(got[i:], '\n'); end >= 0 {
			line = got[:i+end+1]
		}
	}
	c := comparison(p, s, want, got)
	c.Ended = ended
	return p.Compared(c.Message(s.Should, s.From, ""), want, line)
}

// TooShort is the failure of bytes that are the beginning of what was owed, and no
// more of it comes: the source has ended, or the step waited in vain.
func TooShort(p *play.Play, s Source, want, got []byte, why string, v *play.Vain) *telling.Failure {
	c := comparison(p, s, want, got)
	c.Ended = v == nil || v.Ended()
	c.Resting = v != nil && v.Verdict == patience.Rested
	message := c.Message(s.Should, s.From, why)
	if len(got) == 0 {
		return p.Failf("%s", message)
	}
	return p.Compared(message, want, got)
}

// comparison is what is known of a difference, but for how it ended.
func comparison(p *play.Play, s Source, want, got []byte) telling.Comparison {
	c := telling.Comparison{
		Want: p.Redact(string(want)), Got: p.Redact(string(got)),
		Screen: s.Program != nil, Silent: p.Silent(),
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
		c.Stderr = p.Redact(s.Program.Said(0))
	}
	return c
}

// Counted checks that a pattern whose first group counts what follows has one.
func Counted(c *script.Call) error {
	if c.Has("counted") && (!c.Has("match") || c.Pattern("match").NumSubexp() == 0) {
		return errors.New("-counted needs -match with a group in it: -match '(\\d+)\\n'")
	}
	return nil
}

// awaitMatch waits until the next bytes match re, and returns what matches; with
// counted, also the bytes behind it, as many as the first group says. A group that
// has a name becomes a variable of the script's.
func awaitMatch(p *play.Play, re *regexp.Regexp, counted bool, s Source) ([]byte, error) {
	var match []byte
	err := p.Await(func() (bool, error) {
		got, ended := s.Pending()
		if end := matchEnd(re, counted, got); end >= 0 && end <= len(got) {
			match = bytes.Clone(got[:end])
			for i, group := range re.FindSubmatch(got) {
				if name := re.SubexpNames()[i]; name != "" && group != nil {
					p.Set(name, string(group))
				}
			}
			return true, nil
		}
		if ended {
			return false, noMatch(p, re, s, got, "it has "+s.Ending())
		}
		return false, nil
	})
	if err != nil {
		return nil, p.InVain(err, func(v *play.Vain) error {
			got, _ := s.Pending()
			return noMatch(p, re, s, got, v.What())
		})
	}
	return match, nil
}

// matchEnd is where what matches ends, which may be behind what has come; -1 where
// nothing matches.
func matchEnd(re *regexp.Regexp, counted bool, got []byte) int {
	loc := re.FindSubmatchIndex(got)
	if loc == nil || loc[0] != 0 {
		return -1
	}
	if !counted {
		return loc[1]
	}
	n, err := strconv.ParseUint(string(got[max(0, loc[2]):max(0, loc[3])]), 10, 32)
	if err != nil {
		return -1
	}
	return loc[1] + int(n)
}

func noMatch(p *play.Play, re *regexp.Regexp, s Source, got []byte, why string) *telling.Failure {
	return p.Failf("%s what matches '%s'%s; %s came, %s", s.Should, re, s.From, p.Short(got), why)
}
