package dns

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// A Record is what is known of a name.
type Record struct {
	Name        Name
	Type, Class uint16
	TTL         uint32
	Data        []byte // with the names in it complete
}

// A kind is a type of records, and of what its data consists, an item each.
type kind struct {
	name   string
	number uint16
	data   []item
}

// kinds is the table of types. Data of others is bytes.
var kinds = []kind{
	{"A", typeA, []item{ipv4}},
	{"NS", typeNS, []item{domain}},
	{"CNAME", typeCNAME, []item{domain}},
	{"SOA", typeSOA, []item{domain, domain, number32, number32, number32, number32, number32}},
	{"PTR", 12, []item{domain}},
	{"MX", 15, []item{number16, domain}},
	{"TXT", typeTXT, []item{texts}},
	{"AAAA", typeAAAA, []item{ipv6}},
	{"OPT", typeOPT, nil},
	{"ANY", 255, nil},
}

const (
	typeA     = 1
	typeNS    = 2
	typeCNAME = 5
	typeSOA   = 6
	typeTXT   = 16
	typeAAAA  = 28
	typeOPT   = 41
	classIN   = 1
)

func kindOf(number uint16) kind {
	for _, k := range kinds {
		if k.number == number {
			return k
		}
	}
	return kind{name: fmt.Sprintf("TYPE%d", number), number: number}
}

func parseType(text string) (uint16, error) {
	for _, k := range kinds {
		if k.name == text {
			return k.number, nil
		}
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(text, "TYPE"), 10, 16)
	if err != nil || !strings.HasPrefix(text, "TYPE") {
		return 0, fmt.Errorf("%q is no type; write A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, OPT, ANY or TYPE65280", text)
	}
	return uint16(n), nil
}

// className writes a class, parseClass reads one.
func className(class uint16) string {
	if class == classIN {
		return "IN"
	}
	return fmt.Sprintf("CLASS%d", class)
}

func parseClass(text string) (class uint16, ok bool) {
	if text == "IN" {
		return classIN, true
	}
	digits, ok := strings.CutPrefix(text, "CLASS")
	n, err := strconv.ParseUint(digits, 10, 16)
	return uint16(n), ok && err == nil
}

// An item is a part of a record's data: how it is read from a message, shown, and
// written from a word of a scenario.
type item struct {
	// read returns the item that begins at a place of the message, complete, and
	// the place behind it. The data ends at end.
	read func(message []byte, at, end int) (data []byte, next int, err error)
	// show returns the text of the item that complete data begins with, and the
	// data behind it.
	show func(data []byte) (text string, rest []byte)
	// write appends what a word says.
	write func(w *writer, word string) error
	// domain tells that it is a name.
	domain bool
}

var (
	domain   = item{readDomain, showDomain, writeDomain, true}
	number16 = item{readBytes(2), func(b []byte) (string, []byte) { return fmt.Sprint(binary.BigEndian.Uint16(b)), b[2:] }, writeNumber(16), false}
	number32 = item{readBytes(4), func(b []byte) (string, []byte) { return fmt.Sprint(binary.BigEndian.Uint32(b)), b[4:] }, writeNumber(32), false}
	ipv4     = item{readBytes(4), func(b []byte) (string, []byte) { return netip.AddrFrom4([4]byte(b)).String(), b[4:] }, writeAddress(4), false}
	ipv6     = item{readBytes(16), func(b []byte) (string, []byte) { return netip.AddrFrom16([16]byte(b)).String(), b[16:] }, writeAddress(16), false}
	texts    = item{readTexts, showTexts, writeText, false}
)

func readDomain(message []byte, at, end int) ([]byte, int, error) {
	name, next, err := readName(message[:end], at)
	return []byte(name), next, err
}

func showDomain(data []byte) (string, []byte) {
	name := firstName(data)
	return name.String(), data[len(name):]
}

// firstName is the name that complete data begins with.
func firstName(data []byte) Name {
	n := 0
	for data[n] != 0 {
		n += 1 + int(data[n])
	}
	return Name(data[:n+1])
}

func writeDomain(w *writer, word string) error {
	s, err := parseName(word)
	if err == nil {
		w.name(s)
	}
	return err
}

func readBytes(size int) func([]byte, int, int) ([]byte, int, error) {
	return func(message []byte, at, end int) ([]byte, int, error) {
		if at+size > end {
			return nil, 0, fmt.Errorf("byte %d: the data should have %d bytes more", end, at+size-end)
		}
		return message[at : at+size], at + size, nil
	}
}

func writeNumber(bits int) func(*writer, string) error {
	return func(w *writer, word string) error {
		n, err := strconv.ParseUint(word, 10, bits)
		if err != nil {
			return fmt.Errorf("%q is no number of %d bits", word, bits)
		}
		for shift := bits - 8; shift >= 0; shift -= 8 {
			w.b = append(w.b, byte(n>>shift))
		}
		return nil
	}
}

func writeAddress(size int) func(*writer, string) error {
	return func(w *writer, word string) error {
		a, err := netip.ParseAddr(word)
		if err != nil || len(a.AsSlice()) != size {
			return fmt.Errorf("%q is no address of %d bytes", word, size)
		}
		w.b = append(w.b, a.AsSlice()...)
		return nil
	}
}

func readTexts(message []byte, at, end int) ([]byte, int, error) {
	for i := at; i < end; i += 1 + int(message[i]) {
		if i+1+int(message[i]) > end {
			return nil, 0, fmt.Errorf("byte %d: a text of %d bytes does not fit into the data", i, message[i])
		}
	}
	return message[at:end], end, nil
}

func showTexts(data []byte) (string, []byte) {
	var parts []string
	for len(data) > 0 {
		size := int(data[0])
		parts = append(parts, quote(data[1:1+size]))
		data = data[1+size:]
	}
	return strings.Join(parts, " "), nil
}

func quote(text []byte) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func writeText(w *writer, word string) error {
	inner, ok := strings.CutPrefix(word, `"`)
	inner, end := strings.CutSuffix(inner, `"`)
	if !ok || !end {
		return fmt.Errorf(`%q is no text; write it in double quotes`, word)
	}
	text, err := unescape(inner)
	if err == nil && len(text) > 255 {
		err = fmt.Errorf("a text of %d bytes, whose length is no byte", len(text))
	}
	if err == nil {
		w.b = append(append(w.b, byte(len(text))), text...)
	}
	return err
}

// opaque reports whether data of a size is bytes and nothing else: of a type that is not
// known, and for an address that is none.
func (k kind) opaque(size int) bool {
	return k.data == nil || k.name == "A" && size != 4 || k.name == "AAAA" && size != 16
}

// readData returns the data that lies at from to end of a message, complete.
func readData(message []byte, number uint16, from, end int) (data []byte, err error) {
	k := kindOf(number)
	if k.opaque(end - from) {
		return message[from:end:end], nil
	}
	at := from
	for _, i := range k.data {
		part, next, err := i.read(message, at, end)
		if err != nil {
			return nil, err
		}
		data, at = append(data, part...), next
	}
	if at != end {
		return nil, fmt.Errorf("byte %d: %d bytes are too many for the data of a %s record", at, end-at, k.name)
	}
	return data, nil
}

// showData writes a record's data as scenarios do.
func (r Record) showData() string {
	k := kindOf(r.Type)
	if k.opaque(len(r.Data)) {
		return strings.TrimSpace(fmt.Sprintf(`\# %d %s`, len(r.Data), hex.EncodeToString(r.Data)))
	}
	var words []string
	rest := r.Data
	for _, i := range k.data {
		var word string
		word, rest = i.show(rest)
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// String writes the record as scenarios do: NAME TTL TYPE DATA, with the class in
// front of the type where it is not IN.
func (r Record) String() string { return r.Name.String() + " " + fmt.Sprint(r.TTL) + " " + r.tail() }

func (r Record) tail() string {
	class := ""
	if r.Class != classIN {
		class = className(r.Class) + " "
	}
	return strings.TrimSpace(class + kindOf(r.Type).name + " " + r.showData())
}

// A line is a record as a scenario writes it.
type line struct {
	owner       spelling
	ttls        []string // one, or several of which each is right; "*" is any
	class, kind uint16
	data        []string // words
}

// parseLine reads NAME TTL [CLASS] TYPE DATA. What stands in double quotes is a word.
func parseLine(text string) (l line, err error) {
	words, err := splitWords(text)
	if err != nil {
		return l, err
	}
	if len(words) < 3 {
		return l, fmt.Errorf("%q is no record; write: www.example.test 300 A 192.0.2.1", text)
	}
	if l.owner, err = parseName(words[0]); err != nil {
		return l, err
	}
	l.ttls, l.class = strings.Split(words[1], "|"), classIN
	for _, ttl := range l.ttls {
		if _, err := strconv.ParseUint(ttl, 10, 32); err != nil && ttl != "*" {
			return l, fmt.Errorf("%q: %q is no TTL", text, ttl)
		}
	}
	words = words[2:]
	if class, ok := parseClass(words[0]); ok {
		l.class, words = class, words[1:]
	}
	if len(words) == 0 {
		return l, fmt.Errorf("%q has no type", text)
	}
	if l.kind, err = parseType(words[0]); err != nil {
		return l, fmt.Errorf("%q: %w", text, err)
	}
	l.data = words[1:]
	if l.kind == typeSOA && len(l.data) == 1 { // MINIMUM alone
		zone := l.owner.name().String()
		if l.owner.pointer != "" || zone == "." {
			zone = "test"
		}
		l.data = []string{"ns." + zone, "host." + zone, "1", "3600", "600", "86400", l.data[0]}
	}
	var w writer
	if err := l.writeData(&w); err != nil {
		return l, fmt.Errorf("%q: %w", text, err)
	}
	return l, nil
}

// splitWords splits a text at blanks outside of double quotes.
func splitWords(text string) (words []string, err error) {
	for rest := strings.TrimLeft(text, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		end := strings.IndexByte(rest, ' ')
		if rest[0] == '"' {
			if end = closingQuote(rest); end < 0 {
				return nil, fmt.Errorf("%q: a quote has no end", text)
			}
		}
		if end < 0 {
			end = len(rest)
		}
		words, rest = append(words, rest[:end]), rest[end:]
	}
	return words, nil
}

// closingQuote is the place behind the quote that ends the one that text begins with;
// -1 if there is none.
func closingQuote(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// write appends the record.
func (l line) write(w *writer) error {
	w.name(l.owner)
	w.number(l.kind)
	w.number(l.class)
	ttl, err := strconv.ParseUint(l.ttls[0], 10, 32)
	if err != nil || len(l.ttls) > 1 {
		return fmt.Errorf("%q can be expected only, and not sent", strings.Join(l.ttls, "|"))
	}
	w.b = binary.BigEndian.AppendUint32(w.b, uint32(ttl))
	size := len(w.b)
	w.number(0)
	if err := l.writeData(w); err != nil {
		return err
	}
	binary.BigEndian.PutUint16(w.b[size:], uint16(len(w.b)-size-2))
	return nil
}

func (l line) writeData(w *writer) error {
	if len(l.data) > 0 && l.data[0] == `\#` {
		return l.writeBytes(w)
	}
	items := kindOf(l.kind).data
	if items == nil && len(l.data) > 0 {
		return errors.New(`data of this type is written \# SIZE HEX`)
	}
	if l.kind == typeTXT { // any number of texts
		items = slices.Repeat(items, len(l.data))
	}
	if len(items) != len(l.data) {
		return fmt.Errorf("the data has %d words, want %d", len(l.data), len(items))
	}
	for i, word := range l.data {
		if err := items[i].write(w, word); err != nil {
			return err
		}
	}
	return nil
}

// writeBytes appends data written \# SIZE HEX.
func (l line) writeBytes(w *writer) error {
	b, err := hex.DecodeString(strings.Join(l.data[min(2, len(l.data)):], ""))
	if err != nil || len(l.data) < 2 || l.data[1] != fmt.Sprint(len(b)) {
		return fmt.Errorf(`%q: data in hexadecimal is written \# SIZE HEX`, strings.Join(l.data, " "))
	}
	w.b = append(w.b, b...)
	return nil
}

// record is the record that the line means, with its first TTL.
func (l line) record() Record {
	w := writer{plain: true}
	if err := l.writeData(&w); err != nil {
		panic(err) // parseLine has tried
	}
	ttl, _ := strconv.ParseUint(l.ttls[0], 10, 32)
	return Record{Name: l.owner.name(), Type: l.kind, Class: l.class, TTL: uint32(ttl), Data: w.b}
}
