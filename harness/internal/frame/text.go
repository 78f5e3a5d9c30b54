package frame

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Memory holds the frames of a cable that later sends may answer: under the
// name that `as=NAME` gave them, and the last one that was expected under "".
type Memory map[string][]byte

// An assignment is one NAME=VALUE of a scenario.
type assignment struct{ name, value string }

// parseWords reads NAME=VALUE words, each name once.
func parseWords(words []string) ([]assignment, error) {
	var list []assignment
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return nil, fmt.Errorf("%q: a field is written NAME=VALUE", word)
		}
		if _, again := lookup(list, name); again {
			return nil, fmt.Errorf("%s is given twice", name)
		}
		list = append(list, assignment{name, value})
	}
	return list, nil
}

func lookup(list []assignment, name string) (value string, ok bool) {
	for _, a := range list {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

// Send is a frame that a scenario sends.
type Send struct {
	kind   *kind // nil for an answer
	fields []assignment
	damage []assignment // cut, pad, patch
	of     string       // the frame that is answered
}

// ParseSend reads what follows `frame NAME send`: a kind and NAME=VALUE fields.
func ParseSend(words []string) (*Send, error) {
	if len(words) == 0 {
		return nil, errors.New("frame: a kind is missing: " + kindNames("answer"))
	}
	list, err := parseWords(words[1:])
	if err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	s := &Send{kind: kindNamed(words[0])}
	if s.kind == nil && words[0] != "answer" {
		return nil, fmt.Errorf("frame: %q is no kind: %s", words[0], kindNames("answer"))
	}
	for _, a := range list {
		switch {
		case a.name == "cut" || a.name == "pad" || a.name == "patch":
			s.damage = append(s.damage, a)
			_, err = damaged(nil, a)
		case a.name == "of" && s.kind == nil:
			s.of = a.value
		default:
			s.fields = append(s.fields, a)
			err = s.check(a)
		}
		if err != nil {
			return nil, fmt.Errorf("frame: %s: %w", a.name, err)
		}
	}
	return s, nil
}

// check tries the field on the kind; an answer's may be of any kind that can
// be answered.
func (s *Send) check(a assignment) error {
	if s.kind != nil {
		return s.kind.check(a)
	}
	err := arpKind.check(a)
	if err != nil {
		err = icmpKind.check(a)
	}
	return err
}

func (k *kind) check(a assignment) error {
	f, _, ok := k.field(a.name)
	if !ok {
		return fmt.Errorf("no field of kind %s; its fields are %s", k.name, strings.Join(k.fieldNames(), " "))
	}
	p := k.blank()
	return f.set(&p, a.value)
}

// Bytes builds the frame. Only an answer looks into the memory.
func (s *Send) Bytes(seen Memory) ([]byte, error) {
	k, fields := s.kind, s.fields
	if k == nil {
		var err error
		if k, fields, err = answer(seen, s.of); err != nil {
			return nil, fmt.Errorf("frame: %w", err)
		}
		fields = override(fields, s.fields)
	}
	b, err := k.build(fields)
	if err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	for _, a := range s.damage {
		if b, err = damaged(b, a); err != nil {
			return nil, fmt.Errorf("frame: %s: %w", a.name, err)
		}
	}
	return b, nil
}

// build makes the frame of the given fields, and right in all others.
func (k *kind) build(fields []assignment) ([]byte, error) {
	p := k.blank()
	set := func(s stage) error {
		for _, a := range fields {
			f, _, ok := k.field(a.name)
			if !ok {
				return fmt.Errorf("%s: no field of kind %s", a.name, k.name)
			}
			if f.stage != s {
				continue
			}
			if err := f.set(&p, a.value); err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
		}
		return nil
	}
	given := func(name string) bool {
		_, ok := lookup(fields, name)
		return ok
	}
	if err := set(plain); err != nil {
		return nil, err
	}
	k.derive(&p, given)
	p.sealLengths()
	if err := set(length); err != nil {
		return nil, err
	}
	p.sealChecksums()
	if err := set(checksum); err != nil {
		return nil, err
	}
	return p.Encode(), nil
}

// paddingByte fills the padding that scenarios ask for. It is not zero, so
// that padding that is taken for data shows.
const paddingByte = 'P'

// damaged returns the frame cut, padded or patched.
func damaged(b []byte, a assignment) ([]byte, error) {
	if a.name == "patch" {
		return patched(b, a.value)
	}
	n, err := strconv.ParseUint(a.value, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("%q is no number of bytes", a.value)
	}
	if a.name == "cut" {
		return b[:min(int(n), len(b))], nil
	}
	return append(b, strings.Repeat(string(paddingByte), int(n))...), nil
}

// patched overwrites bytes of the frame: OFFSET:HEX, more of them behind
// commas.
func patched(b []byte, patches string) ([]byte, error) {
	for patch := range strings.SplitSeq(patches, ",") {
		at, digits, _ := strings.Cut(patch, ":")
		offset, err := strconv.ParseUint(at, 10, 16)
		if err != nil {
			return nil, fmt.Errorf("%q: a patch is written OFFSET:HEX", patch)
		}
		bytes, err := hex.DecodeString(digits)
		if err != nil {
			return nil, fmt.Errorf("%q: a patch is written OFFSET:HEX", patch)
		}
		if int(offset) < len(b) {
			copy(b[offset:], bytes)
		}
	}
	return b, nil
}

// answer returns the kind and the fields of the right answer to a frame of the
// memory.
func answer(seen Memory, of string) (*kind, []assignment, error) {
	b, ok := seen[of]
	if !ok {
		if of == "" {
			return nil, nil, errors.New("answer: no frame was expected on this cable so far")
		}
		return nil, nil, fmt.Errorf("answer: no frame was expected as=%s", of)
	}
	p, err := Decode(b)
	if err != nil {
		return nil, nil, fmt.Errorf("answer: %w", err)
	}
	vlan := assignment{"vlan", showTags(p.Ethernet.Tags)}
	switch {
	case p.ARP != nil:
		return arpKind, []assignment{
			vlan,
			{"op", strconv.Itoa(Reply)},
			{"spa", p.ARP.TPA.String()},
			{"tpa", p.ARP.SPA.String()},
			{"tha", p.ARP.SHA.String()},
		}, nil
	case p.ICMP != nil:
		return icmpKind, []assignment{
			vlan,
			{"src", p.Ethernet.Dst.String()},
			{"dst", p.Ethernet.Src.String()},
			{"from", p.IPv4.Dst.String()},
			{"to", p.IPv4.Src.String()},
			{"type", strconv.Itoa(EchoReply)},
			{"id", strconv.Itoa(int(p.ICMP.ID))},
			{"seq", strconv.Itoa(int(p.ICMP.Seq))},
			{"hex", hex.EncodeToString(p.Payload)},
		}, nil
	}
	return nil, nil, errors.New("answer: there is none to " + Describe(b))
}

// override returns the fields of an answer with those that the scenario gives
// in place of its own.
func override(fields, given []assignment) []assignment {
	isData := func(name string) bool { return name == "data" || name == "hex" || name == "size" }
	fields = slices.DeleteFunc(fields, func(a assignment) bool {
		return slices.ContainsFunc(given, func(g assignment) bool {
			return g.name == a.name || isData(g.name) && isData(a.name)
		})
	})
	return append(fields, given...)
}

// Expect is what a scenario expects: a frame, or some in any order.
type Expect struct{ wanted []wanted }

type wanted struct {
	kind   *kind
	fields []assignment
	as     string
}

// ParseExpect reads what follows `frame NAME expect`: a kind and NAME=VALUE
// fields; more of the same behind a lone + may come in any order.
func ParseExpect(words []string) (Expect, error) {
	var e Expect
	for {
		part, rest := words, []string(nil)
		more := slices.Index(words, "+")
		if more >= 0 {
			part, rest = words[:more], words[more+1:]
		}
		w, err := parseWanted(part)
		if err != nil {
			return Expect{}, fmt.Errorf("frame: %w", err)
		}
		e.wanted = append(e.wanted, w)
		if more < 0 {
			return e, nil
		}
		words = rest
	}
}

func parseWanted(words []string) (wanted, error) {
	if len(words) == 0 {
		return wanted{}, errors.New("a kind is missing: " + kindNames())
	}
	w := wanted{kind: kindNamed(words[0])}
	if w.kind == nil {
		return wanted{}, fmt.Errorf("%q is no kind: %s", words[0], kindNames())
	}
	list, err := parseWords(words[1:])
	if err != nil {
		return wanted{}, err
	}
	for _, a := range list {
		if a.name == "as" {
			w.as = a.value
			continue
		}
		if err := w.kind.check(a); err != nil {
			return wanted{}, fmt.Errorf("%s: %w", a.name, err)
		}
		if f, _, _ := w.kind.field(a.name); f.stage == checksum && a.value == "bad" {
			return wanted{}, fmt.Errorf("%s: bad can be sent only", a.name)
		}
		w.fields = append(w.fields, a)
	}
	return w, nil
}

// Len is the number of frames that are still expected.
func (e Expect) Len() int { return len(e.wanted) }

// String says what is expected, as the scenario wrote it.
func (e Expect) String() string {
	var parts []string
	for _, w := range e.wanted {
		words := []string{w.kind.name}
		for _, a := range w.fields {
			words = append(words, a.name+"="+a.value)
		}
		parts = append(parts, strings.Join(words, " "))
	}
	return strings.Join(parts, " + ")
}

// Take compares a frame with what is expected and returns what is expected
// after it. The frame is noted in the memory. A frame that does not fit is a
// [*Mismatch].
func (e Expect) Take(b []byte, seen Memory) (rest Expect, err error) {
	var first error
	for i, w := range e.wanted {
		err := w.match(b)
		if err == nil {
			seen[""] = slices.Clone(b)
			if w.as != "" {
				seen[w.as] = seen[""]
			}
			return Expect{slices.Delete(slices.Clone(e.wanted), i, i+1)}, nil
		}
		// Of several that it could have been, a frame is compared with the
		// first of its kind.
		var was, is *Mismatch
		if first == nil || errors.As(first, &was) && was.Field == "" && errors.As(err, &is) && is.Field != "" {
			first = err
		}
	}
	return e, first
}

// match compares the fields that are named, and that the packet is well formed.
func (w wanted) match(b []byte) error {
	p, err := Decode(b)
	if err != nil {
		return &Mismatch{Want: w.kind.what(), Got: err.Error(), Frame: b}
	}
	if w.kind != rawKind {
		if err := p.Verify(); err != nil {
			return &Mismatch{Want: w.kind.what(), Got: err.Error(), Frame: b}
		}
	}
	if !w.kind.view(&p) {
		return &Mismatch{Want: w.kind.what(), Frame: b}
	}
	want := w.kind.blank()
	for _, a := range w.fields {
		f, l, _ := w.kind.field(a.name)
		if err := f.set(&want, a.value); err != nil {
			return fmt.Errorf("frame: %s: %w", a.name, err)
		}
		if f.show(&p) == f.show(&want) {
			continue
		}
		m := &Mismatch{Field: a.name, Meaning: l.name + " " + firstWords(f.doc), Want: f.show(&want), Got: f.show(&p), Frame: b}
		m.locate(f, l, &p, &want)
		return m
	}
	return nil
}

// what is the kind in words.
func (k *kind) what() string { return firstWords(k.doc) }

// firstWords is a doc up to its first comma, colon or semicolon.
func firstWords(doc string) string {
	if end := strings.IndexAny(doc, ",:;"); end >= 0 {
		return doc[:end]
	}
	return doc
}

// Mismatch is the first difference of a frame from what was expected.
type Mismatch struct {
	Field   string // its name; empty where the frame as a whole is another
	Meaning string // its name in words
	Want    string // its value, or the kind of frame
	Got     string // its value, or what is wrong with the frame
	Frame   []byte
	// Offset and Len are where the field lies in the frame; Len is 0 where it
	// lies nowhere.
	Offset, Len int
}

func (m *Mismatch) Error() string {
	switch {
	case m.Field != "":
		return fmt.Sprintf("%s (%s) is %s, want %s, in %s", m.Field, m.Meaning, clip(m.Got), clip(m.Want), Describe(m.Frame))
	case m.Got != "":
		return fmt.Sprintf("want %s, got a malformed one: %s", m.Want, m.Got)
	default:
		return fmt.Sprintf("want %s, got %s", m.Want, Describe(m.Frame))
	}
}

// locate finds the field in the frame.
func (m *Mismatch) locate(f field, l layer, got, want *Packet) {
	switch {
	case f.name == "ethertype":
		m.Offset, m.Len = got.Ethernet.Len()-2, 2
	case f.name == "vlan":
		m.Offset, m.Len = 12, max(2, TagLen*len(got.Ethernet.Tags))
	case l.name == dataLayer.name:
		same := 0
		for same < min(len(got.Payload), len(want.Payload)) && got.Payload[same] == want.Payload[same] {
			same++
		}
		m.Offset = l.start(got) + same
		m.Len = min(1, len(m.Frame)-m.Offset)
	case f.len > 0:
		m.Offset, m.Len = l.start(got)+f.off, f.len
	}
}

// clip shortens a long value in the middle of a sentence.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

func kindNames(more ...string) string {
	for _, k := range kinds {
		more = append(more, k.name)
	}
	slices.Sort(more)
	return strings.Join(more, " ")
}

func (k *kind) fieldNames() []string {
	var names []string
	for _, l := range k.layers {
		for _, f := range l.fields {
			names = append(names, f.name)
		}
	}
	return names
}

// Reference is the description of all kinds and fields, for a page of
// documentation: Markdown.
func Reference() string {
	var b strings.Builder
	for _, k := range kinds {
		fmt.Fprintf(&b, "%s: %s\n\n", k.name, k.doc)
		for _, l := range k.layers {
			for _, f := range l.fields {
				fmt.Fprintf(&b, "    %-10s %s\n", f.name, f.doc)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
