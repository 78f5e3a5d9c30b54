package nameserver

import (
	"fmt"
	"slices"

	"wirebook/harness/internal/dns"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
)

// An answering is a step that waits for answers.
type answering struct {
	p         *play.Play
	book      *book
	end       end            // where they come
	questions []*asked       // that were sent under its name
	expected  []dns.Expected // the answer to each
	left      int            // how many have not come
	should    string         // what the program owes
}

// expectAnswers waits for the answers to questions that were sent, in any order where
// there are several.
func expectAnswers(p *play.Play, c *script.Call, t dns.Text) error {
	a, err := answeringOf(p, c, t)
	if err != nil {
		return err
	}
	err = p.Await(func() (bool, error) {
		if err := a.takeWaiting(); err != nil {
			return false, err
		}
		return a.takeNew()
	})
	if err != nil {
		return p.InVain(err, func(v *play.Vain) error {
			if v.Ended() {
				return p.NobodyLeft("it sent the " + t.String())
			}
			return p.Failf("%s; %s, %s", a.should, missing(a.left, len(a.expected)), v.What())
		})
	}
	a.book.unsettled = false
	return nil
}

func answeringOf(p *play.Play, c *script.Call, t dns.Text) (*answering, error) {
	expected, err := expectedOf(c, t)
	if err != nil {
		return nil, err
	}
	at, err := ends(p, c.Args[0])
	if err != nil {
		return nil, err
	}
	a := &answering{p: p, book: bookOf(p), end: at[0], expected: expected, left: len(expected)}
	a.questions = a.book.sent[keyOf(t.Of, c)]
	if len(a.questions) != len(expected) {
		return nil, fmt.Errorf("%d answers are expected, and %d questions were sent under this name", len(expected), len(a.questions))
	}
	program := p.Owner(a.questions[0].to.String())
	if a.end.conn != nil {
		program = a.end.conn.Program()
	}
	a.should = a.end.name + " should receive the " + t.String() + " from " + program
	return a, nil
}

// takeWaiting takes what has come while another step waited for its own answers.
func (a *answering) takeWaiting() error {
	waiting := a.book.waiting[a.end.name]
	for i := 0; i < len(waiting) && a.left > 0; {
		mine, err := a.take(waiting[i])
		if err != nil {
			return err
		}
		if !mine {
			i++
			continue
		}
		waiting = slices.Delete(waiting, i, i+1)
		a.book.waiting[a.end.name] = waiting
	}
	return nil
}

// takeNew takes what comes now, and reports whether that is all. What answers the
// question of another step waits for that.
func (a *answering) takeNew() (all bool, err error) {
	for a.left > 0 {
		l, ok, ended := a.end.next()
		if !ok && ended != "" {
			return false, a.p.Failf("%s; it has %s", a.should, ended)
		}
		if !ok {
			return false, nil
		}
		mine, err := a.take(l)
		if err != nil {
			return false, err
		}
		if !mine && !a.book.awaits(l.message) {
			first := slices.IndexFunc(a.questions, func(q *asked) bool { return q.open })
			return false, failed(a.p, a.should, a.differs(first, l))
		}
		if !mine {
			a.book.waiting[a.end.name] = append(a.book.waiting[a.end.name], letter{slices.Clone(l.message), l.from})
		}
		a.end.claim(a.p, l, false)
	}
	return true, nil
}

// take reports whether a message answers one of the questions. It fails if that is not
// the answer that is owed.
func (a *answering) take(l letter) (mine bool, err error) {
	i := slices.IndexFunc(a.questions, func(q *asked) bool { return q.open && dns.Answers(l.message, q.message) })
	if i < 0 {
		return false, nil
	}
	if q := a.questions[i]; l.from.IsValid() && l.from != q.to {
		return false, a.p.Failf("%s from where the question went; the answer came from %v", a.should, l.from)
	}
	if wrong := a.differs(i, l); wrong != nil {
		return false, failed(a.p, a.should, wrong)
	}
	a.questions[i].open = false
	a.left--
	return true, nil
}

// differs tells how a message differs from the answer to a question, nil if it does not.
func (a *answering) differs(question int, l letter) *dns.Mismatch {
	return a.expected[question].Match(l.message, a.questions[question].message, a.end.socket != nil)
}

// awaits reports whether some question that was sent is answered by the message.
func (b *book) awaits(message []byte) bool {
	for _, list := range b.sent {
		for _, q := range list {
			if q.open && dns.Answers(message, q.message) {
				return true
			}
		}
	}
	return false
}
