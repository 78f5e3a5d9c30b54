package tcp

import (
	"bytes"
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"
	"time"

	"wirebook/harness/internal/answer"
	"wirebook/harness/internal/expect"
	"wirebook/harness/internal/pieces"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

var answerRow = play.Row("answer PEER CODE BYTES... [-times N] [-file NAME] [-size N] [-head] [-type TYPE] [-field FIELD] [-lacks FIELD] [-then HOW] [-or-cut] [-unless-closed]",
	"Wait for the next HTTP answer that PEER receives, and take it apart strictly: a status line, fields, among them one Date, and a body of Content-Length bytes. CODE is its code, 404 or one of 400|404. BYTES are its body, as expect's; -size N is a body of any N bytes; without both it may be any. With -head it answers HEAD: it tells the length of the body, which is not there. -type is its Content-Type, such as text/plain; -field 'NAME: RE' is a field whose whole value RE matches, and -lacks one that must not stand there. HOW is what follows: the connection stays (as without -then), closes (and the answer says so), ends (whether it says so or not), or either, as it says. With -or-cut the connection may end in the body. With -unless-closed nothing is asked where an earlier answer has ended the connection.",
	onStream(cmdAnswer)).Checked(checkAnswer)

// What may follow an answer, by the word of -then.
const (
	thenStays  = "stays"
	thenCloses = "closes"
	thenEnds   = "ends"
	thenEither = "either"
)

func checkAnswer(c *script.Call) error {
	for code := range strings.SplitSeq(c.Args[1], "|") {
		if ok, _ := regexp.MatchString(`^[1-9][0-9][0-9]$`, code); !ok {
			return fmt.Errorf("%q is no code of three digits", code)
		}
	}
	words := []string{thenStays, thenCloses, thenEnds, thenEither}
	if how := c.Flag("then", thenStays); !slices.Contains(words, how) {
		return fmt.Errorf("-then %q is not known; there are %s", how, strings.Join(words, ", "))
	}
	if _, _, err := mime.ParseMediaType(c.Flag("type", "text/plain")); err != nil {
		return fmt.Errorf("-type %q: %w", c.Flag("type", ""), err)
	}
	for _, flag := range []string{"field", "lacks"} {
		if rule := c.Flag(flag, ""); rule != "" { // it may have a variable in it
			if _, _, err := fieldRule(rule); err != nil {
				return fmt.Errorf("-%s: %w", flag, err)
			}
		}
	}
	return nil
}

// fieldRule reads a field as it stands behind a flag.
func fieldRule(s string) (name string, value *regexp.Regexp, err error) {
	name, pattern, ok := strings.Cut(s, ": ")
	if !ok {
		return "", nil, fmt.Errorf("%q is no field; write 'NAME: RE'", s)
	}
	value, err = regexp.Compile(`\A(?:` + pattern + `)\z`)
	return name, value, err
}

func cmdAnswer(p *play.Play, s *stream, c *script.Call) error {
	if c.Has("unless-closed") && s.eof {
		return nil
	}
	w := &wanted{p, s, c, fmt.Sprintf("%s should receive the answer %s from %s", s.name, strings.ReplaceAll(c.Args[1], "|", " or "), s.program)}
	a, err := w.head()
	if err != nil {
		return err
	}
	if why := w.differs(a); why != "" {
		return w.fail(why)
	}
	return w.rest(a)
}

// wanted is an answer that is waited for.
type wanted struct {
	*play.Play
	s       *stream
	c       *script.Call
	promise string
}

// fail is the failure of what came. Rest is waited for first, so that it is always
// shown alike.
func (w *wanted) fail(why string) error {
	w.SettleBriefly()
	came, _, _ := w.s.Pending()
	f := w.Failf("%s; %s", w.promise, why)
	f.Came = telling.Lines(w.Redact(string(came[:min(len(came), 16<<10)])))
	return f
}

// head waits for the head of the answer. It does not take it.
func (w *wanted) head() (a *answer.Answer, err error) {
	err = w.Await(func() (bool, error) {
		came, ended, _ := w.s.Pending()
		var n int
		var err error
		switch a, n, err = answer.Read(came); {
		case err != nil:
			return false, w.fail("but what came is no such answer: " + err.Error() + w.behind(came))
		case n > 0:
			return true, nil
		case ended:
			return false, w.fail(unfinished(len(came)) + ", it has " + w.s.howClosed())
		}
		return false, nil
	})
	return a, w.InVain(err, func(v *play.Vain) error {
		came, _, _ := w.s.Pending()
		return w.fail(telling.Sentence(unfinished(len(came))+", "+v.What(), w.cause(v)))
	})
}

func unfinished(came int) string {
	if came == 0 {
		return "nothing came"
	}
	return "only a part of its head came"
}

// behind says where what is no status line may come from.
func (w *wanted) behind(came []byte) string {
	if w.s.Conn.Received() == uint64(len(came)) || bytes.HasPrefix(came, []byte("HTTP/")) {
		return ""
	}
	return "; it stands behind an earlier answer: has that more bytes than its Content-Length, or a body although HEAD was asked?"
}

// cause says why an answer may not have come.
func (w *wanted) cause(v *play.Vain) string {
	sent, unread := w.s.Unanswered()
	switch {
	case v.Ended():
		return ""
	case unread > 0:
		return "the program did not read all that was sent to it: does it wait for something else first?"
	case w.s.glued:
		return "the request stood behind another one in one piece: one Read may return more than one request"
	case sent.Split:
		return "the request was sent in pieces: one Read returns what has arrived, which may be a part of a request"
	}
	return ""
}

// differs says in what the head is not the one that is wanted.
func (w *wanted) differs(a *answer.Answer) string {
	c := w.c
	how := c.Flag("then", thenStays)
	const minutes = 5
	switch {
	case !slices.Contains(strings.Split(c.Args[1], "|"), fmt.Sprint(a.Code)):
		return fmt.Sprintf("its code is %d", a.Code)
	case time.Since(a.Date).Abs() > minutes*time.Minute:
		return fmt.Sprintf("its Date is off by more than %d minutes: it must be the time in GMT (UTC), now", minutes)
	case how == thenStays && a.Closes():
		return "it says Connection: close, but this connection stays open"
	case how == thenCloses && !a.Closes():
		return "it does not say Connection: close, although the connection must be closed behind it"
	}
	if size, known := w.size(); known && a.Length != size {
		return fmt.Sprintf("its Content-Length is %d, but the body must have %s", a.Length, telling.Size(size))
	}
	if c.Has("type") {
		if got := strings.Join(a.Values("Content-Type"), ", "); !sameType(c.Flag("type", ""), got) {
			return fmt.Sprintf("its Content-Type should be %s, and not %s", telling.Quote(c.Flag("type", "")), telling.Quote(got))
		}
	}
	if c.Has("field") {
		name, want, _ := fieldRule(c.Flag("field", ""))
		if got := strings.Join(a.Values(name), ", "); len(a.Values(name)) == 0 || !want.MatchString(got) {
			return fmt.Sprintf("its %s should match %s, and not be %s", name, telling.Quote(w.Redact(c.Flag("field", "")[len(name)+2:])), telling.Quote(w.Redact(got)))
		}
	}
	if c.Has("lacks") {
		name, unwanted, _ := fieldRule(c.Flag("lacks", ""))
		for _, value := range a.Values(name) {
			if unwanted.MatchString(value) {
				return fmt.Sprintf("its %s should not be %s", name, telling.Quote(w.Redact(value)))
			}
		}
	}
	return ""
}

// size is how many bytes the body must have.
func (w *wanted) size() (n int, known bool) {
	data, times := w.c.Repeated(2)
	if len(data) > 0 {
		return len(data) * times, true
	}
	return w.c.Number("size", 0), w.c.Has("size")
}

// sameType reports whether two media types are the same: their words in any case, and
// the second may have more parameters.
func sameType(want, got string) bool {
	kind, params, _ := mime.ParseMediaType(want)
	gotKind, gotParams, err := mime.ParseMediaType(got)
	if err != nil || !strings.EqualFold(kind, gotKind) {
		return false
	}
	for name, value := range params {
		if !strings.EqualFold(value, gotParams[name]) {
			return false
		}
	}
	return true
}

// rest takes the answer and what must follow it.
func (w *wanted) rest(a *answer.Answer) error {
	s, how := w.s, w.c.Flag("then", thenStays)
	came, _, _ := s.Pending()
	_, n, _ := answer.Read(came)
	s.Take(n)
	w.answered()
	closed := how == thenCloses || how == thenEnds || how == thenEither && a.Closes()
	var cut bool
	var err error
	if !w.c.Has("head") {
		w.tell(a, n+a.Length)
		cut, err = w.body(a)
	} else {
		w.tell(a, n)
		if closed {
			err = w.freeBody(a)
		}
	}
	if err != nil || cut || !closed {
		return err
	}
	return awaitEnd(w.Play, s, nil, false)
}

// tell draws an answer of n bytes.
func (w *wanted) tell(a *answer.Answer, n int) {
	text := strings.TrimSpace(fmt.Sprintf("HTTP/1.1 %d %s", a.Code, a.Reason)) + ", a body of " + telling.Size(a.Length)
	if w.c.Has("head") {
		text += " is left out"
	}
	w.Tell(telling.Rung{Peer: w.s.name, Program: w.s.program, Kind: telling.Bytes, Text: text, Len: n})
}

// answered forgets the request that was answered.
func (w *wanted) answered() {
	text, split := strings.Join(w.s.sent.Pieces, ""), w.s.sent.Split
	_, next, _ := strings.Cut(text, "\r\n\r\n")
	if w.s.Answered(); next != "" {
		w.s.sent, w.s.glued = pieces.Sent{Pieces: []string{next}, Split: split}, true
	}
}

// body takes the body; cut tells that the connection ended in it, where it may.
func (w *wanted) body(a *answer.Answer) (cut bool, err error) {
	s := w.s
	if data, times := w.c.Repeated(2); len(data) > 0 {
		source := s.source()
		source.Should = fmt.Sprintf("in the body of the answer %d, %s", a.Code, source.Should)
		_, err := expect.Repeated(w.Play, data, times, source)
		return false, err
	}
	defer s.Hold()()
	for left := a.Length; left > 0; {
		err := w.await(func(came int, ended bool) bool { return came > 0 || ended })
		came, _, _ := s.Pending()
		n := min(left, len(came))
		s.Take(n)
		left -= n
		switch {
		case err == nil && n > 0:
		case err == nil && w.c.Has("or-cut"):
			s.tellEnd(w.Play)
			return true, nil
		case err == nil:
			return false, w.Failf("%s; %s of its body are missing, it has %s", w.promise, telling.Size(left), s.howClosed())
		default:
			return false, w.InVain(err, func(v *play.Vain) error {
				return w.Failf("%s; %s of its body are missing, %s", w.promise, telling.Size(left), v.What())
			})
		}
	}
	return false, nil
}

// freeBody takes the body that may stand in an answer to HEAD behind which the
// connection is closed: what could not be understood had no method.
func (w *wanted) freeBody(a *answer.Answer) error {
	err := w.await(func(came int, ended bool) bool { return came >= a.Length || ended })
	// In vain or not, who waits for the end tells what came.
	if came, _, _ := w.s.Pending(); len(came) >= a.Length {
		w.s.Take(a.Length)
	}
	return w.InVain(err, func(*play.Vain) error { return nil })
}

// await waits until enough bytes have come.
func (w *wanted) await(enough func(came int, ended bool) bool) error {
	return w.AwaitReading(w.s.Conn.Received, func() (bool, error) {
		came, ended, _ := w.s.Pending()
		return enough(len(came), ended), nil
	})
}
