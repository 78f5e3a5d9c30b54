package dns

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/dns/message"
)

// A Mismatch is the first difference of a message from what was expected.
type Mismatch struct {
	Text string // "rcode is SERVFAIL, want NOERROR"
	// Want and Got are the records of a section in words, where those differ.
	Want, Got string
}

func mismatch(format string, args ...any) *Mismatch {
	return &Mismatch{Text: fmt.Sprintf(format, args...)}
}

// Expected is what a text expects of a message.
type Expected struct {
	kind     string
	flags    map[string][]uint16 // of each name, what is right
	question message.Question
	records  []message.SpelledRecord
	soa      *message.SpelledRecord
	size     int
	more     bool
}

// Expected returns what copy n of a text expects: 0 is the only one.
func (t Text) Expected(n int) (e Expected, err error) {
	e.kind, e.flags = t.kind, make(map[string][]uint16)
	if t.kind == question {
		e.flags["rd"] = []uint16{1}
	}
	for _, a := range t.in(n) {
		if err := e.set(a); err != nil {
			return e, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	if t.kind == question && e.question.Name == "" {
		err = fmt.Errorf("qd is missing: which question should come?")
	}
	return e, err
}

func (e *Expected) set(a assignment) error {
	if b := message.BitNamed(a.name); b != nil {
		e.flags[b.Name] = nil
		for one := range strings.SplitSeq(a.value, "|") {
			value, err := b.Parse(one)
			if err != nil {
				return err
			}
			e.flags[b.Name] = append(e.flags[b.Name], value)
		}
		return nil
	}
	switch a.name {
	case "qd":
		if e.question.Name != "" {
			return fmt.Errorf("one question is expected at a time")
		}
		q, err := message.ParseQuestion(a.value)
		e.question = q.Question
		return err
	case "an", "ns":
		r, err := message.ParseRecord(a.value)
		if err != nil {
			return err
		}
		if _, err := r.Record(); err != nil {
			return err
		}
		if a.name == "an" {
			e.records = append(e.records, r)
			return nil
		}
		if r.Type != message.TypeSOA || e.soa != nil {
			return fmt.Errorf("of the authority section, one SOA can be expected")
		}
		e.soa = &r
		return nil
	case "size":
		n, err := parseCount(a.value)
		e.size = n
		return err
	default: // more
		e.more = a.value == "yes"
		if !e.more {
			return fmt.Errorf("%q is not yes", a.value)
		}
		return nil
	}
}

// Match compares a message that came; nil if it is what is expected. asked is the
// question that was asked, where an answer is expected; datagram tells that the message
// is one, whose size is bounded.
func (e Expected) Match(b, asked []byte, datagram bool) *Mismatch {
	if e.kind == question {
		return e.matchQuestion(b)
	}
	return e.matchAnswer(b, asked, datagram)
}

// part compares a part of the header's flags; 0 is right unless the text says otherwise.
func (e Expected) part(flags message.Flags, name string, otherwise uint16) *Mismatch {
	want, given := e.flags[name]
	if !given {
		want = []uint16{otherwise}
	}
	got := flags.Get(name)
	if slices.Contains(want, got) {
		return nil
	}
	bit := message.BitNamed(name)
	var wants []string
	for _, n := range want {
		wants = append(wants, bit.Show(n))
	}
	doc, _, _ := strings.Cut(bit.Doc, ";")
	doc, _, _ = strings.Cut(doc, ": NOERROR")
	return mismatch("%s (%s) is %s, want %s", name, doc, bit.Show(got), strings.Join(wants, " or "))
}

func (e Expected) matchQuestion(b []byte) *Mismatch {
	m, err := message.Parse(b)
	if err != nil {
		return mismatch("the question is malformed: %v", err)
	}
	for _, bit := range message.Bits {
		if wrong := e.part(m.Flags, bit.Name, 0); wrong != nil {
			return wrong
		}
	}
	if n := len(m.Questions); n != 1 {
		return mismatch("qdcount is %d, want 1", n)
	}
	for i, name := range message.Counts[1:] {
		if n := len(m.Sections[i]); n != 0 {
			return mismatch("%s is %d, want 0: a question brings no records", name, n)
		}
	}
	if got := m.Questions[0]; got.Fold() != e.question.Fold() {
		return &Mismatch{Text: "another question", Want: e.question.String(), Got: got.Fold().String()}
	}
	return nil
}

// Same reports whether the message asks what is expected to be asked.
func (e Expected) Same(b []byte) bool {
	m, err := message.Parse(b)
	return err == nil && len(m.Questions) == 1 && m.Questions[0].Fold() == e.question.Fold()
}

// Answers reports whether the message has the id of a question, and where it has a
// question, the same.
func Answers(b, asked []byte) bool {
	got, err := message.ReadHeader(b)
	want, askedErr := message.ReadHeader(asked)
	if err != nil || askedErr != nil || got.ID != want.ID {
		return false
	}
	_, ours := message.FirstQuestion(asked)
	_, theirs := message.FirstQuestion(b)
	return ours == nil || theirs == nil || bytes.Equal(ours, theirs)
}

func (e Expected) matchAnswer(b, asked []byte, datagram bool) *Mismatch {
	got, err := message.ReadHeader(b)
	if err != nil {
		return mismatch("%v", err)
	}
	ours, _ := message.ReadHeader(asked)
	if got.ID != ours.ID {
		return mismatch("id is %d, want %d, the question's", got.ID, ours.ID)
	}
	if wrong := e.part(got.Flags, "qr", 1); wrong != nil {
		return wrong
	}
	if wrong := e.part(got.Flags, "rcode", 0); wrong != nil {
		return wrong
	}
	if code := got.Flags.Get("rcode"); code == message.FormErr || code == message.NotImp {
		return nil // a question that was not understood: the rest is free
	}
	m, err := message.Parse(b)
	if err != nil {
		return mismatch("the answer is malformed: %v", err)
	}
	for _, bit := range []struct {
		name string
		want uint16
	}{{"opcode", ours.Flags.Get("opcode")}, {"rd", ours.Flags.Get("rd")}, {"ra", 1}, {"z", 0}, {"tc", 0}} {
		if wrong := e.part(got.Flags, bit.name, bit.want); wrong != nil {
			return wrong
		}
	}
	if wrong := sameQuestion(m, b, asked); wrong != nil {
		return wrong
	}
	size, sentOPT := ednsOf(asked)
	if e.size > 0 {
		size = e.size
	}
	if datagram && len(b) > size {
		return mismatch("the datagram has %d bytes, and may have %d; what does not fit has tc set", len(b), size)
	}
	if !sentOPT && slices.ContainsFunc(m.Sections[message.Additional], func(r message.Record) bool { return r.Type == message.TypeOPT }) {
		return mismatch("an OPT record came, and the question had none")
	}
	if got.Flags.Get("tc") == 1 {
		return nil // so is what stands in it
	}
	if wrong := e.matchRecords(m.Sections[message.Answer], m.Questions[0].Type); wrong != nil {
		return wrong
	}
	return e.matchSOA(m.Sections[message.Authority])
}

// sameQuestion compares the questions' bytes.
func sameQuestion(m *message.Message, b, asked []byte) *Mismatch {
	want, wantBytes := message.FirstQuestion(asked)
	got, gotBytes := message.FirstQuestion(b)
	if len(m.Questions) == 1 && bytes.Equal(gotBytes, wantBytes) {
		return nil
	}
	show := func(q message.Question, bytes []byte) string {
		if bytes == nil {
			return "no question"
		}
		return q.String()
	}
	return &Mismatch{Text: "the question should stand in the answer byte for byte as it came", Want: show(want, wantBytes), Got: show(got, gotBytes)}
}

// ednsOf is the longest datagram that a question takes, and whether it says so.
func ednsOf(asked []byte) (size int, said bool) {
	const least = 512
	m, err := message.Parse(asked)
	if err != nil {
		return least, false
	}
	for _, r := range m.Sections[message.Additional] {
		if r.Type == message.TypeOPT {
			return max(least, int(r.Class)), true
		}
	}
	return least, false
}

// matchRecords compares the answer section: the aliases in their order, then the other
// records in any order.
func (e Expected) matchRecords(got []message.Record, asked uint16) *Mismatch {
	aliases := 0
	for aliases < len(e.records) && e.records[aliases].Type == message.TypeCNAME && asked != message.TypeCNAME {
		aliases++
	}
	left := slices.Clone(e.records)
	var extra []message.Record
	for i, r := range got {
		fits := func(want message.SpelledRecord) bool { return want.Is(r) }
		var at int
		if i < aliases {
			at = slices.IndexFunc(left[:1], fits) // in their order
		} else {
			at = slices.IndexFunc(left, fits)
		}
		if at >= 0 {
			left = slices.Delete(left, at, at+1)
			continue
		}
		extra = append(extra, r)
	}
	if len(left) == 0 && (len(extra) == 0 || e.more) {
		return nil
	}
	return &Mismatch{Text: "another answer section", Want: showSpelled(e.records, aliases), Got: showRecords(got, aliases)}
}

func showSpelled(want []message.SpelledRecord, aliases int) string {
	var records []string
	for _, r := range want {
		r.Name = r.Name.Fold()
		records = append(records, r.String())
	}
	return joined(records, aliases)
}

func showRecords(got []message.Record, aliases int) string {
	var records []string
	for _, r := range got {
		r.Name = r.Name.Fold()
		records = append(records, r.String())
	}
	return joined(records, aliases)
}

// joined sorts what may come in any order, so that two plays show the same.
func joined(records []string, aliases int) string {
	slices.Sort(records[min(aliases, len(records)):])
	if len(records) == 0 {
		return "no record"
	}
	return strings.Join(records, "; ")
}

func (e Expected) matchSOA(got []message.Record) *Mismatch {
	if e.soa == nil {
		return nil
	}
	var soas []message.Record
	for _, r := range got {
		if e.soa.Is(r) {
			return nil
		}
		if r.Type == message.TypeSOA {
			soas = append(soas, r)
		}
	}
	return &Mismatch{Text: "another SOA in the authority section", Want: showSpelled([]message.SpelledRecord{*e.soa}, 0), Got: showRecords(soas, 0)}
}
