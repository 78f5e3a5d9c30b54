package dns

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
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
	question Question
	records  []line
	soa      *line
	size     int
	more     bool
}

// Expected returns what copy n of a text expects: 0 is the only one.
func (t Text) Expected(n int) (e Expected, err error) {
	e.kind, e.flags = t.kind, make(map[string][]uint16)
	if t.kind == question {
		e.flags["rd"] = []uint16{1}
	}
	asks := false
	for _, a := range t.in(n) {
		if err := e.set(a, &asks); err != nil {
			return e, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	if t.kind == question && !asks {
		err = fmt.Errorf("qd is missing: which question should come?")
	}
	return e, err
}

func (e *Expected) set(a assignment, asks *bool) error {
	if b := bitNamed(a.name); b != nil {
		e.flags[b.name] = nil
		for one := range strings.SplitSeq(a.value, "|") {
			value, err := b.parse(one)
			if err != nil {
				return err
			}
			e.flags[b.name] = append(e.flags[b.name], value)
		}
		return nil
	}
	switch a.name {
	case "qd":
		if *asks {
			return fmt.Errorf("one question is expected at a time")
		}
		*asks = true
		q, err := parseQuestion(a.value)
		e.question = Question{q.name.name(), q.kind, q.class}
		return err
	case "an", "ns":
		l, err := parseLine(a.value)
		if err == nil && a.name == "ns" {
			if l.kind != typeSOA || e.soa != nil {
				return fmt.Errorf("of the authority section, one SOA can be expected")
			}
			e.soa = &l
			return nil
		}
		e.records = append(e.records, l)
		return err
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

// flag compares a part of the header's flags; 0 is right unless the text says otherwise.
func (e Expected) part(flags uint16, name string, otherwise uint16) *Mismatch {
	want, given := e.flags[name]
	if !given {
		want = []uint16{otherwise}
	}
	got := part(flags, name)
	if slices.Contains(want, got) {
		return nil
	}
	show := func(n uint16) string {
		if name == "rcode" {
			return rcodeName(n)
		}
		return fmt.Sprint(n)
	}
	var wants []string
	for _, n := range want {
		wants = append(wants, show(n))
	}
	doc, _, _ := strings.Cut(bitNamed(name).doc, ";")
	doc, _, _ = strings.Cut(doc, ": NOERROR")
	return mismatch("%s (%s) is %s, want %s", name, doc, show(got), strings.Join(wants, " or "))
}

func (e Expected) matchQuestion(b []byte) *Mismatch {
	m, err := Parse(b)
	if err != nil {
		return mismatch("the question is malformed: %v", err)
	}
	for _, bit := range bits {
		if wrong := e.part(m.Flags, bit.name, 0); wrong != nil {
			return wrong
		}
	}
	if n := len(m.Questions); n != 1 {
		return mismatch("qdcount is %d, want 1", n)
	}
	for i, name := range []string{"ancount", "nscount", "arcount"} {
		if n := len(m.Sections[i]); n != 0 {
			return mismatch("%s is %d, want 0: a question brings no records", name, n)
		}
	}
	if got := m.Questions[0]; got.folded() != e.question.folded() {
		return &Mismatch{Text: "another question", Want: e.question.String(), Got: got.folded().String()}
	}
	return nil
}

func (q Question) folded() Question {
	q.Name = q.Name.Fold()
	return q
}

// Same reports whether the message asks what is expected to be asked.
func (e Expected) Same(b []byte) bool {
	m, err := Parse(b)
	return err == nil && len(m.Questions) == 1 && m.Questions[0].folded() == e.question.folded()
}

// Answers reports whether the message has the id of a question, and where it has a
// question, the same.
func Answers(b, asked []byte) bool {
	if len(b) < headerSize || len(asked) < headerSize || !bytes.Equal(b[:2], asked[:2]) {
		return false
	}
	ours, theirs := questionEnd(asked), questionEnd(b)
	return ours == 0 || theirs == 0 || bytes.Equal(asked[headerSize:ours], b[headerSize:theirs])
}

// The results with which a question is sent back that was not understood.
const (
	formErr = 1
	notImp  = 4
)

func (e Expected) matchAnswer(b, asked []byte, datagram bool) *Mismatch {
	if len(b) < headerSize {
		return mismatch("%v, this has %d", errShort, len(b))
	}
	flags := binary.BigEndian.Uint16(b[2:])
	if !bytes.Equal(b[:2], asked[:2]) {
		return mismatch("id is %d, want %d, the question's", binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(asked))
	}
	if wrong := e.part(flags, "qr", 1); wrong != nil {
		return wrong
	}
	if wrong := e.part(flags, "rcode", 0); wrong != nil {
		return wrong
	}
	if got := part(flags, "rcode"); got == formErr || got == notImp {
		return nil // the rest of it is free
	}
	m, err := Parse(b)
	if err != nil {
		return mismatch("the answer is malformed: %v", err)
	}
	theirs := binary.BigEndian.Uint16(asked[2:])
	for _, bit := range []struct {
		name string
		want uint16
	}{{"opcode", part(theirs, "opcode")}, {"rd", part(theirs, "rd")}, {"ra", 1}, {"z", 0}, {"tc", 0}} {
		if wrong := e.part(flags, bit.name, bit.want); wrong != nil {
			return wrong
		}
	}
	if wrong := sameQuestion(b, asked); wrong != nil {
		return wrong
	}
	size, sentOPT := ednsOf(asked)
	if e.size > 0 {
		size = e.size
	}
	if datagram && len(b) > size {
		return mismatch("the datagram has %d bytes, and may have %d; what does not fit has tc set", len(b), size)
	}
	if !sentOPT && slices.ContainsFunc(m.Sections[additional], func(r Record) bool { return r.Type == typeOPT }) {
		return mismatch("an OPT record came, and the question had none")
	}
	if part(flags, "tc") == 1 {
		return nil // so is what stands in it
	}
	if wrong := e.matchRecords(m.Sections[answer], m.Questions[0].Type); wrong != nil {
		return wrong
	}
	return e.matchSOA(m.Sections[authority])
}

// sameQuestion compares the question's bytes.
func sameQuestion(b, asked []byte) *Mismatch {
	end := questionEnd(asked)
	want := asked[headerSize:end]
	if got := b[headerSize:]; len(got) >= len(want) && bytes.Equal(got[:len(want)], want) && questionEnd(b) == end && b[4] == 0 && b[5] == 1 {
		return nil
	}
	show := func(b []byte) string {
		m, err := Parse(b)
		if err != nil || len(m.Questions) == 0 {
			return "no question"
		}
		return m.Questions[0].String()
	}
	return &Mismatch{Text: "the question should stand in the answer byte for byte as it came", Want: show(asked[:end:end]), Got: show(b)}
}

// ednsOf is the longest datagram that a question takes, and whether it says so.
func ednsOf(asked []byte) (size int, said bool) {
	const least = 512
	m, err := Parse(asked)
	if err != nil {
		return least, false
	}
	for _, r := range m.Sections[additional] {
		if r.Type == typeOPT {
			return max(least, int(r.Class)), true
		}
	}
	return least, false
}

// matchRecords compares the answer section: the aliases in their order, then the other
// records in any order.
func (e Expected) matchRecords(got []Record, asked uint16) *Mismatch {
	aliases := 0
	for aliases < len(e.records) && e.records[aliases].kind == typeCNAME && asked != typeCNAME {
		aliases++
	}
	left := slices.Clone(e.records)
	var extra []Record
	for i, r := range got {
		fits := func(l line) bool { return l.is(r) }
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
	return &Mismatch{Text: "another answer section", Want: showLines(e.records, aliases), Got: showRecords(got, aliases)}
}

// is reports whether a record is the one that is written.
func (l line) is(r Record) bool {
	want := l.record()
	if want.Name.Fold() != r.Name.Fold() || want.Type != r.Type || want.Class != r.Class {
		return false
	}
	ttl := slices.Contains(l.ttls, "*") || slices.Contains(l.ttls, fmt.Sprint(r.TTL))
	return ttl && bytes.Equal(want.foldedData(), r.foldedData())
}

// foldedData is the data with names in small letters: their case is free.
func (r Record) foldedData() (folded []byte) {
	k := kindOf(r.Type)
	if k.opaque(len(r.Data)) {
		return r.Data
	}
	rest := r.Data
	for _, i := range k.data {
		_, behind := i.show(rest)
		part := rest[:len(rest)-len(behind)]
		if i.domain {
			part = []byte(Name(part).Fold())
		}
		folded, rest = append(folded, part...), behind
	}
	return folded
}

func showLines(lines []line, aliases int) string {
	var records []string
	for _, l := range lines {
		r := l.record()
		r.Name = r.Name.Fold()
		records = append(records, r.Name.String()+" "+strings.Join(l.ttls, "|")+" "+r.tail())
	}
	return joined(records, aliases)
}

func showRecords(got []Record, aliases int) string {
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

func (e Expected) matchSOA(got []Record) *Mismatch {
	if e.soa == nil {
		return nil
	}
	var soas []Record
	for _, r := range got {
		if e.soa.is(r) {
			return nil
		}
		if r.Type == typeSOA {
			soas = append(soas, r)
		}
	}
	return &Mismatch{Text: "another SOA in the authority section", Want: showLines([]line{*e.soa}, 0), Got: showRecords(soas, 0)}
}
