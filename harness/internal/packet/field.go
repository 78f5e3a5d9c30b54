package packet

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/bits"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// A Field is one that scenarios can name.
type Field struct {
	Name, Doc string
	// Off and Len are where it lies in its layer, in bytes. One of length 0 is
	// all from there on.
	Off, Len int
	// Mask is the bits of a number that does not fill its bytes.
	Mask int
	*Format
	Words []Word // names for its numbers
	// Sum tells that it is a checksum. It can be sent bad.
	Sum bool
	// Usual is its value in frames that do not say otherwise, as a scenario
	// would write it. A layer in which it must be so is malformed otherwise.
	Usual string
	Must  bool
	// Derive computes the value from the rest of the packet, in which this is
	// layer i. From nil nothing follows.
	Derive func(p Packet, i int) []byte
	// Unsummed tells that a checksum of zero is none.
	Unsummed bool
	// Entry is where the value is if not at Off: among others, as options are.
	*Entry
	// Fits tells whether a value is what is wanted, if that is the least that it may be.
	Fits func(got, want []byte) bool
}

// An Entry is a value that a header holds among others in any order, or does not
// hold.
type Entry struct {
	Find    func(header []byte) []byte        // nil: it is not there
	Replace func(header, value []byte) []byte // by nil: takes it out
}

// A Word is a name for a number.
type Word struct {
	Text   string
	Number int
}

// Field finds the protocol's field of this name, or nil.
func (at *Protocol) Field(name string) *Field {
	for i := range at.Fields {
		if at.Fields[i].Name == name {
			return &at.Fields[i]
		}
	}
	return nil
}

// Value is the field's bytes, of a number with a mask those of the number.
func (l Layer) Value(f *Field) []byte {
	if f.Entry != nil {
		return f.Find(l.Bytes)
	}
	if f.Len == 0 {
		return l.Bytes[f.Off:]
	}
	b := l.Bytes[f.Off : f.Off+f.Len]
	if f.Mask == 0 {
		return b
	}
	return Big(Number(b)&f.Mask>>bits.TrailingZeros(uint(f.Mask)), f.Len)
}

// Put writes a value into the field.
func (l *Layer) Put(f *Field, value []byte) {
	if f.Entry != nil {
		l.Bytes = f.Replace(l.Bytes, value)
		return
	}
	if f.Len == 0 {
		l.Bytes = append(l.Bytes[:f.Off:f.Off], value...)
		return
	}
	b := l.Bytes[f.Off : f.Off+f.Len]
	if f.Mask != 0 {
		value = Big(Number(b)&^f.Mask|Number(value)<<bits.TrailingZeros(uint(f.Mask)), f.Len)
	}
	copy(b, value)
}

// Set writes what a scenario says into the field. What is bad is so by its
// right value, which is not known yet.
func (l *Layer) Set(f *Field, text string) error {
	if text == Bad && f.Sum {
		return nil
	}
	value, err := f.parse(text)
	if err == nil {
		l.Put(f, value)
	}
	return err
}

// parse reads a value of the field as scenarios write it.
func (f *Field) parse(text string) ([]byte, error) {
	for _, w := range f.Words {
		if w.Text == text {
			return Big(w.Number, f.Len), nil
		}
	}
	if text == Bad && f.Sum {
		return nil, nil
	}
	value, err := f.Read(text, f.width())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return value, nil
}

// Choices are the values of which a scenario expects one, as it writes them: 0|1.
// Text has no choices.
func (f *Field) Choices(text string) []string {
	if f.Format == plainBytes {
		return []string{text}
	}
	return strings.Split(text, "|")
}

// Show writes a value of the field.
func (f *Field) Show(value []byte) string {
	text := f.Write(value)
	for _, w := range f.Words {
		if w.Number == Number(value) {
			return text + " (" + w.Text + ")"
		}
	}
	return text
}

// width is the field's length in bits.
func (f *Field) width() int {
	if f.Mask != 0 {
		return bits.OnesCount(uint(f.Mask))
	}
	return 8 * f.Len
}

// Number is the value of some bytes, most significant first.
func Number(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n
}

// Big is a number in that many bytes, most significant first.
func Big(n, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(n >> (8 * (size - 1 - i)))
	}
	return b
}

// A Format is how the value of a field of that many bits is read and written.
type Format struct {
	Read  func(text string, bits int) ([]byte, error)
	Write func(value []byte) string
}

// The formats. Bytes are as the scenario's line has them, decoded.
var (
	Decimal     = &Format{ReadNumber, func(b []byte) string { return strconv.Itoa(Number(b)) }}
	Hexadecimal = &Format{ReadNumber, func(b []byte) string { return fmt.Sprintf("0x%0*x", 2*len(b), b) }}
	MACAddress  = &Format{readMAC, writeMAC}
	IPAddress   = &Format{readIP, func(b []byte) string { return netip.AddrFrom4([4]byte(b)).String() }}
	plainBytes  = &Format{func(s string, _ int) ([]byte, error) { return []byte(s), nil }, func(b []byte) string { return strconv.Quote(string(b)) }}
	HexBytes    = &Format{readHex, hex.EncodeToString}
	FourHex     = &Format{readFours, hex.EncodeToString}
	letters     = &Format{readLetters, func(b []byte) string { return strconv.Itoa(len(b)) }}
)

func ReadNumber(s string, bits int) ([]byte, error) {
	n, err := strconv.ParseUint(s, 0, bits)
	if err != nil {
		return nil, fmt.Errorf("%q is no number of %d bits", s, bits)
	}
	return Big(int(n), (bits+7)/8), nil
}

// readMAC reads six pairs of hexadecimal digits with - or : between them, or
// the word broadcast.
func readMAC(s string, _ int) ([]byte, error) {
	if s == "broadcast" {
		return Broadcast(), nil
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
	n, err := ParseSize(s)
	const alphabet = "abcdefghijklmnopqrstuvwxyz"
	return []byte(strings.Repeat(alphabet, n/len(alphabet)+1)[:n]), err
}

func ParseSize(s string) (int, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is no number of bytes", s)
	}
	return int(n), nil
}

// Broadcast is the MAC address of all.
func Broadcast() []byte { return bytes.Repeat([]byte{0xff}, 6) }
