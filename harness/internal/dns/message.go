package dns

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// A Message is a message taken apart.
type Message struct {
	ID        uint16
	Flags     uint16
	Questions []Question
	Sections  [3][]Record // answer, authority, additional
}

// A Question asks for the records of a name and type.
type Question struct {
	Name        Name
	Type, Class uint16
}

// String writes the question as scenarios do.
func (q Question) String() string {
	text := q.Name.String() + " " + kindOf(q.Type).name
	if q.Class != classIN {
		text += " " + className(q.Class)
	}
	return text
}

// The sections of records, by their places in a message.
const (
	answer = iota
	authority
	additional
)

const headerSize = 12

// A bit is a part of the header's second word.
type bit struct {
	name, doc string
	shift     int
	mask      uint16
}

var bits = []bit{
	{"qr", "1 in an answer", 15, 1},
	{"opcode", "what is wanted; 0 is a question", 11, 15},
	{"aa", "the server speaks for its own zone", 10, 1},
	{"tc", "cut off: ask by TCP", 9, 1},
	{"rd", "do the whole work for me", 8, 1},
	{"ra", "I do", 7, 1},
	{"z", "must be zero", 6, 1},
	{"ad", "DNSSEC: the data is authentic", 5, 1},
	{"cd", "DNSSEC: do not check", 4, 1},
	{"rcode", "the result: NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED, or a number", 0, 15},
}

func bitNamed(name string) *bit {
	for i := range bits {
		if bits[i].name == name {
			return &bits[i]
		}
	}
	return nil
}

func (b *bit) of(flags uint16) uint16 { return flags >> b.shift & b.mask }

func (b *bit) put(flags *uint16, value uint16) {
	*flags = *flags&^(b.mask<<b.shift) | value<<b.shift
}

// part returns a part of the header's flags.
func part(flags uint16, name string) uint16 { return bitNamed(name).of(flags) }

var rcodes = []string{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"}

func rcodeName(n uint16) string {
	if int(n) < len(rcodes) {
		return rcodes[n]
	}
	return fmt.Sprintf("RCODE%d", n)
}

var errShort = errors.New("a message has a header of 12 bytes")

// Parse takes a message apart. What is malformed is an error that says where, and so
// are bytes behind its end.
func Parse(b []byte) (*Message, error) {
	if len(b) < headerSize {
		return nil, fmt.Errorf("%w, this has %d", errShort, len(b))
	}
	m := &Message{ID: binary.BigEndian.Uint16(b), Flags: binary.BigEndian.Uint16(b[2:])}
	at := headerSize
	for range binary.BigEndian.Uint16(b[4:]) {
		q, next, err := readQuestion(b, at)
		if err != nil {
			return nil, err
		}
		m.Questions, at = append(m.Questions, q), next
	}
	for i := range m.Sections {
		for range binary.BigEndian.Uint16(b[6+2*i:]) {
			r, next, err := readRecord(b, at)
			if err != nil {
				return nil, err
			}
			m.Sections[i], at = append(m.Sections[i], r), next
		}
	}
	if at != len(b) {
		return nil, fmt.Errorf("byte %d: %d bytes stand behind the message's end", at, len(b)-at)
	}
	return m, nil
}

// questionEnd is the place behind the first question; 0 if there is none.
func questionEnd(b []byte) int {
	if len(b) < headerSize || binary.BigEndian.Uint16(b[4:]) == 0 {
		return 0
	}
	_, end, err := readQuestion(b, headerSize)
	if err != nil {
		return 0
	}
	return end
}

func readQuestion(b []byte, at int) (q Question, next int, err error) {
	if q.Name, at, err = readName(b, at); err != nil {
		return q, 0, err
	}
	if at+4 > len(b) {
		return q, 0, fmt.Errorf("byte %d: the message ends in a question", len(b))
	}
	q.Type, q.Class = binary.BigEndian.Uint16(b[at:]), binary.BigEndian.Uint16(b[at+2:])
	return q, at + 4, nil
}

func readRecord(b []byte, at int) (r Record, next int, err error) {
	if r.Name, at, err = readName(b, at); err != nil {
		return r, 0, err
	}
	if at+10 > len(b) {
		return r, 0, fmt.Errorf("byte %d: the message ends in a record", len(b))
	}
	r.Type, r.Class = binary.BigEndian.Uint16(b[at:]), binary.BigEndian.Uint16(b[at+2:])
	r.TTL = binary.BigEndian.Uint32(b[at+4:])
	size := int(binary.BigEndian.Uint16(b[at+8:]))
	if at += 10; at+size > len(b) {
		return r, 0, fmt.Errorf("byte %d: the message ends in a record's data, of %d bytes", len(b), size)
	}
	r.Data, err = readData(b, r.Type, at, at+size)
	return r, at + size, err
}

// readName returns the name that begins at a place, complete, and the place behind it.
func readName(b []byte, at int) (name Name, next int, err error) {
	const longest = 255
	var labels []string
	size, lowest := 1, at // a pointer to lowest or behind it would come here again
	for {
		if at >= len(b) {
			return "", 0, fmt.Errorf("byte %d: the bytes end in a name", len(b))
		}
		length := int(b[at])
		switch {
		case length == 0:
			if next == 0 { // no pointer has led elsewhere
				next = at + 1
			}
			return named(labels), next, nil
		case length >= 0xc0:
			if at+1 >= len(b) {
				return "", 0, fmt.Errorf("byte %d: the bytes end in a pointer", len(b))
			}
			to := length&0x3f<<8 | int(b[at+1])
			if to >= lowest {
				return "", 0, fmt.Errorf("byte %d: a pointer to byte %d, which is no earlier place", at, to)
			}
			if next == 0 {
				next = at + 2
			}
			at, lowest = to, to
			continue
		case length >= 0x40:
			return "", 0, fmt.Errorf("byte %d: %#x is neither a label's length nor a pointer", at, length)
		case at+1+length > len(b):
			return "", 0, fmt.Errorf("byte %d: the bytes end in a label", len(b))
		}
		if size += 1 + length; size > longest {
			return "", 0, fmt.Errorf("byte %d: here the name gets longer than 255 bytes", at)
		}
		labels = append(labels, string(b[at+1:at+1+length]))
		at += 1 + length
	}
}

// A writer puts a message together.
type writer struct {
	b      []byte
	plain  bool         // names are written in full
	places map[Name]int // where names stand: those of other letters are others here, so that each comes as it is written
}

func (w *writer) number(n uint16) { w.b = binary.BigEndian.AppendUint16(w.b, n) }

// name appends a name, with a pointer in the place of what the message has already.
func (w *writer) name(s spelling) {
	for i := range s.labels {
		rest := named(s.labels[i:])
		if at, known := w.places[rest]; known && !w.plain && s.pointer == "" {
			w.pointer(at)
			return
		}
		if s.pointer == "" && len(w.b) < 1<<14 {
			if w.places == nil {
				w.places = make(map[Name]int)
			}
			w.places[rest] = len(w.b)
		}
		w.b = append(append(w.b, byte(len(s.labels[i]))), s.labels[i]...)
	}
	if s.pointer == "" {
		w.b = append(w.b, 0)
		return
	}
	to, _ := strconv.Atoi(s.pointer) // parseName has tried
	if s.pointer[0] == '+' || s.pointer[0] == '-' {
		to += len(w.b)
	}
	w.pointer(to)
}

func (w *writer) pointer(to int) { w.number(0xc000 | uint16(to)) }

// verbatim appends bytes that hold a question, whose name others can point at.
func (w *writer) verbatim(question []byte) {
	start := len(w.b)
	w.b = append(w.b, question...)
	name, _, err := readName(w.b, start)
	if question == nil || err != nil {
		return
	}
	w.places = make(map[Name]int)
	at := start
	for labels := name.labels(); len(labels) > 0; labels = labels[1:] {
		w.places[named(labels)] = at
		at += 1 + len(labels[0])
	}
}
