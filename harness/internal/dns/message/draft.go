package message

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// A Draft is a message that is to be sent. Nothing in it need be right.
type Draft struct {
	Header
	Asked     []byte // a question in the bytes in which it came, in front of the others
	Questions []SpelledQuestion
	Sections  [3][]SpelledRecord // by Answer, Authority, Additional
	Counts    map[string]uint16  // what the header says instead of how many there are; see the variable Counts
	Plain     bool               // no name is compressed
}

// AnswerTo begins the answer to a message: it has the same id, opcode, rd and question.
// It is an error if asked has no question.
func AnswerTo(asked []byte) (*Draft, error) {
	_, question := FirstQuestion(asked)
	if question == nil {
		return nil, errors.New("what is to be answered has no question")
	}
	header, _ := ReadHeader(asked)
	d := &Draft{Header: Header{ID: header.ID}, Asked: question}
	d.Flags.Set("qr", 1)
	for _, same := range []string{"opcode", "rd"} {
		d.Flags.Set(same, header.Flags.Get(same))
	}
	return d, nil
}

// Bytes returns the message. It is an error if a record has several TTLs or any.
func (d *Draft) Bytes() ([]byte, error) {
	w := newWriter(d.Plain)
	w.number(d.ID)
	w.number(uint16(d.Flags))
	there := [len(Counts)]int{len(d.Questions), len(d.Sections[Answer]), len(d.Sections[Authority]), len(d.Sections[Additional])}
	if d.Asked != nil {
		there[0]++
	}
	for i, name := range Counts {
		n, said := d.Counts[name]
		if !said {
			n = uint16(there[i])
		}
		w.number(n)
	}
	w.asked(d.Asked)
	for _, q := range d.Questions {
		w.name(q.Name, q.pointer)
		w.number(q.Type)
		w.number(q.Class)
	}
	for _, section := range d.Sections {
		for _, s := range section {
			if err := w.record(s); err != nil {
				return nil, err
			}
		}
	}
	return w.b, nil
}

// A writer puts a message together.
type writer struct {
	b      []byte
	plain  bool         // names are written in full
	places map[Name]int // where names stand: those of other letters are others here, so that each comes as it is written
}

func newWriter(plain bool) *writer { return &writer{plain: plain, places: make(map[Name]int)} }

func (w *writer) number(n uint16) { w.b = binary.BigEndian.AppendUint16(w.b, n) }

// asked appends the bytes of a question, whose name others can point at.
func (w *writer) asked(question []byte) {
	start := len(w.b)
	w.b = append(w.b, question...)
	name, _, err := readName(w.b, start)
	if err != nil {
		return
	}
	for rest := name; rest != Root; rest = rest.Parent() {
		w.place(rest, start+len(name)-len(rest))
	}
}

// place notes where a name stands, if a pointer reaches that far.
func (w *writer) place(name Name, at int) {
	if at < 1<<14 {
		w.places[name] = at
	}
}

func (w *writer) record(s SpelledRecord) error {
	w.name(s.Name, s.pointer)
	w.number(s.Type)
	w.number(s.Class)
	ttl, err := strconv.ParseUint(s.TTLs[0], 10, 32)
	if err != nil || len(s.TTLs) > 1 {
		return fmt.Errorf("%q can be expected only, and not sent", strings.Join(s.TTLs, "|"))
	}
	w.b = binary.BigEndian.AppendUint32(w.b, uint32(ttl))
	size := len(w.b)
	w.number(0)
	if err := kindOf(s.Type).write(w, s.Data); err != nil {
		return err
	}
	binary.BigEndian.PutUint16(w.b[size:], uint16(len(w.b)-size-2))
	return nil
}

// name appends a name, with a pointer in the place of what the message has already.
func (w *writer) name(name Name, pointer string) {
	for ; name != Root; name = name.Parent() {
		if at, known := w.places[name]; known && !w.plain && pointer == "" {
			w.pointer(at)
			return
		}
		if pointer == "" {
			w.place(name, len(w.b))
		}
		w.b = append(w.b, name[:1+int(name[0])]...)
	}
	if pointer == "" {
		w.b = append(w.b, 0)
		return
	}
	to, _ := strconv.Atoi(pointer) // parseName has tried
	if pointer[0] == '+' || pointer[0] == '-' {
		to += len(w.b)
	}
	w.pointer(to)
}

func (w *writer) pointer(to int) { w.number(0xc000 | uint16(to)) }
