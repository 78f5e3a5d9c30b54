package message

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A SpelledQuestion is a question as text writes it: its name may end in a pointer.
type SpelledQuestion struct {
	Question        // without the pointer
	pointer  string // in which the name ends; "" for none
}

// ParseQuestion reads NAME TYPE [CLASS]; the class is IN where none is written.
func ParseQuestion(text string) (q SpelledQuestion, err error) {
	words := strings.Fields(text)
	if len(words) != 2 && len(words) != 3 {
		return q, fmt.Errorf("%q is no question; write: www.example.test A", text)
	}
	q.Class = classIN
	if len(words) == 3 {
		class, ok := parseClass(words[2])
		if !ok {
			return q, fmt.Errorf("%q is no class", words[2])
		}
		q.Class = class
	}
	if q.Name, q.pointer, err = parseName(words[0]); err == nil {
		q.Type, err = parseType(words[1])
	}
	return q, err
}

// A SpelledRecord is a record as text writes it: its names may end in pointers.
type SpelledRecord struct {
	Name        Name     // without the pointer
	pointer     string   // in which the name ends; "" for none
	TTLs        []string // in seconds: one, or several of which each is right; "*" is any
	Class, Type uint16
	Data        []string // words
}

// ParseRecord reads NAME TTL [CLASS] TYPE DATA, a line as of a zone file (RFC 1035 section
// 5.1). The class is IN where none is written, and of an SOA's data the last number,
// MINIMUM, is enough. A TTL 300|10 is either, and * any; a name may end in a pointer.
// Data of any type can be written \# SIZE HEX (RFC 3597).
func ParseRecord(text string) (s SpelledRecord, err error) {
	words, err := splitWords(text)
	if err != nil {
		return s, err
	}
	if len(words) < 3 {
		return s, fmt.Errorf("%q is no record; write: www.example.test 300 A 192.0.2.1", text)
	}
	if s.Name, s.pointer, err = parseName(words[0]); err != nil {
		return s, err
	}
	s.TTLs, s.Class = strings.Split(words[1], "|"), classIN
	for _, ttl := range s.TTLs {
		if _, err := strconv.ParseUint(ttl, 10, 32); err != nil && ttl != "*" {
			return s, fmt.Errorf("%q: %q is no TTL", text, ttl)
		}
	}
	words = words[2:]
	if class, ok := parseClass(words[0]); ok {
		s.Class, words = class, words[1:]
	}
	if len(words) == 0 {
		return s, fmt.Errorf("%q has no type", text)
	}
	if s.Type, err = parseType(words[0]); err != nil {
		return s, fmt.Errorf("%q: %w", text, err)
	}
	s.Data = words[1:]
	if s.Type == TypeSOA && len(s.Data) == 1 { // MINIMUM alone
		zone := s.Name.String()
		if s.pointer != "" || zone == "." {
			zone = "test"
		}
		s.Data = []string{"ns." + zone, "host." + zone, "1", "3600", "600", "86400", s.Data[0]}
	}
	if err := kindOf(s.Type).write(newWriter(true), s.Data); err != nil {
		return s, fmt.Errorf("%q: %w", text, err)
	}
	return s, nil
}

// splitWords splits a text at blanks outside of double quotes.
func splitWords(text string) (words []string, err error) {
	for rest := strings.TrimLeft(text, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		size := strings.IndexByte(rest+" ", ' ')
		if rest[0] == '"' {
			_, behind, ended := cutPlain(rest[1:], '"')
			if !ended {
				return nil, fmt.Errorf("%q: a quote has no end", text)
			}
			size = len(rest) - len(behind)
		}
		words, rest = append(words, rest[:size]), rest[size:]
	}
	return words, nil
}

// Record returns the record that is spelled, with its first TTL; 0 if that is any. It is
// an error if the record is malformed or has a pointer.
func (s SpelledRecord) Record() (Record, error) {
	k, w := kindOf(s.Type), newWriter(true)
	w.name(s.Name, s.pointer)
	if err := k.write(w, s.Data); err != nil {
		return Record{}, err
	}
	name, at, nameErr := readName(w.b, 0)
	data, dataErr := k.read(w.b, at, len(w.b))
	if nameErr != nil || dataErr != nil || string(name)+string(data) != string(w.b) {
		return Record{}, errors.New("pointers and malformed records can be sent only, and not expected")
	}
	ttl, _ := strconv.ParseUint(s.TTLs[0], 10, 32)
	return Record{Name: name, Type: s.Type, Class: s.Class, TTL: uint32(ttl), Data: data}, nil
}

// String writes a record without such an error as [Record.String] does, but with all its
// TTLs.
func (s SpelledRecord) String() string {
	r, _ := s.Record()
	return r.with(strings.Join(s.TTLs, "|"))
}

// Is reports whether r is the record that is spelled, with a TTL that is right. The case
// of letters in names does not count.
func (s SpelledRecord) Is(r Record) bool {
	want, err := s.Record()
	if err != nil || !slices.Contains(s.TTLs, "*") && !slices.Contains(s.TTLs, fmt.Sprint(r.TTL)) {
		return false
	}
	want, r = want.Fold(), r.Fold()
	return want.Name == r.Name && want.Type == r.Type && want.Class == r.Class && bytes.Equal(want.Data, r.Data)
}

// Target returns the name that the data begins with: that to which an alias or a zone's
// NS record leads.
func (s SpelledRecord) Target() Name {
	name, _, _ := parseName(s.Data[0])
	return name
}
