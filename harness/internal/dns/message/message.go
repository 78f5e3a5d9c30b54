package message

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// A Message is a message taken apart.
type Message struct {
	Header
	Questions []Question
	Sections  [3][]Record // by Answer, Authority, Additional
}

// The sections of records, by their places in a message.
const (
	Answer = iota
	Authority
	Additional
)

// A Question asks for the records of a name and type.
type Question struct {
	Name        Name
	Type, Class uint16
}

// Fold returns the question with its name in small letters.
func (q Question) Fold() Question {
	q.Name = q.Name.Fold()
	return q
}

// String writes the question as text: NAME TYPE, and the class where it is not IN.
func (q Question) String() string {
	return strings.TrimSpace(q.Name.String() + " " + kindOf(q.Type).name + " " + className(q.Class))
}

// Parse takes a message apart. What is malformed is an error that says where, and so
// are bytes behind its end.
func Parse(b []byte) (*Message, error) {
	header, err := ReadHeader(b)
	if err != nil {
		return nil, err
	}
	m := &Message{Header: header}
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

// FirstQuestion returns the first question of a message and its bytes, in place, which
// are nil if there is none.
func FirstQuestion(b []byte) (q Question, bytes []byte) {
	if len(b) < headerSize || binary.BigEndian.Uint16(b[4:]) == 0 {
		return q, nil
	}
	q, end, err := readQuestion(b, headerSize)
	if err != nil {
		return q, nil
	}
	return q, b[headerSize:end:end]
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
	r.Data, err = kindOf(r.Type).read(b, at, at+size)
	return r, at + size, err
}

// readName returns the name that begins at a place, complete, and the place behind it
// (RFC 1035 section 4.1.4).
func readName(b []byte, at int) (name Name, next int, err error) {
	const longest = 255
	var labels []byte
	lowest := at // a pointer to lowest or behind it would come here again
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
			return Name(labels) + Root, next, nil
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
		case len(labels)+1+length+1 > longest:
			return "", 0, fmt.Errorf("byte %d: here the name gets longer than 255 bytes", at)
		}
		labels = append(labels, b[at:at+1+length]...)
		at += 1 + length
	}
}
