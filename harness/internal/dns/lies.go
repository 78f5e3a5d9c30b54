package dns

import (
	"slices"

	"wirebook/harness/internal/dns/message"
)

// Lies returns what somebody may send in place of an answer and what must not be
// believed: the answer with another id, that to a question of another type, and one that
// says that it is a question. Its last byte, which is data, differs.
func Lies(answer []byte) [][]byte {
	lie := func(spoil func(b []byte)) []byte {
		b := slices.Clone(answer)
		b[len(b)-1] ^= 0x55
		spoil(b)
		return b
	}
	anotherType := func(b []byte) {
		_, question := message.FirstQuestion(b)
		question[len(question)-3] ^= 0x10
	}
	return [][]byte{
		lie(func(b []byte) { b[1]++ }), // the id
		lie(anotherType),
		lie(func(b []byte) { b[2] &^= 0x80 }), // QR
	}
}

// CutOff returns the answer with TC set, and with other data: what stands in such a
// message is not to be used.
func CutOff(answer []byte) []byte {
	b := slices.Clone(answer)
	b[len(b)-1] ^= 0x55
	b[2] |= 2
	return b
}
