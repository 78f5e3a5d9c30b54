//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// A message is what clients and servers send each other (RFC 1035 §4.1).
type message struct {
	header
	questions  []question
	answer     []record
	authority  []record
	additional []record
}

// A header is the first 12 bytes of a message but for its counts.
type header struct {
	id     uint16
	qr     bool  // this is an answer
	opcode uint8 // 0: a question
	aa     bool  // the server speaks for its own zone
	tc     bool  // cut off: ask by TCP
	rd     bool  // do the whole work for me
	ra     bool  // I do
	rcode  uint8 // the result
}

// A question asks for the records of a name and type.
type question struct {
	name       name
	typ, class uint16
}

// A record is what is known of a name. In data, names are complete.
type record struct {
	name       name
	typ, class uint16
	ttl        uint32
	data       []byte
}

const (
	typeA     = 1
	typeNS    = 2
	typeCNAME = 5
	typeSOA   = 6
	typePTR   = 12
	typeMX    = 15
	typeTXT   = 16
	typeAAAA  = 28
	typeOPT   = 41
	classIN   = 1
)

const (
	rcodeOK       = 0
	rcodeFormat   = 1
	rcodeServer   = 2
	rcodeNoName   = 3
	rcodeNotBuilt = 4
	rcodeRefused  = 5
)

const headerSize = 12

// A name is one as it is sent where nothing is compressed: each label behind its
// length, and a zero byte at the end.
//
//	\x03www\x07example\x04test\x00
type name string

const root name = "\x00"

// fold returns the name in small letters: names that are the same then are one name
// (RFC 4343). Only the letters A to Z have small ones, and no length is one of them.
func (n name) fold() name {
	b := []byte(n)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c - 'A' + 'a'
		}
	}
	return name(b)
}

// parent is the name without its first label. The root has none and is its own.
func (n name) parent() name {
	if n == root {
		return root
	}
	return n[1+n[0]:]
}

// in reports whether the name is zone or below it.
func (n name) in(zone name) bool {
	for n, zone := n.fold(), zone.fold(); ; n = n.parent() {
		if n == zone {
			return true
		}
		if n == root {
			return false
		}
	}
}

// is reports whether two questions are the same.
func (q question) is(other question) bool {
	return q.name.fold() == other.name.fold() && q.typ == other.typ && q.class == other.class
}

var errShort = errors.New("a message of less than 12 bytes")

// unpackHeader reads a message's header, and how many questions it has.
func unpackHeader(b []byte) (h header, questions int, err error) {
	if len(b) < headerSize {
		return h, 0, errShort
	}
	bits := binary.BigEndian.Uint16(b[2:])
	return header{
		id:     binary.BigEndian.Uint16(b),
		qr:     bits>>15 == 1,
		opcode: uint8(bits >> 11 & 15),
		aa:     bits>>10&1 == 1,
		tc:     bits>>9&1 == 1,
		rd:     bits>>8&1 == 1,
		ra:     bits>>7&1 == 1,
		rcode:  uint8(bits & 15),
	}, int(binary.BigEndian.Uint16(b[4:])), nil
}

// unpackQuestion reads the question that begins at a place of a message, and returns
// the place behind it.
func unpackQuestion(b []byte, at int) (q question, next int, err error) {
	if q.name, at, err = readName(b, at); err != nil {
		return q, 0, err
	}
	if len(b)-at < 4 {
		return q, 0, errors.New("the message ends in a question")
	}
	q.typ, q.class = binary.BigEndian.Uint16(b[at:]), binary.BigEndian.Uint16(b[at+2:])
	return q, at + 4, nil
}

// unpack reads a message. What is malformed in it is an error; bytes behind it are
// ignored.
func unpack(b []byte) (*message, error) {
	h, questions, err := unpackHeader(b)
	if err != nil {
		return nil, err
	}
	m := &message{header: h}
	at := headerSize
	for range questions {
		q, next, err := unpackQuestion(b, at)
		if err != nil {
			return nil, err
		}
		m.questions, at = append(m.questions, q), next
	}
	for i, section := range []*[]record{&m.answer, &m.authority, &m.additional} {
		for range binary.BigEndian.Uint16(b[6+2*i:]) {
			r, next, err := unpackRecord(b, at)
			if err != nil {
				return nil, err
			}
			*section, at = append(*section, r), next
		}
	}
	return m, nil
}

func unpackRecord(b []byte, at int) (r record, next int, err error) {
	if r.name, at, err = readName(b, at); err != nil {
		return r, 0, err
	}
	if len(b)-at < 10 {
		return r, 0, errors.New("the message ends in a record")
	}
	r.typ, r.class = binary.BigEndian.Uint16(b[at:]), binary.BigEndian.Uint16(b[at+2:])
	r.ttl = binary.BigEndian.Uint32(b[at+4:])
	size := int(binary.BigEndian.Uint16(b[at+8:]))
	if at += 10; len(b)-at < size {
		return r, 0, errors.New("the message ends in a record's data")
	}
	r.data, err = unpackData(b[:at+size], at, r.typ)
	return r, at + size, err
}

// unpackData reads the data that stands at a place up to the end of b. The names in it
// may be compressed by what stands before, so it is of no use elsewhere as it is: they
// are made complete. Data of other types is bytes (RFC 3597).
func unpackData(b []byte, at int, typ uint16) (data []byte, err error) {
	before, names, behind := 0, 0, 0 // bytes in front of the names, names, bytes behind them
	switch typ {
	case typeNS, typeCNAME, typePTR:
		names = 1
	case typeMX:
		before, names = 2, 1
	case typeSOA:
		names, behind = 2, 20
	default:
		return append(data, b[at:]...), nil
	}
	if len(b)-at < before {
		return nil, errors.New("a record's data ends too early")
	}
	data = append(data, b[at:at+before]...)
	at += before
	for range names {
		var n name
		if n, at, err = readName(b, at); err != nil {
			return nil, err
		}
		data = append(data, n...)
	}
	if len(b)-at != behind {
		return nil, fmt.Errorf("a record's data has %d bytes behind its names, want %d", len(b)-at, behind)
	}
	return append(data, b[at:]...), nil
}

// target is the name in the data of a CNAME or NS record.
func (r record) target() name { return name(r.data) }

// minimum is the last number in the data of an SOA record.
func (r record) minimum() uint32 { return binary.BigEndian.Uint32(r.data[len(r.data)-4:]) }

// pack writes a message. The names of records are compressed, those in data are not.
// question, unless nil, stands in it in place of m.questions, byte for byte.
func pack(m *message, question []byte) []byte {
	p := packer{places: make(map[name]int)}
	p.number(m.id)
	p.number(m.header.bits())
	questions := len(m.questions)
	if question != nil {
		questions = 1
	}
	for _, count := range []int{questions, len(m.answer), len(m.authority), len(m.additional)} {
		p.number(uint16(count))
	}
	if question != nil {
		p.question(question)
	} else {
		for _, q := range m.questions {
			p.name(q.name)
			p.number(q.typ)
			p.number(q.class)
		}
	}
	for _, section := range [][]record{m.answer, m.authority, m.additional} {
		for _, r := range section {
			p.name(r.name)
			p.number(r.typ)
			p.number(r.class)
			p.b = binary.BigEndian.AppendUint32(p.b, r.ttl)
			p.number(uint16(len(r.data)))
			p.b = append(p.b, r.data...)
		}
	}
	return p.b
}

func (h header) bits() (bits uint16) {
	bits = uint16(h.opcode)<<11 | uint16(h.rcode)
	for _, flag := range []struct {
		set   bool
		shift int
	}{{h.qr, 15}, {h.aa, 10}, {h.tc, 9}, {h.rd, 8}, {h.ra, 7}} {
		if flag.set {
			bits |= 1 << flag.shift
		}
	}
	return bits
}

// A packer is a message that grows. It remembers where names stand in it.
type packer struct {
	b      []byte
	places map[name]int // in small letters
}

func (p *packer) number(n uint16) { p.b = binary.BigEndian.AppendUint16(p.b, n) }

// name writes a name: a label at a time, until the rest of it stands in the message
// already. A pointer has 14 bits for a place.
func (p *packer) name(n name) {
	for ; n != root; n = n.parent() {
		if at, known := p.places[n.fold()]; known {
			p.number(0xc000 | uint16(at))
			return
		}
		if len(p.b) < 1<<14 {
			p.places[n.fold()] = len(p.b)
		}
		p.b = append(p.b, n[:1+n[0]]...)
	}
	p.b = append(p.b, 0)
}

// question writes a question as it came.
func (p *packer) question(b []byte) {
	start := len(p.b)
	p.b = append(p.b, b...)
	behind := len(p.b) - 4 // its name
	for at := start; at < behind && 0 < p.b[at] && p.b[at] < 64; at += 1 + int(p.b[at]) {
		p.places[name(p.b[at:behind]).fold()] = at
	}
}
