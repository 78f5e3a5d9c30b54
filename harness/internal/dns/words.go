package dns

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The kinds of messages.
const (
	question = "question"
	reply    = "answer"
)

// The fields that are no bits of the header.
var fields = []struct{ name, kinds, doc string }{
	{"qd", "send: question answer; expect: question", "a question, NAME TYPE [CLASS], or none; may stand several times. An answer has that of the question, byte for byte"},
	{"an", "send: question answer; expect: answer", "a record of the answer section, NAME TTL [CLASS] TYPE DATA; may stand several times"},
	{"ns", "send: question answer; expect: answer", "the same of the authority section; of an answer that is expected, the SOA that must be there"},
	{"ar", "send: question answer", "the same of the additional section"},
	{"edns", "send: question answer", "an OPT record with this size of datagrams"},
	{"id", "send: question answer", "the id, or of an answer +N: so much more than the question's"},
	{"qdcount ancount nscount arcount", "send: question answer", "what the header says of a section"},
	{"compress", "send: question answer", "no writes all names in full"},
	{"raw", "send: question answer", "bytes behind the last record; no count counts them"},
	{"cut", "send: question answer", "how many bytes of the message are left"},
	{"patch", "send: question answer", "bytes that overwrite the message's: OFFSET:HEX, more of them behind commas"},
	{"size", "expect: answer", "the longest datagram that may come; otherwise 512, or what the question's OPT says"},
	{"more", "expect: answer", "yes: records that are not named may stand behind those of the answer section"},
	{"as", "send: question; expect: question", "a name for the question"},
	{"of", "send: answer; expect: answer", "the name of the question that is answered; otherwise the last one, of what is expected the last one of this peer"},
}

// An assignment is one NAME=VALUE of a scenario.
type assignment struct{ name, value string }

// A Text is what a scenario says of a message, to send or to expect it.
type Text struct {
	verb, kind string
	words      []assignment
	As, Of     string
}

// ParseText reads what follows the peer in a scenario's line: a verb, a kind, and
// NAME=VALUE words in the very bytes that are meant.
func ParseText(verb, kind string, words []string) (Text, error) {
	t := Text{verb: verb, kind: kind}
	if verb != "send" && verb != "expect" {
		return t, fmt.Errorf("%q is neither send nor expect", verb)
	}
	if kind != question && kind != reply {
		return t, fmt.Errorf("%q is neither question nor answer", kind)
	}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return t, fmt.Errorf("%q: a field is written NAME=VALUE", word)
		}
		if err := t.allows(name); err != nil {
			return t, err
		}
		switch name {
		case "as":
			t.As = value
		case "of":
			t.Of = value
		default:
			t.words = append(t.words, assignment{name, value})
		}
	}
	return t, nil
}

// allows returns an error unless a message has the field.
func (t Text) allows(name string) error {
	var all []string
	for _, b := range bits {
		all = append(all, b.name)
	}
	for _, f := range fields {
		for use := range strings.SplitSeq(f.kinds, "; ") {
			verb, kinds, _ := strings.Cut(use, ": ")
			if verb == t.verb && slices.Contains(strings.Fields(kinds), t.kind) {
				all = append(all, strings.Fields(f.name)...)
			}
		}
	}
	if slices.Contains(all, name) {
		return nil
	}
	return fmt.Errorf("%q is no field of a message to %s; there are %s", name, t.verb, strings.Join(all, " "))
}

// Check tries the words of the copies 1 and n of a message, n being 0 if there is one.
func (t Text) Check(n int) error {
	for _, i := range []int{min(1, n), n} {
		var err error
		if t.verb == "send" {
			_, err = t.build(i, blank(i))
		} else {
			_, err = t.Expected(i)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// blank is a question that stands for any, to try an answer.
func blank(n int) []byte {
	b, err := Text{kind: question, words: []assignment{{"qd", "example.test A"}}}.build(n, nil)
	if err != nil {
		panic(err)
	}
	return b
}

// in returns the words of copy n: the number in the place of each %d, and a record for
// each number of {1..20}.
func (t Text) in(n int) (list []assignment) {
	for _, a := range t.words {
		if n > 0 {
			a.value = strings.ReplaceAll(a.value, "%d", strconv.Itoa(n))
		}
		for _, value := range expand(a.value) {
			list = append(list, assignment{a.name, value})
		}
	}
	return list
}

var numbersRange = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{(\d{1,3})\.\.(\d{1,3})\}`) })

// expand returns the text once for each number of a {1..20} in it; for two of them,
// once for each pair.
func expand(text string) (all []string) {
	at := numbersRange().FindStringSubmatchIndex(text)
	if at == nil {
		return []string{text}
	}
	first, _ := strconv.Atoi(text[at[2]:at[3]])
	last, _ := strconv.Atoi(text[at[4]:at[5]])
	for i := first; i <= last; i++ {
		all = append(all, expand(text[:at[0]]+strconv.Itoa(i)+text[at[1]:])...)
	}
	return all
}

// String says what is meant, as the scenario wrote it.
func (t Text) String() string {
	parts := []string{t.kind}
	for _, a := range t.words {
		parts = append(parts, a.name+"="+a.value)
	}
	return strings.Join(parts, " ")
}

// Bytes builds copy n of a message: 0 is the only one. asked is the question that an
// answer answers, and id the one of a question whose text gives none.
func (t Text) Bytes(n int, asked []byte, id uint16) ([]byte, error) {
	if t.kind == question {
		b, err := t.build(n, nil)
		if err == nil && len(b) >= 2 && !slices.ContainsFunc(t.words, func(a assignment) bool { return a.name == "id" }) {
			b[0], b[1] = byte(id>>8), byte(id)
		}
		return b, err
	}
	return t.build(n, asked)
}

// A draft is a message that is being put together.
type draft struct {
	id, flags uint16
	questions []spelledQuestion
	verbatim  []byte // the question of the message that is answered
	records   [3][]line
	counts    map[string]uint16
	edns      int
	plain     bool
	raw       string
	damage    []func([]byte) ([]byte, error)
}

type spelledQuestion struct {
	name        spelling
	kind, class uint16
}

// build makes copy n of the message; right, but for what is said.
func (t Text) build(n int, asked []byte) ([]byte, error) {
	d := &draft{counts: make(map[string]uint16)}
	if t.kind == question {
		bitNamed("rd").put(&d.flags, 1)
	} else if err := d.answers(asked); err != nil {
		return nil, err
	}
	for _, a := range t.in(n) {
		if err := d.set(a, asked); err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return d.bytes()
}

// answers makes it the answer to a question.
func (d *draft) answers(asked []byte) error {
	end := questionEnd(asked)
	if end == 0 {
		return errors.New("what is to be answered has no question")
	}
	d.verbatim = asked[headerSize:end]
	d.id = uint16(asked[0])<<8 | uint16(asked[1])
	bitNamed("qr").put(&d.flags, 1)
	for _, same := range []string{"opcode", "rd"} {
		bitNamed(same).put(&d.flags, part(uint16(asked[2])<<8|uint16(asked[3]), same))
	}
	return nil
}

// set does what a word says.
func (d *draft) set(a assignment, asked []byte) (err error) {
	if b := bitNamed(a.name); b != nil {
		value, err := b.parse(a.value)
		b.put(&d.flags, value)
		return err
	}
	switch a.name {
	case "qd":
		d.verbatim = nil
		if a.value == "none" {
			return nil
		}
		q, err := parseQuestion(a.value)
		d.questions = append(d.questions, q)
		return err
	case "an", "ns", "ar":
		section := slices.Index([]string{"an", "ns", "ar"}, a.name)
		l, err := parseLine(a.value)
		d.records[section] = append(d.records[section], l)
		return err
	case "edns":
		d.edns, err = parseCount(a.value)
	case "id":
		if more, ok := strings.CutPrefix(a.value, "+"); ok && asked != nil {
			n, err := parseCount(more)
			d.id += uint16(n)
			return err
		}
		var n uint64
		n, err = strconv.ParseUint(a.value, 0, 16)
		d.id = uint16(n)
	case "compress":
		d.plain = a.value == "no"
		if !d.plain {
			err = fmt.Errorf("%q is not no", a.value)
		}
	case "raw":
		d.raw += a.value
	case "cut":
		return d.addCut(a.value)
	case "patch":
		return d.addPatch(a.value)
	default:
		var n int
		n, err = parseCount(a.value)
		d.counts[a.name] = uint16(n)
	}
	return err
}

func (b *bit) parse(text string) (uint16, error) {
	if i := slices.Index(rcodes, text); i >= 0 && b.name == "rcode" {
		return uint16(i), nil
	}
	n, err := strconv.ParseUint(text, 0, 16)
	if err != nil || n > uint64(b.mask) {
		return 0, fmt.Errorf("%q is no number up to %d", text, b.mask)
	}
	return uint16(n), nil
}

func parseCount(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is no number up to 65535", text)
	}
	return int(n), nil
}

func parseQuestion(text string) (q spelledQuestion, err error) {
	words := strings.Fields(text)
	if len(words) != 2 && len(words) != 3 {
		return q, fmt.Errorf("%q is no question; write: www.example.test A", text)
	}
	q.class = classIN
	if len(words) == 3 {
		class, ok := parseClass(words[2])
		if !ok {
			return q, fmt.Errorf("%q is no class", words[2])
		}
		q.class = class
	}
	if q.name, err = parseName(words[0]); err == nil {
		q.kind, err = parseType(words[1])
	}
	return q, err
}

func (d *draft) addCut(value string) error {
	n, err := parseCount(value)
	d.damage = append(d.damage, func(b []byte) ([]byte, error) {
		if n > len(b) {
			return nil, fmt.Errorf("cut: %d bytes cannot be left of %d", n, len(b))
		}
		return b[:n], nil
	})
	return err
}

func (d *draft) addPatch(value string) error {
	for text := range strings.SplitSeq(value, ",") {
		offset, digits, _ := strings.Cut(text, ":")
		at, err := parseCount(offset)
		bytes, hexErr := parseHex(digits)
		if err != nil || hexErr != nil {
			return fmt.Errorf("%q: a patch is written OFFSET:HEX", text)
		}
		d.damage = append(d.damage, func(b []byte) ([]byte, error) {
			if at+len(bytes) > len(b) {
				return nil, fmt.Errorf("patch: bytes %d to %d are not in a message of %d", at, at+len(bytes)-1, len(b))
			}
			copy(b[at:], bytes)
			return b, nil
		})
	}
	return nil
}

// bytes is the message.
func (d *draft) bytes() (b []byte, err error) {
	w := writer{plain: d.plain}
	count := func(name string, n int) {
		if said, ok := d.counts[name]; ok {
			n = int(said)
		}
		w.number(uint16(n))
	}
	w.number(d.id)
	w.number(d.flags)
	questions := len(d.questions)
	if d.verbatim != nil {
		questions = 1
	}
	count("qdcount", questions)
	count("ancount", len(d.records[answer]))
	count("nscount", len(d.records[authority]))
	opts := 0
	if d.edns > 0 {
		opts = 1
	}
	count("arcount", len(d.records[additional])+opts)
	w.verbatim(d.verbatim)
	for _, q := range d.questions {
		w.name(q.name)
		w.number(q.kind)
		w.number(q.class)
	}
	for _, section := range d.records {
		for _, l := range section {
			if err := l.write(&w); err != nil {
				return nil, err
			}
		}
	}
	if opts == 1 {
		w.b = append(w.b, 0)
		w.number(typeOPT)
		w.number(uint16(d.edns))
		w.b = append(w.b, make([]byte, 6)...)
	}
	b = append(w.b, d.raw...)
	for _, do := range d.damage {
		if b, err = do(b); err != nil {
			return nil, err
		}
	}
	return b, nil
}
