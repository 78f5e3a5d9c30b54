package dns

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"wirebook/harness/internal/dns/message"
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
	for _, b := range message.Bits {
		all = append(all, b.Name)
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
			_, err = t.Bytes(i, blank(i), 0)
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
	b, err := Text{kind: question, words: []assignment{{"qd", "example.test A"}}}.Bytes(n, nil, 0)
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
// answer answers, and id the one of a question whose text gives none. What the text does
// not say is right.
func (t Text) Bytes(n int, asked []byte, id uint16) (b []byte, err error) {
	d := &message.Draft{Header: message.Header{ID: id}}
	d.Flags.Set("rd", 1)
	if t.kind == reply {
		if d, err = message.AnswerTo(asked); err != nil {
			return nil, err
		}
	}
	d.Counts = make(map[string]uint16)
	words := t.in(n)
	for _, a := range words {
		if err := t.set(d, a); err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	if b, err = d.Bytes(); err != nil {
		return nil, err
	}
	for _, a := range words {
		if b, err = damage(b, a); err != nil {
			return nil, fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return b, nil
}

// set does what a word says of a draft.
func (t Text) set(d *message.Draft, a assignment) error {
	if b := message.BitNamed(a.name); b != nil {
		value, err := b.Parse(a.value)
		d.Flags.Set(b.Name, value)
		return err
	}
	switch a.name {
	case "qd":
		d.Asked = nil
		if a.value == "none" {
			return nil
		}
		q, err := message.ParseQuestion(a.value)
		d.Questions = append(d.Questions, q)
		return err
	case "an", "ns", "ar":
		section := slices.Index([]string{"an", "ns", "ar"}, a.name)
		r, err := message.ParseRecord(a.value)
		d.Sections[section] = append(d.Sections[section], r)
		return err
	case "edns":
		size, err := parseCount(a.value)
		opt := message.SpelledRecord{Name: message.Root, TTLs: []string{"0"}, Class: uint16(size), Type: message.TypeOPT}
		d.Sections[message.Additional] = append(d.Sections[message.Additional], opt)
		return err
	case "id":
		if more, ok := strings.CutPrefix(a.value, "+"); ok && t.kind == reply {
			n, err := parseCount(more)
			d.ID += uint16(n)
			return err
		}
		n, err := strconv.ParseUint(a.value, 0, 16)
		d.ID = uint16(n)
		return err
	case "compress":
		if d.Plain = a.value == "no"; !d.Plain {
			return fmt.Errorf("%q is not no", a.value)
		}
		return nil
	case "raw", "cut", "patch":
		return nil // see damage
	default:
		n, err := parseCount(a.value)
		d.Counts[a.name] = uint16(n)
		return err
	}
}

func parseCount(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is no number up to 65535", text)
	}
	return int(n), nil
}

// damage does what a word says of the bytes of a message.
func damage(b []byte, a assignment) ([]byte, error) {
	switch a.name {
	case "raw":
		return append(b, a.value...), nil
	case "cut":
		n, err := parseCount(a.value)
		if err != nil {
			return nil, err
		}
		if n > len(b) {
			return nil, fmt.Errorf("%d bytes cannot be left of %d", n, len(b))
		}
		return b[:n], nil
	case "patch":
		for text := range strings.SplitSeq(a.value, ",") {
			offset, digits, _ := strings.Cut(text, ":")
			at, err := parseCount(offset)
			patch, hexErr := hex.DecodeString(digits)
			if err != nil || hexErr != nil || len(patch) == 0 {
				return nil, fmt.Errorf("%q: a patch is written OFFSET:HEX", text)
			}
			if at+len(patch) > len(b) {
				return nil, fmt.Errorf("bytes %d to %d are not in a message of %d", at, at+len(patch)-1, len(b))
			}
			copy(b[at:], patch)
		}
	}
	return b, nil
}
