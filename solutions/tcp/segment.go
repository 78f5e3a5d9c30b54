//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"encoding/binary"
	"net/netip"
)

// This file is given: what is in a TCP segment (RFC 9293 §3.1).

// The control bits of a segment.
const (
	fin = 0x01 // no more text follows
	syn = 0x02 // seq is where the numbers begin
	rst = 0x04 // the connection is over
	ack = 0x10 // the acknowledgment number counts
)

// A segment is a TCP segment.
type segment struct {
	srcPort, dstPort uint16
	seq              uint32 // the number of the first octet, or of the SYN
	ack              uint32 // the number of the octet that is expected next
	flags            uint8  // fin, syn, rst, ack and others, added with |
	window           uint16 // so many octets from ack on may come
	mss              uint16 // what the option maximum segment size says; 0: there is none
	text             []byte
}

const (
	segmentHeaderLen = 20 // without options
	optionEnd        = 0
	optionNop        = 1
	optionMSS        = 2
	optionMSSLen     = 4
)

// has tells whether the segment has this control bit.
func (s segment) has(flag uint8) bool { return s.flags&flag != 0 }

// len is how many numbers the segment takes up (SEG.LEN): one for each octet of
// text, one for a SYN, one for a FIN.
func (s segment) len() uint32 {
	n := uint32(len(s.text))
	if s.has(syn) {
		n++
	}
	if s.has(fin) {
		n++
	}
	return n
}

// parseSegment takes a segment apart that came from src to dst; false means that it
// is malformed or damaged. Options but the MSS are skipped.
func parseSegment(src, dst netip.Addr, b []byte) (segment, bool) {
	if len(b) < segmentHeaderLen || segmentChecksum(src, dst, b) != 0 {
		return segment{}, false
	}
	headerLen := 4 * int(b[12]>>4)
	if headerLen < segmentHeaderLen || headerLen > len(b) {
		return segment{}, false
	}
	return segment{
		srcPort: binary.BigEndian.Uint16(b[0:]),
		dstPort: binary.BigEndian.Uint16(b[2:]),
		seq:     binary.BigEndian.Uint32(b[4:]),
		ack:     binary.BigEndian.Uint32(b[8:]),
		flags:   b[13],
		window:  binary.BigEndian.Uint16(b[14:]),
		mss:     findMSS(b[segmentHeaderLen:headerLen]),
		text:    b[headerLen:],
	}, true
}

// findMSS reads the options. What stands behind one that is malformed is not read.
func findMSS(options []byte) uint16 {
	for len(options) > 0 && options[0] != optionEnd {
		if options[0] == optionNop {
			options = options[1:]
			continue
		}
		if len(options) < 2 || options[1] < 2 || int(options[1]) > len(options) {
			return 0
		}
		if options[0] == optionMSS && options[1] == optionMSSLen {
			return binary.BigEndian.Uint16(options[2:])
		}
		options = options[options[1]:]
	}
	return 0
}

// pack makes the segment's bytes, with the checksum that fits these addresses. A
// segment whose mss is not 0 has that option.
func (s segment) pack(src, dst netip.Addr) []byte {
	headerLen := segmentHeaderLen
	if s.mss != 0 {
		headerLen += optionMSSLen
	}
	b := make([]byte, headerLen, headerLen+len(s.text))
	binary.BigEndian.PutUint16(b[0:], s.srcPort)
	binary.BigEndian.PutUint16(b[2:], s.dstPort)
	binary.BigEndian.PutUint32(b[4:], s.seq)
	binary.BigEndian.PutUint32(b[8:], s.ack)
	b[12] = uint8(headerLen/4) << 4
	b[13] = s.flags
	binary.BigEndian.PutUint16(b[14:], s.window)
	if s.mss != 0 {
		b[20], b[21] = optionMSS, optionMSSLen
		binary.BigEndian.PutUint16(b[22:], s.mss)
	}
	b = append(b, s.text...)
	binary.BigEndian.PutUint16(b[16:], segmentChecksum(src, dst, b))
	return b
}

// segmentChecksum is the checksum over a segment and the pseudo header: addresses,
// protocol and length. So a segment that went astray is not taken.
func segmentChecksum(src, dst netip.Addr, b []byte) uint16 {
	from, to := src.As4(), dst.As4()
	pseudo := append(from[:], to[:]...)
	pseudo = append(pseudo, 0, protocolTCP)
	pseudo = binary.BigEndian.AppendUint16(pseudo, uint16(len(b)))
	return checksum(append(pseudo, b...))
}
