package packet

import "encoding/binary"

// SumOf is the Internet checksum of b with the field at that offset as zero.
func SumOf(b []byte, at int) []byte {
	rest := append(append(b[:at:at], 0, 0), b[at+2:]...)
	return Big(int(internetSum(rest)), 2)
}

// internetSum is the Internet checksum (RFC 1071): the ones' complement of the
// ones' complement sum of the 16-bit words, a last odd byte filled up with a
// zero.
func internetSum(b []byte) uint16 {
	var sum uint32
	for ; len(b) >= 2; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
		sum = sum&0xffff + sum>>16
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
		sum = sum&0xffff + sum>>16
	}
	return ^uint16(sum)
}

// sameSum compares two checksums in ones' complement, where zero has two
// forms.
func sameSum(a, b int) bool { return a == b || a^b == 0xffff && (a == 0 || b == 0) }
