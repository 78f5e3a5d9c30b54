package frame

import (
	"encoding/hex"
	"fmt"
	"math/bits"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// A field is one that scenarios can name.
type field struct {
	name, doc string
	// off and len are where it lies in its layer, in bytes. One of length 0 is
	// all from there on.
	off, len int
	// mask is the bits of a number that does not fill its bytes.
	mask int
	*format
	words []word // names for its numbers
	// sum tells that it is a checksum. It can be sent bad.
	sum bool
	// usual is its value in frames that do not say otherwise, as a scenario
	// would write it. A layer in which it must be so is malformed otherwise.
	usual string
	must  bool
	// derive computes the value from the rest of the packet, in which this is
	// layer i. From nil nothing follows.
	derive func(p packet, i int) []byte
	// unsummed tells that a checksum of zero is none.
	unsummed bool
}

type word struct {
	text   string
	number int
}

// field finds the protocol's field of this name, or nil.
func (at *protocol) field(name string) *field {
	for i := range at.fields {
		if at.fields[i].name == name {
			return &at.fields[i]
		}
	}
	return nil
}

// value is the field's bytes, of a number with a mask those of the number.
func (l layer) value(f *field) []byte {
	if f.len == 0 {
		return l.bytes[f.off:]
	}
	b := l.bytes[f.off : f.off+f.len]
	if f.mask == 0 {
		return b
	}
	return big(number(b)&f.mask>>bits.TrailingZeros(uint(f.mask)), f.len)
}

// put writes a value into the field.
func (l *layer) put(f *field, value []byte) {
	if f.len == 0 {
		l.bytes = append(l.bytes[:f.off:f.off], value...)
		return
	}
	b := l.bytes[f.off : f.off+f.len]
	if f.mask != 0 {
		value = big(number(b)&^f.mask|number(value)<<bits.TrailingZeros(uint(f.mask)), f.len)
	}
	copy(b, value)
}

// set writes what a scenario says into the field. What is bad is so by its
// right value, which is not known yet.
func (l *layer) set(f *field, text string) error {
	if text == bad && f.sum {
		return nil
	}
	value, err := f.parse(text)
	if err == nil {
		l.put(f, value)
	}
	return err
}

// parse reads a value of the field as scenarios write it.
func (f *field) parse(text string) ([]byte, error) {
	for _, w := range f.words {
		if w.text == text {
			return big(w.number, f.len), nil
		}
	}
	if text == bad && f.sum {
		return nil, nil
	}
	value, err := f.read(text, f.width())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	return value, nil
}

// choices are the values of which a scenario expects one, as it writes them: 0|1.
// Text has no choices.
func (f *field) choices(text string) []string {
	if f.format == plainBytes {
		return []string{text}
	}
	return strings.Split(text, "|")
}

// show writes a value of the field.
func (f *field) show(value []byte) string {
	text := f.write(value)
	for _, w := range f.words {
		if w.number == number(value) {
			return text + " (" + w.text + ")"
		}
	}
	return text
}

// width is the field's length in bits.
func (f *field) width() int {
	if f.mask != 0 {
		return bits.OnesCount(uint(f.mask))
	}
	return 8 * f.len
}

// number is the value of some bytes, most significant first.
func number(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n
}

// big is a number in that many bytes, most significant first.
func big(n, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(n >> (8 * (size - 1 - i)))
	}
	return b
}

// A format is how the value of a field of that many bits is read and written.
type format struct {
	read  func(text string, bits int) ([]byte, error)
	write func(value []byte) string
}

// The formats. Bytes are as the scenario's line has them, decoded.
var (
	decimal     = &format{readNumber, func(b []byte) string { return strconv.Itoa(number(b)) }}
	hexadecimal = &format{readNumber, func(b []byte) string { return fmt.Sprintf("0x%0*x", 2*len(b), b) }}
	macAddress  = &format{readMAC, writeMAC}
	ipAddress   = &format{readIP, func(b []byte) string { return netip.AddrFrom4([4]byte(b)).String() }}
	plainBytes  = &format{func(s string, _ int) ([]byte, error) { return []byte(s), nil }, func(b []byte) string { return strconv.Quote(string(b)) }}
	hexBytes    = &format{readHex, hex.EncodeToString}
	fourHex     = &format{readFours, hex.EncodeToString}
	letters     = &format{readLetters, func(b []byte) string { return strconv.Itoa(len(b)) }}
)

func readNumber(s string, bits int) ([]byte, error) {
	n, err := strconv.ParseUint(s, 0, bits)
	if err != nil {
		return nil, fmt.Errorf("%q is no number of %d bits", s, bits)
	}
	return big(int(n), (bits+7)/8), nil
}

// readMAC reads six pairs of hexadecimal digits with - or : between them, or
// the word broadcast.
func readMAC(s string, _ int) ([]byte, error) {
	if s == "broadcast" {
		return broadcast(), nil
	}
	mac, err := net.ParseMAC(s)
	if err != nil || len(s) != 17 {
		return nil, fmt.Errorf("%q is no MAC address; write it as 02-00-0a-00-00-02, or broadcast", s)
	}
	return mac, nil
}

// writeMAC writes an address as the lessons print it.
func writeMAC(b []byte) string {
	return strings.ReplaceAll(net.HardwareAddr(b).String(), ":", "-")
}

func readIP(s string, _ int) ([]byte, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return nil, fmt.Errorf("%q is no IPv4 address; write it as 10.0.0.2", s)
	}
	return a.AsSlice(), nil
}

func readHex(s string, _ int) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%q is no row of pairs of hexadecimal digits", s)
	}
	return b, nil
}

func readFours(s string, bits int) ([]byte, error) {
	b, err := readHex(s, bits)
	if err == nil && (len(b)%4 != 0 || len(b) > 40) {
		err = fmt.Errorf("%q has %d bytes; it takes a multiple of 4, 40 at most", s, len(b))
	}
	return b, err
}

// readLetters reads a number, and makes so many bytes of the alphabet, over
// and over.
func readLetters(s string, _ int) ([]byte, error) {
	n, err := parseSize(s)
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	return []byte(strings.Repeat(alphabet, n/len(alphabet)+1)[:n]), err
}

func parseSize(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is no number of bytes", s)
	}
	return int(n), nil
}
