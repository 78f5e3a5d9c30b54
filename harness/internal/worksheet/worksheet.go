// Package worksheet judges the answers of a worksheet: a lesson in which no program is
// written, but questions are answered, each in a line.
//
// An answer is normalised before it is judged, so that nobody reads of a misconception
// where he has only another keyboard or another book's spelling ([Normalise]). Then it
// is compared with what the question knows. A scenario holds no answer, but the mark of
// each ([Mark]): that keeps a reader from reading it by accident, and nobody from trying
// all that are possible.
//
// The key, with the answers themselves, is kept where the solutions are. The program
// make, below this package, makes of it all that students get.
package worksheet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A Question is what is known of one, to judge its answers by. In a key, Right and the
// Answers of Wrong are answers; in a scenario, they are the marks of answers.
type Question struct {
	ID   string `json:"id"`
	Mode Mode   `json:"mode"`
	// Form is a regular expression that the whole normalised answer matches, right
	// or wrong; Like is an example of it, or the words to choose from.
	Form  string   `json:"form"`
	Like  string   `json:"like"`
	Right []string `json:"right"`
	Wrong []Wrong  `json:"wrong"`
}

// A Wrong is a mistake that is known: its answers, and why they are wrong.
type Wrong struct {
	Answers []string `json:"answers"`
	English string   `json:"en"`
	Chinese string   `json:"zh"`
}

// A Mode says how many items an answer has, and whether their order counts.
type Mode string

// The modes.
const (
	One  Mode = "one"
	List Mode = "list" // their order counts
	Set  Mode = "set"
)

const markDigits = 32

// Mark is what stands for an answer where the answer itself must not be read.
func Mark(id, normalised string) string {
	sum := sha256.Sum256([]byte("wirebook concepts " + id + " " + normalised))
	return hex.EncodeToString(sum[:])[:markDigits]
}

// isMark reports whether s can be one.
func isMark(s string) bool { return len(s) == markDigits && strings.Trim(s, "0123456789abcdef") == "" }

// Marked returns the question of a key with marks in the place of its answers.
func (q Question) Marked() Question {
	mark := func(answers []string) (marks []string) {
		for _, a := range answers {
			marks = append(marks, Mark(q.ID, Normalise(a, q.Mode)))
		}
		return marks
	}
	q.Right = mark(q.Right)
	q.Wrong = slices.Clone(q.Wrong)
	for i := range q.Wrong {
		q.Wrong[i].Answers = mark(q.Wrong[i].Answers)
	}
	return q
}

// Text is a question as a scenario holds it, a line for each thing that is known:
//
//	id vlan-broadcast
//	mode set
//	form [1-6](?:,[1-6])*
//	like 1,4
//	right 5cd2e2...
//	wrong 9a3f77... 0b11c4...
//	en Ports of another VLAN do not hear it.
//	zh ...
//
// Below the marks of wrong answers that have one reason stands the reason.
func (q Question) Text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "id %s\nmode %s\nform %s\nlike %s\nright %s\n", q.ID, q.Mode, q.Form, q.Like, strings.Join(q.Right, " "))
	for _, w := range q.Wrong {
		fmt.Fprintf(&b, "wrong %s\nen %s\nzh %s\n", strings.Join(w.Answers, " "), w.English, w.Chinese)
	}
	return b.Bytes()
}

// read reads what Text writes. (A student's program is linked with this: encoding/json
// would be a twentieth of it.)
func read(text []byte) (q Question, err error) {
	var w *Wrong
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case key == "id":
			q.ID = value
		case key == "mode":
			q.Mode = Mode(value)
		case key == "form":
			q.Form = value
		case key == "like":
			q.Like = value
		case key == "right":
			q.Right = strings.Fields(value)
		case key == "wrong":
			q.Wrong = append(q.Wrong, Wrong{Answers: strings.Fields(value)})
			w = &q.Wrong[len(q.Wrong)-1]
		case key == "en" && w != nil:
			w.English = value
		case key == "zh" && w != nil:
			w.Chinese = value
		default:
			return q, fmt.Errorf("%q is no line of a question; one begins with id, mode, form, like, right or wrong, below which stand en and zh", line)
		}
	}
	return q, nil
}

// parse reads a question with its marks, as a scenario holds it, and checks it.
func parse(text []byte) (q Question, form *regexp.Regexp, err error) {
	if q, err = read(text); err != nil {
		return q, nil, err
	}
	if form, err = regexp.Compile(`^(?:` + q.Form + `)$`); err != nil {
		return q, nil, fmt.Errorf("%s: its form: %w", q.ID, err)
	}
	marks := slices.Clone(q.Right)
	for _, w := range q.Wrong {
		marks = append(marks, w.Answers...)
		if len(w.Answers) == 0 || w.English == "" || w.Chinese == "" {
			return q, nil, fmt.Errorf("%s: a known mistake needs answers and a sentence in both languages", q.ID)
		}
	}
	switch {
	case q.ID == "" || q.Form == "" || q.Like == "" || len(q.Right) == 0:
		return q, nil, errors.New("a question needs an id, a form, an example of it, and a right answer")
	case !slices.Contains([]Mode{One, List, Set}, q.Mode):
		return q, nil, fmt.Errorf("%s: its mode %q is not known; there are one, list and set", q.ID, q.Mode)
	}
	for _, m := range marks {
		if !isMark(m) {
			return q, nil, fmt.Errorf("%s: %q is no mark of an answer; a mark has %d hexadecimal digits", q.ID, m, markDigits)
		}
	}
	return q, form, nil
}

// judge says what is wrong with an answer as it was written, "" where nothing is.
// quote is how it is shown. It never tells what would be right.
func (q *Question) judge(form *regexp.Regexp, answer string, quote func(string) string) string {
	normalised := Normalise(answer, q.Mode)
	if !form.MatchString(normalised) {
		return fmt.Sprintf("%s is not written as an answer to this question, so it was not judged; write it like this: %s 答案的写法不对，还没有判对错；请照这样写：%[2]s", quote(answer), q.Like)
	}
	mark := Mark(q.ID, normalised)
	if slices.Contains(q.Right, mark) {
		return ""
	}
	for _, w := range q.Wrong {
		if slices.Contains(w.Answers, mark) {
			return fmt.Sprintf("no, not %s: %s %s", quote(answer), w.English, w.Chinese)
		}
	}
	return fmt.Sprintf("no, not %s 不对", quote(answer))
}
