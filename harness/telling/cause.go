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
	for _, s := range symptoms {
		if s.fits(&c) {
			return say.Causes[s.cause]
		}
	}
	return ""
}

// A cause is why what came may be wrong.
type cause int

const (
	onStderr cause = iota
	wholeBuffer
	unread
	unflushed
	chatter
	spaces
	carriageReturn
	madeValid
	brokenCharacter
	noLineEnd
	inPieces
	glued
	cutLine
	letterCase
	endedEarly
	noBeginning
	causes // how many there are
)

// symptoms tell what a cause looks like. They are tried in order: first those
// of nothing at all, then those that explain a difference down to its bytes.
var symptoms = [...]struct {
	cause cause
	fits  func(*Comparison) bool
}{
	{onStderr, (*Comparison).onStderr},
	{wholeBuffer, (*Comparison).wholeBuffer},
	{unread, (*Comparison).unread},
	{glued, (*Comparison).gluedAway},
	{unflushed, (*Comparison).unflushed},
	{chatter, (*Comparison).chatter},
	{spaces, (*Comparison).spaces},
	{carriageReturn, (*Comparison).carriageReturn},
	{madeValid, (*Comparison).madeValid},
	{brokenCharacter, (*Comparison).brokenCharacter},
	{noLineEnd, (*Comparison).noLineEnd},
	{inPieces, (*Comparison).inPieces},
	{glued, (*Comparison).runTogether},
	{cutLine, (*Comparison).cutLine},
	{letterCase, (*Comparison).letterCase},
	{endedEarly, (*Comparison).endedEarly},
	{noBeginning, (*Comparison).noBeginning},
}

func (c *Comparison) onStderr() bool {
	return c.Screen && strings.TrimSpace(c.Want) != "" && !strings.Contains(c.Got, c.Want) && strings.Contains(c.Stderr, c.Want)
}

func (c *Comparison) wholeBuffer() bool {
	return strings.Contains(c.Got, "\x00\x00") && !strings.Contains(c.Want+c.sent(), "\x00")
}

func (c *Comparison) unread() bool { return c.Got == "" && c.Unread > 0 && !c.Ended }

// waits reports that the program has read everything and rests all the same.
func (c *Comparison) waits() bool { return c.Unread == 0 && c.Resting && !c.Ended }

// gluedAway: there is no answer to several lines that came together, and there
// would be fewer answers than lines. Were each line answered, that to the first
// would be there.
func (c *Comparison) gluedAway() bool {
	return c.Got == "" && c.waits() && strings.Count(c.Want, "\n") < c.together()
}

func (c *Comparison) unflushed() bool { return c.Got == "" && c.waits() && c.Silent }

// chatter: the screen shows what was owed behind text that nobody has asked for
// and nobody has sent, such as a prompt or a line of a log.
func (c *Comparison) chatter() bool {
	if !c.Screen {
		return false
	}
	extra := c.Got
	if c.Want != "" {
		extra = c.extra()
	}
	return strings.TrimSpace(extra) != "" && utf8.ValidString(extra) && !c.wasSent(extra)
}

// extra returns what stands in front of the line that was owed, from the
// beginning of a line on; "" where that line did not come, or is itself wrong.
func (c *Comparison) extra() string {
	line, at := c.wrongLine()
	owed, _ := c.wrongLines()
	if strings.TrimSpace(owed) == "" {
		return ""
	}
	end := 0
	for l := range strings.Lines(c.Got[line:]) {
		if !strings.HasSuffix(l, owed) {
			end += len(l)
			continue
		}
		end += len(l) - len(owed)
		extra := c.Got[line : line+end]
		if 4*(at-line) > end || strings.Contains(c.Want, firstLine(extra)) {
			return ""
		}
		return extra
	}
	return ""
}

// wasSent reports whether text is, in part, what the program was sent.
func (c *Comparison) wasSent(text string) bool {
	sent := c.sent()
	for line := range strings.Lines(sent) {
		if line = strings.TrimSpace(line); line != "" && strings.Contains(headOf(text, 4<<10), line) {
			return true
		}
	}
	return strings.Contains(sent, strings.TrimSpace(text))
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

func (c *Comparison) noLineEnd() bool { return c.Got != "" && c.Want == c.Got+"\n" }

// inPieces: a message was cut, and what came goes wrong where the cut was. An
// answer that does not repeat the message cannot tell where it went wrong.
func (c *Comparison) inPieces() bool {
	if !c.Split || c.Got == "" {
		return false
	}
	_, at := c.wrongLine()
	sent, cut, start, end := c.sent(), 0, 0, -1 // start and end are those of the message
	repeats := false
	for _, piece := range c.Pieces[:max(0, len(c.Pieces)-1)] {
		cut += len(piece)
		if last := strings.LastIndex(piece, "\n"); last >= 0 {
			start = cut - len(piece) + last + 1
		}
		if end < start {
			end = start + len(strings.TrimSuffix(firstLine(sent[start:]), "\n"))
			repeats = repeats || end > start && strings.Contains(c.Want, strings.TrimRight(sent[start:end], "\r"))
		}
		if cut == start || cut >= end {
			continue // between two messages
		}
		if strings.HasSuffix(c.Want[:at], sent[start:cut]) || strings.HasPrefix(c.Got[at:], sent[cut:end]) {
			return true
		}
	}
	return !repeats
}

// runTogether: messages came together and only the first of them was answered,
// or they were taken for one.
func (c *Comparison) runTogether() bool {
	if c.together() < 2 || c.Got == "" {
		return false
	}
	if rest, ok := strings.CutPrefix(c.Want, c.Got); ok {
		return rest != "" && strings.HasSuffix(c.Got, "\n") && !c.Ended
	}
	line, at := c.wrongLine()
	want, got := c.wrongLines()
	if line > 0 && at == line && len(want) > len(got) && strings.HasSuffix(want, got) && strings.TrimSpace(got) != "" {
		return true // a line as it was sent, without what belongs in front of it
	}
	// The line goes on where it should have ended, with the next one.
	next, more := strings.CutPrefix(c.Want[at:], "\n")
	next, _, _ = strings.Cut(next, "\n")
	return more && next != "" && strings.HasPrefix(strings.TrimLeft(c.Got[at:], " \\"), next)
}

// cutLine: a long line ends before it should.
func (c *Comparison) cutLine() bool {
	const long = 512
	line, at := c.wrongLine()
	return at-line >= long && strings.HasPrefix(c.Got[at:], "\n") && at < len(c.Want)
}

func (c *Comparison) letterCase() bool {
	want, got := c.wrongLines()
	return want != got && strings.EqualFold(want, got)
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
	at = commonPrefix(c.Want, c.Got)
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

func (c *Comparison) sent() string { return strings.Join(c.Pieces, "") }

// together is how many messages came in one piece at most; a line is one, and
// so is the beginning of the next.
func (c *Comparison) together() int {
	most := 0
	for _, piece := range c.Pieces {
		n := strings.Count(piece, "\n")
		if n > 0 && !strings.HasSuffix(piece, "\n") {
			n++
		}
		most = max(most, n)
	}
	return most
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
