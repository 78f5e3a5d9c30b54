package frame

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"wirebook/harness/internal/packet"
)

// Send is a frame that a scenario sends.
type Send struct {
	kind   *packet.Protocol // nil for an answer
	fields []packet.Assignment
	damage []damage
	of     string // the frame that is answered
	as     string // its name
	copies int    // from stations that follow one another, 1 if it is not given
	quote  string // the frame that it quotes
	quoted int    // how much of it, as [packet.Table.Quote] counts
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
		return nil, errors.New("a kind is missing: " + table.KindNames(answer))
	}
	s := &Send{kind: table.KindNamed(words[0]), quoted: math.MaxUint16}
	if s.kind == nil && words[0] != answer && !unknown(0) {
		return nil, fmt.Errorf("%q is no kind; there are %s", words[0], table.KindNames(answer))
	}
	list, err := parseWords(words[1:], func(i int) bool { return unknown(i + 1) })
	for _, a := range list {
		if err == nil && (s.kind != nil || words[0] == answer) {
			err = s.add(a)
		}
	}
	if err == nil && s.quote != "" && packet.Data.AskedBy(s.fields) {
		err = errors.New("quote: what is quoted is all that the error carries")
	}
	return s, err
}

// add takes one more word.
func (s *Send) add(a packet.Assignment) error {
	for _, d := range damages {
		if d.name != a.Name {
			continue
		}
		if a.Unknown {
			return nil
		}
		do, err := d.parse(a.Value)
		if err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
		s.damage = append(s.damage, do)
		return nil
	}
	switch {
	case a.Name == "as":
		s.as = a.Value
		return nil
	case a.Name == "of" && s.kind == nil:
		s.of = a.Value
		return nil
	case a.Name == "stations":
		return s.repeat(a)
	case a.Name == "quote" && s.kind != nil && s.kind.Quotes > 0:
		s.quote = a.Value
		return nil
	case a.Name == "quoted" && s.quote != "":
		return s.cutQuote(a)
	}
	s.fields = append(s.fields, a)
	return s.check(a)
}

// maxStations is how many frames a line sends at most.
const maxStations = 1_000_000

// repeat reads from how many stations the frame comes.
func (s *Send) repeat(a packet.Assignment) (err error) {
	if a.Unknown {
		return nil
	}
	s.copies, err = strconv.Atoi(a.Value)
	if err != nil || s.copies < 1 || s.copies > maxStations {
		return fmt.Errorf("stations: %q is no number from 1 to %d", a.Value, maxStations)
	}
	return nil
}

// cutQuote reads how much is quoted.
func (s *Send) cutQuote(a packet.Assignment) (err error) {
	if a.Unknown {
		return nil
	}
	if s.quoted, err = packet.ParseSize(a.Value); err != nil {
		return fmt.Errorf("quoted: %w", err)
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
func (s *Send) check(a packet.Assignment) error {
	if s.kind != nil {
		_, err := table.Check(s.kind, a)
		return err
	}
	return checkAny(a, func(at *packet.Protocol) bool { return at.Answer != nil })
}

// checkAny tries a field on several kinds, of which one is enough.
func checkAny(a packet.Assignment, which func(*packet.Protocol) bool) error {
	var wrong error
	var names []string
	for _, at := range table {
		if at.Optional || !which(at) {
			continue
		}
		switch f, err := table.Check(at, a); {
		case err == nil:
			return nil
		case f != nil:
			wrong = err
		default:
			names = table.FieldNames(at, names)
		}
	}
	if wrong == nil {
		wrong = fmt.Errorf("%q is no field of such a frame; there are %s", a.Name, strings.Join(names, " "))
	}
	return wrong
}

// isOfAnother tells whether the frame follows from another one.
func (s *Send) isOfAnother() bool { return s.kind == nil || s.quote != "" }

// Bytes builds the frame and notes its name in the memory. Only a frame that
// follows from another one looks into it.
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
	if s.quote != "" {
		about, err := seen.frame(s.quote)
		if err != nil {
			return nil, err
		}
		quote, err := table.Quote(about, s.quoted)
		if err != nil {
			return nil, err
		}
		fields = append(slices.Clone(fields), packet.Assignment{Name: "hex", Value: hex.EncodeToString(quote)})
	}
	b, err := table.Build(kind, fields)
	for _, do := range s.damage {
		if err == nil {
			b, err = do(b)
		}
	}
	return b, err
}

// answer returns the kind and the fields of the right answer to a frame of the
// memory.
func answer(seen *Memory, of string) (*packet.Protocol, []packet.Assignment, error) {
	b, err := seen.frame(of)
	if err != nil {
		return nil, nil, err
	}
	p, _ := table.Decode(b, nil, packet.Every)
	var fields []packet.Assignment
	for _, l := range p {
		if l.Answer != nil {
			fields = append(fields, l.Answer(p)...)
		}
	}
	if len(fields) == 0 {
		return nil, nil, errors.New("there is none to: " + Describe(b))
	}
	return p.Kind(), fields, nil
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
	n, err := packet.ParseSize(value)
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
	n, err := packet.ParseSize(value)
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
		bytes, hexErr := packet.HexBytes.Read(digits, 0)
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
