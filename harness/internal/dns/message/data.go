package message

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// A kind is a type of records, and of what its data consists, an item each.
type kind struct {
	name   string
	number uint16
	data   []item
}

// kinds is the table of types. Data of others is bytes.
var kinds = []kind{
	{"A", TypeA, []item{ipv4}},
	{"NS", TypeNS, []item{domain}},
	{"CNAME", TypeCNAME, []item{domain}},
	{"SOA", TypeSOA, []item{domain, domain, number32, number32, number32, number32, number32}},
	{"PTR", 12, []item{domain}},
	{"MX", 15, []item{number16, domain}},
	{"TXT", TypeTXT, []item{texts}},
	{"AAAA", TypeAAAA, []item{ipv6}},
	{"OPT", TypeOPT, nil},
	{"ANY", 255, nil},
}

func kindOf(number uint16) kind {
	for _, k := range kinds {
		if k.number == number {
			return k
		}
	}
	return kind{name: fmt.Sprintf("TYPE%d", number), number: number}
}

// opaque reports whether data of a size is bytes and nothing else: of a type that is not
// known, and for an address that is none.
func (k kind) opaque(size int) bool {
	return k.data == nil || k.name == "A" && size != 4 || k.name == "AAAA" && size != 16
}

// read returns the data that lies at from to end of a message, complete.
func (k kind) read(message []byte, from, end int) (data []byte, err error) {
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

// show writes complete data as text.
func (k kind) show(data []byte) string {
	if k.opaque(len(data)) {
		return strings.TrimSpace(fmt.Sprintf(`\# %d %s`, len(data), hex.EncodeToString(data)))
	}
	var words []string
	for _, i := range k.data {
		var word string
		word, data = i.show(data)
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// fold returns complete data with the names in it in small letters.
func (k kind) fold(data []byte) (folded []byte) {
	if k.opaque(len(data)) {
		return data
	}
	for _, i := range k.data {
		_, rest := i.show(data)
		part := data[:len(data)-len(rest)]
		if i.domain {
			part = []byte(Name(part).Fold())
		}
		folded, data = append(folded, part...), rest
	}
	return folded
}

// write appends what words say.
func (k kind) write(w *writer, words []string) error {
	if len(words) > 0 && words[0] == `\#` {
		return writeHex(w, words)
	}
	items := k.data
	if items == nil && len(words) > 0 {
		return errors.New(`data of this type is written \# SIZE HEX`)
	}
	if k.number == TypeTXT { // any number of texts
		items = slices.Repeat(items, len(words))
	}
	if len(items) != len(words) {
		return fmt.Errorf("the data has %d words, want %d", len(words), len(items))
	}
	for i, word := range words {
		if err := items[i].write(w, word); err != nil {
			return err
		}
	}
	return nil
}

// writeHex appends data written \# SIZE HEX.
func writeHex(w *writer, words []string) error {
	b, err := hex.DecodeString(strings.Join(words[min(2, len(words)):], ""))
	if err != nil || len(words) < 2 || words[1] != fmt.Sprint(len(b)) {
		return fmt.Errorf(`%q: data in hexadecimal is written \# SIZE HEX`, strings.Join(words, " "))
	}
	w.b = append(w.b, b...)
	return nil
}

// An item is a part of a record's data: how it is read from a message, shown, and
// written from a word of text.
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
	number16 = number(2)
	number32 = number(4)
	ipv4     = address(4)
	ipv6     = address(16)
	texts    = item{readTexts, showTexts, writeText, false}
)

func readDomain(message []byte, at, end int) ([]byte, int, error) {
	name, next, err := readName(message[:end], at)
	return []byte(name), next, err
}

func showDomain(data []byte) (string, []byte) {
	n := 0
	for data[n] != 0 {
		n += 1 + int(data[n])
	}
	return Name(data[:n+1]).String(), data[n+1:]
}

func writeDomain(w *writer, word string) error {
	name, pointer, err := parseName(word)
	if err == nil {
		w.name(name, pointer)
	}
	return err
}

// number is a number of so many bytes.
func number(size int) item {
	show := func(data []byte) (string, []byte) {
		n := uint64(0)
		for _, b := range data[:size] {
			n = n<<8 | uint64(b)
		}
		return fmt.Sprint(n), data[size:]
	}
	write := func(w *writer, word string) error {
		n, err := strconv.ParseUint(word, 10, 8*size)
		if err != nil {
			return fmt.Errorf("%q is no number of %d bits", word, 8*size)
		}
		for i := range size {
			w.b = append(w.b, byte(n>>(8*(size-1-i))))
		}
		return nil
	}
	return item{readBytes(size), show, write, false}
}

// address is an IP address of so many bytes.
func address(size int) item {
	show := func(data []byte) (string, []byte) {
		a, _ := netip.AddrFromSlice(data[:size])
		return a.String(), data[size:]
	}
	write := func(w *writer, word string) error {
		a, err := netip.ParseAddr(word)
		if err != nil || len(a.AsSlice()) != size {
			return fmt.Errorf("%q is no address of %d bytes", word, size)
		}
		w.b = append(w.b, a.AsSlice()...)
		return nil
	}
	return item{readBytes(size), show, write, false}
}

func readBytes(size int) func([]byte, int, int) ([]byte, int, error) {
	return func(message []byte, at, end int) ([]byte, int, error) {
		if at+size > end {
			return nil, 0, fmt.Errorf("byte %d: the data should have %d bytes more", end, at+size-end)
		}
		return message[at : at+size], at + size, nil
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
		parts = append(parts, `"`+escape(string(data[1:1+size]), `"\`, ' ')+`"`)
		data = data[1+size:]
	}
	return strings.Join(parts, " "), nil
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
