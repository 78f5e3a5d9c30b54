package frame

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Send is a frame that a scenario sends.
type Send struct {
	kind   *protocol // nil for an answer
	fields []assignment
	damage []damage
	of     string // the frame that is answered
	as     string // its name
	copies int    // from stations that follow one another, 1 if it is not given
}

// ParseSend reads what follows `frame PEER send`: a kind and NAME=VALUE fields,
// each word in the very bytes that are meant.
func ParseSend(words []string) (*Send, error) { return parseSend(words, allKnown) }

func parseSend(words []string, unknown func(word int) bool) (*Send, error) {
	s, err := readSend(words, unknown)
	if err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	return s, nil
}

func readSend(words []string, unknown func(word int) bool) (*Send, error) {
	const answer = "answer"
	if len(words) == 0 {
		return nil, errors.New("a kind is missing: " + kindNames(answer))
	}
	s := &Send{kind: kindNamed(words[0])}
	if s.kind == nil && words[0] != answer && !unknown(0) {
		return nil, fmt.Errorf("%q is no kind; there are %s", words[0], kindNames(answer))
	}
	list, err := parseWords(words[1:], func(i int) bool { return unknown(i + 1) })
	for _, a := range list {
		if err == nil && (s.kind != nil || words[0] == answer) {
			err = s.add(a)
		}
	}
	return s, err
}

// add takes one more word.
func (s *Send) add(a assignment) error {
	for _, d := range damages {
		if d.name != a.name {
			continue
		}
		if a.unknown {
			return nil
		}
		do, err := d.parse(a.value)
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		s.damage = append(s.damage, do)
		return nil
	}
	switch {
	case a.name == "as":
		s.as = a.value
		return nil
	case a.name == "of" && s.kind == nil:
		s.of = a.value
		return nil
	case a.name == "stations":
		return s.repeat(a)
	}
	s.fields = append(s.fields, a)
	return s.check(a)
}

// maxStations is how many frames a line sends at most.
const maxStations = 1_000_000

// repeat reads from how many stations the frame comes.
func (s *Send) repeat(a assignment) (err error) {
	if a.unknown {
		return nil
	}
	s.copies, err = strconv.Atoi(a.value)
	if err != nil || s.copies < 1 || s.copies > maxStations {
		return fmt.Errorf("stations: %q is no number from 1 to %d", a.value, maxStations)
	}
	return nil
}

// Stations is from how many stations the frame is to be sent: from its source,
// and from those with the numbers that follow.
func (s *Send) Stations() int { return max(1, s.copies) }

// NextStation makes a frame one that the next station sends: its source, as a
// number, is one more.
func NextStation(frame []byte) {
	const src, end = 6, 12
	for i := end - 1; i >= src && i < len(frame); i-- {
		frame[i]++
		if frame[i] != 0 {
			return
		}
	}
}

// check tries a field on the kind, that of an answer on all kinds that have an
// answer.
func (s *Send) check(a assignment) error {
	if s.kind != nil {
		_, err := s.kind.check(a)
		return err
	}
	return checkAny(a, func(at *protocol) bool { return at.answer != nil })
}

// checkAny tries a field on several kinds, of which one is enough.
func checkAny(a assignment, which func(*protocol) bool) error {
	var wrong error
	var names []string
	for _, at := range protocols {
		if at.optional || !which(at) {
			continue
		}
		switch f, err := at.check(a); {
		case err == nil:
			return nil
		case f != nil:
			wrong = err
		default:
			names = at.fieldNames(names)
		}
	}
	if wrong == nil {
		wrong = fmt.Errorf("%q is no field of such a frame; there are %s", a.name, strings.Join(names, " "))
	}
	return wrong
}

// Bytes builds the frame and notes its name in the memory. Only an answer looks
// into it.
func (s *Send) Bytes(seen *Memory) ([]byte, error) {
	b, err := s.build(seen)
	if err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	if seen != nil {
		seen.name(s.as, b)
	}
	return b, nil
}

func (s *Send) build(seen *Memory) ([]byte, error) {
	kind, fields := s.kind, s.fields
	if kind == nil {
		var err error
		if kind, fields, err = answer(seen, s.of); err != nil {
			return nil, fmt.Errorf("answer: %w", err)
		}
		fields = append(fields, s.fields...)
	}
	b, err := kind.build(fields)
	for _, do := range s.damage {
		if err == nil {
			b, err = do(b)
		}
	}
	return b, err
}

// answer returns the kind and the fields of the right answer to a frame of the
// memory.
func answer(seen *Memory, of string) (*protocol, []assignment, error) {
	b, err := seen.frame(of)
	if err != nil {
		return nil, nil, err
	}
	p, _ := decode(b, nil, every)
	kind := p.kind()
	if kind == nil || kind.answer == nil {
		return nil, nil, errors.New("there is none to: " + Describe(b))
	}
	var fields []assignment
	for _, l := range p {
		if l.answer != nil {
			fields = append(fields, l.answer(p)...)
		}
	}
	return kind, fields, nil
}

// A damage spoils a frame that is ready.
type damage func(frame []byte) ([]byte, error)

// damages are the words for them. They are done in the order of the words.
var damages = []struct {
	name, doc string
	parse     func(value string) (damage, error)
}{
	{"cut", "how many bytes of the frame are left", parseCut},
	{"pad", "how many bytes of padding are added", parsePad},
	{"patch", "bytes that overwrite the frame's: OFFSET:HEX, more of them behind commas", parsePatch},
}

func parseCut(value string) (damage, error) {
	n, err := parseSize(value)
	if err != nil {
		return nil, err
	}
	return func(b []byte) ([]byte, error) {
		if n > len(b) {
			return nil, fmt.Errorf("cut: %d bytes cannot be left of a frame of %d", n, len(b))
		}
		return b[:n], nil
	}, nil
}

// Padding is not zero, so that padding that is taken for data shows.
func parsePad(value string) (damage, error) {
	n, err := parseSize(value)
	return func(b []byte) ([]byte, error) { return append(b, strings.Repeat("P", n)...), nil }, err
}

func parsePatch(value string) (damage, error) {
	type patch struct {
		at    int
		bytes []byte
	}
	var patches []patch
	for text := range strings.SplitSeq(value, ",") {
		offset, digits, _ := strings.Cut(text, ":")
		at, err := strconv.ParseUint(offset, 10, 16)
		bytes, hexErr := readHex(digits, 0)
		if err != nil || hexErr != nil || len(bytes) == 0 {
			return nil, fmt.Errorf("%q: a patch is written OFFSET:HEX", text)
		}
		patches = append(patches, patch{int(at), bytes})
	}
	return func(b []byte) ([]byte, error) {
		for _, p := range patches {
			if p.at+len(p.bytes) > len(b) {
				return nil, fmt.Errorf("patch: bytes %d to %d are not in a frame of %d", p.at, p.at+len(p.bytes)-1, len(b))
			}
			copy(b[p.at:], p.bytes)
		}
		return b, nil
	}, nil
}
