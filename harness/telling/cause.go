package telling

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Comparison is what a program owed, what came instead, and what else is
// known: the facts from which a likely cause is told. All texts have names in
// the place of addresses.
type Comparison struct {
	Want string
	Got  string // all that came and was not asked for before, not cut
	// Screen tells that the program should have printed it; else a peer waits.
	Screen bool
	// Pieces are what was sent or typed to the program and is not answered
	// yet, each as it was sent; Split tells that the script has cut a message.
	Pieces []string
	Split  bool
	// Unread is how many of these bytes the program has not read, as far as
	// the system can tell.
	Unread int
	// Ended tells that nothing more can come: the connection or the program
	// has ended.
	Ended bool
	// Resting tells that the program is at rest.
	Resting bool
	// Silent tells that nothing came from the program in the whole play, but
	// for where it listens.
	Silent bool
	// Stderr is what the program wrote on standard error.
	Stderr string
}

// Cause returns the likely cause, or "" where the bytes fit none: a wrong lead
// costs more than none. Of a program that has crashed its last words tell it.
func (c Comparison) Cause() string {
	if crash, _ := findCrash(c.Stderr); crash != "" {
		return ""
	}
	for _, cause := range say.Causes {
		if cause.fits(&c) {
			return cause.text
		}
	}
	return ""
}

func (c *Comparison) onStderr() bool {
	return c.Screen && strings.TrimSpace(c.Want) != "" && !strings.Contains(c.Got, c.Want) && strings.Contains(c.Stderr, c.Want)
}

func (c *Comparison) wholeBuffer() bool {
	return strings.Contains(c.Got, "\x00\x00") && !strings.Contains(c.Want+strings.Join(c.Pieces, ""), "\x00")
}

func (c *Comparison) unread() bool { return c.Got == "" && c.Unread > 0 && !c.Ended }

func (c *Comparison) unflushed() bool { return c.Got == "" && c.Silent && c.waits() }

// waits reports that the program has read everything and rests all the same.
func (c *Comparison) waits() bool { return c.Unread == 0 && c.Resting && !c.Ended }

// glued: several lines came together, and only the first of them was taken, or
// the next was taken for a part of it.
func (c *Comparison) glued() bool {
	_, at := c.wrongLine()
	answers := strings.Count(c.Want, "\n")
	for _, piece := range c.Pieces {
		_, later, several := strings.Cut(piece, "\n")
		if !several || later == "" {
			continue
		}
		switch {
		case c.Got == "":
			// Were each line answered, the answer to the first would be there.
			if c.waits() && answers <= strings.Count(later, "\n") {
				return true
			}
		case at == len(c.Got):
			if at < len(c.Want) && strings.HasSuffix(c.Got, "\n") && !c.Ended {
				return true
			}
		case at > 0:
			for line := range strings.Lines(later) {
				if line != "\n" && strings.HasPrefix(c.Got[at:], line) {
					return true
				}
			}
		}
	}
	return false
}

// chatter: the screen shows, in front of what was owed, text that nobody has
// asked for and nobody has sent, such as a prompt or a line of a log.
func (c *Comparison) chatter() bool {
	line, at := c.wrongLine()
	owed, _ := c.wrongLines()
	extra, _, found := strings.Cut(c.Got[line:], owed)
	switch {
	case c.Want == "":
		extra = c.Got
	case !found || len(extra) <= 2*(at-line) || strings.Contains(c.Want, firstLine(extra)):
		return false
	}
	text := strings.TrimSpace(firstLine(extra))
	// A line with a peer's address is one that the lesson asks for, at the wrong time.
	return c.Screen && text != "" && !strings.Contains(text, "‹") && utf8.ValidString(extra) && !strings.Contains(strings.Join(c.Pieces, ""), text)
}

// addedSpaces: what was owed came with more blanks in it.
func (c *Comparison) addedSpaces() bool {
	want, got := c.wrongLines()
	return c.spaces() && len(got) > len(want)
}

func (c *Comparison) spaces() bool {
	want, got := c.wrongLines()
	strip := strings.NewReplacer(" ", "", "\t", "")
	return want != got && got != "" && strip.Replace(want) == strip.Replace(got)
}

func (c *Comparison) carriageReturn() bool {
	_, at := c.wrongLine()
	return strings.HasPrefix(c.Got[at:], "\r") && strings.HasPrefix(c.Want[at:], "\n")
}

func (c *Comparison) madeValid() bool {
	return strings.Contains(c.Got, "\ufffd") && !strings.Contains(c.Want, "\ufffd") && !utf8.ValidString(c.Want)
}

func (c *Comparison) brokenCharacter() bool {
	return c.Split && valid(c.Want) && !valid(c.Got)
}

// valid reports whether s is UTF-8 in which no character was replaced.
func valid(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\ufffd") }

func (c *Comparison) letterCase() bool {
	want, got := c.wrongLines()
	return want != got && strings.EqualFold(want, got)
}

// inPieces: a message was cut, and not between two.
func (c *Comparison) inPieces() bool {
	return c.Split && c.Got != "" && slices.ContainsFunc(c.Pieces[:max(0, len(c.Pieces)-1)], func(piece string) bool {
		return !strings.HasSuffix(piece, "\n")
	})
}

// cutLine: a long line ends before it should.
func (c *Comparison) cutLine() bool {
	const long = 512
	line, at := c.wrongLine()
	return at-line >= long && strings.HasPrefix(c.Got[at:], "\n") && at < len(c.Want)
}

func (c *Comparison) endedEarly() bool {
	return c.Ended && c.Got != "" && c.Got != c.Want && strings.HasPrefix(c.Want, c.Got)
}

func (c *Comparison) noBeginning() bool {
	missing, ok := strings.CutSuffix(c.Want, c.Got)
	return ok && c.Got != "" && strings.HasSuffix(missing, "\n")
}

// wrongLine returns where the first difference is, and where its line begins.
func (c *Comparison) wrongLine() (line, at int) {
	at = CommonPrefix(c.Want, c.Got)
	return strings.LastIndex(c.Want[:at], "\n") + 1, at
}

// wrongLines returns the line of what was owed in which the first difference
// is, and the one that came.
func (c *Comparison) wrongLines() (want, got string) {
	line, _ := c.wrongLine()
	return firstLine(c.Want[line:]), firstLine(c.Got[line:])
}

func firstLine(s string) string {
	if end := strings.Index(s, "\n"); end >= 0 {
		return s[:end+1]
	}
	return s
}

// Message is the sentence of a failure: what should have come, as in "ann
// should receive" and " from server", what did, and the likely cause. Of bytes
// that did not come, why says why they are not waited for any more.
func (c Comparison) Message(should, from, why string) string {
	owed := should + " " + Short(c.Want) + from
	switch {
	case c.Got == "":
		return Sentence(owed, fmt.Sprintf(say.NothingCame, why), c.Cause())
	case !strings.HasPrefix(c.Want, c.Got):
		return Sentence(fmt.Sprintf(say.SomethingElse, owed), c.Cause())
	case strings.Contains(c.Want, "‹"): // a name has not as many bytes as an address
		return Sentence(owed, fmt.Sprintf(say.BeginningCame, why), c.Cause())
	}
	return Sentence(owed, fmt.Sprintf(say.PartCame, Count(len(c.Got)), Size(len(c.Want)), why), c.Cause())
}

// Sentence joins what was promised, what happened and a cause; parts that are
// empty are left out.
func Sentence(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "; ")
}
