// Package expect waits for the bytes that a program owes, on a stream or on its
// screen, and tells what came instead.
package expect

import (
	"bytes"
	"fmt"
	"regexp"

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
	Streams []play.Stream // whose bytes may have led to these
	Sent    pieces.Sent   // what else may have
	Program *play.Program // whose screen it is, nil for a stream
}

// Bytes waits for the bytes or the pattern that the call asks for, from argument 1
// on, and returns what fits. It leaves taking them to the caller.
func Bytes(p *play.Play, c *script.Call, s Source) ([]byte, error) {
	if c.Has("match") {
		return awaitMatch(p, c.Pattern("match"), s)
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
	if err != nil {
		return nil, p.InVain(err, func(v *play.Vain) error {
			got, _ := s.Pending()
			return TooShort(p, s, want, got, v.What(), v)
		})
	}
	return want, nil
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

// awaitMatch waits until the next bytes match re, and returns what matches. A group
// that has a name becomes a variable of the script's.
func awaitMatch(p *play.Play, re *regexp.Regexp, s Source) ([]byte, error) {
	var match []byte
	err := p.Await(func() (bool, error) {
		got, ended := s.Pending()
		if loc := re.FindSubmatchIndex(got); loc != nil && loc[0] == 0 {
			match = bytes.Clone(got[:loc[1]])
			for i, name := range re.SubexpNames() {
				if name != "" && loc[2*i] >= 0 {
					p.Set(name, string(got[loc[2*i]:loc[2*i+1]]))
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

func noMatch(p *play.Play, re *regexp.Regexp, s Source, got []byte, why string) *telling.Failure {
	return p.Failf("%s what matches %s%s; %s came, %s", s.Should, telling.Quote(re.String()), s.From, p.Short(got), why)
}
