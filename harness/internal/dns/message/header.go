package message

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
)

const headerSize = 12

// A Header is what a message begins with (RFC 1035 section 4.1.1), but for the counts of
// what follows.
type Header struct {
	ID    uint16
	Flags Flags
}

// ReadHeader reads the header of a message. It is an error if b is shorter than one.
func ReadHeader(b []byte) (Header, error) {
	if len(b) < headerSize {
		return Header{}, fmt.Errorf("a message has a header of 12 bytes, this has %d", len(b))
	}
	return Header{binary.BigEndian.Uint16(b), Flags(binary.BigEndian.Uint16(b[2:]))}, nil
}

// Counts are the header's names of how many questions, and how many records of each
// section, follow.
var Counts = [...]string{"qdcount", "ancount", "nscount", "arcount"}

// Flags are the header's second word, which consists of the [Bits].
type Flags uint16

// Get returns the part that has a name.
func (f Flags) Get(name string) uint16 {
	b := BitNamed(name)
	return uint16(f) >> b.shift & b.mask
}

// Set changes the part that has a name.
func (f *Flags) Set(name string, value uint16) {
	b := BitNamed(name)
	*f = *f&^Flags(b.mask<<b.shift) | Flags(value<<b.shift)
}

// A Bit is a part of the flags, of one bit or several.
type Bit struct {
	Name, Doc string
	shift     int
	mask      uint16
}

// Bits are all parts of the flags. The bits ad and cd are of RFC 4035.
var Bits = []Bit{
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

// BitNamed returns the one of the [Bits] that has a name; nil if there is none.
func BitNamed(name string) *Bit {
	for i := range Bits {
		if Bits[i].Name == name {
			return &Bits[i]
		}
	}
	return nil
}

// The results, values of rcode.
const (
	NoError = iota
	FormErr
	ServFail
	NXDomain
	NotImp
	Refused
)

var rcodes = []string{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"}

// Parse reads a value as [Bit.Show] writes it, or as a number.
func (b *Bit) Parse(text string) (uint16, error) {
	if i := slices.Index(rcodes, text); i >= 0 && b.Name == "rcode" {
		return uint16(i), nil
	}
	n, err := strconv.ParseUint(text, 0, 16)
	if err != nil || n > uint64(b.mask) {
		return 0, fmt.Errorf("%q is no number up to %d", text, b.mask)
	}
	return uint16(n), nil
}

// Show writes a value: a number, but a result by its name.
func (b *Bit) Show(value uint16) string {
	switch {
	case b.Name != "rcode":
		return fmt.Sprint(value)
	case int(value) < len(rcodes):
		return rcodes[value]
	}
	return fmt.Sprintf("RCODE%d", value)
}
