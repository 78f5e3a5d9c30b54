package main

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
)

// types are those that have a name.
var types = map[string]uint16{
	"A": typeA, "NS": typeNS, "CNAME": typeCNAME, "SOA": typeSOA, "PTR": typePTR, "MX": typeMX, "TXT": typeTXT, "AAAA": typeAAAA,
}

// parseType reads a type: A, in any case, or TYPE65280.
func parseType(text string) (uint16, error) {
	text = strings.ToUpper(text)
	if typ, ok := types[text]; ok {
		return typ, nil
	}
	digits, ok := strings.CutPrefix(text, "TYPE")
	n, err := strconv.ParseUint(digits, 10, 16)
	if !ok || err != nil {
		return 0, fmt.Errorf("%q is no type", text)
	}
	return uint16(n), nil
}

func typeName(typ uint16) string {
	for name, t := range types {
		if t == typ {
			return name
		}
	}
	return fmt.Sprintf("TYPE%d", typ)
}

// parseName reads a name: labels with dots between them, and one at the end if one
// likes.
func parseName(text string) (name, error) {
	if text == "." {
		return root, nil
	}
	var n []byte
	for label := range strings.SplitSeq(strings.TrimSuffix(text, "."), ".") {
		if label == "" || len(label) > 63 {
			return "", fmt.Errorf("%q is no name: a label has 1 to 63 bytes", text)
		}
		n = append(append(n, byte(len(label))), label...)
	}
	if n = append(n, 0); len(n) > 255 {
		return "", fmt.Errorf("%q is no name: it has 255 bytes at most", text)
	}
	return name(n), nil
}

// String writes a name with a dot behind each label. What could be taken for
// something else stands behind a backslash, what cannot be seen is three digits.
func (n name) String() string {
	if n == root {
		return "."
	}
	var b strings.Builder
	for ; n != root; n = n.parent() {
		for _, c := range []byte(n[1 : 1+n[0]]) {
			escape(&b, c, c <= ' ', `.\`)
		}
		b.WriteByte('.')
	}
	return b.String()
}

// escape writes a byte of a name or text so that a terminal shows it and does nothing
// else.
func escape(b *strings.Builder, c byte, unseen bool, special string) {
	switch {
	case unseen || c < ' ' || c > '~':
		fmt.Fprintf(b, `\%03d`, c)
	case strings.IndexByte(special, c) >= 0:
		b.WriteByte('\\')
		b.WriteByte(c)
	default:
		b.WriteByte(c)
	}
}

// dataText writes a record's data as its type has it; if it has it otherwise, as bytes.
func (r record) dataText() string {
	d := r.data
	switch {
	case r.typ == typeA && len(d) == 4, r.typ == typeAAAA && len(d) == 16:
		addr, _ := netip.AddrFromSlice(d)
		return addr.String()
	case r.typ == typeNS, r.typ == typeCNAME, r.typ == typePTR:
		return name(d).String()
	case r.typ == typeMX:
		return fmt.Sprintf("%d %v", binary.BigEndian.Uint16(d), name(d[2:]))
	case r.typ == typeSOA:
		return soaText(d)
	case r.typ == typeTXT:
		if text, ok := textsText(d); ok {
			return text
		}
	}
	return strings.TrimSpace(fmt.Sprintf(`\# %d %s`, len(d), hex.EncodeToString(d)))
}

// soaText writes two names and five numbers.
func soaText(d []byte) string {
	var words []string
	for range 2 {
		n := name(d)
		size := 1
		for ; n[0] != 0; n = n.parent() {
			size += 1 + int(n[0])
		}
		words, d = append(words, name(d[:size]).String()), d[size:]
	}
	for ; len(d) >= 4; d = d[4:] {
		words = append(words, strconv.FormatUint(uint64(binary.BigEndian.Uint32(d)), 10))
	}
	return strings.Join(words, " ")
}

// textsText writes texts, each of which stands behind its length.
func textsText(d []byte) (string, bool) {
	var words []string
	for len(d) > 0 {
		size := int(d[0])
		if size >= len(d) {
			return "", false
		}
		var b strings.Builder
		for _, c := range d[1 : 1+size] {
			escape(&b, c, false, `"\`)
		}
		words, d = append(words, `"`+b.String()+`"`), d[1+size:]
	}
	return strings.Join(words, " "), words != nil
}

var rcodeNames = []string{"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"}

// printAnswer prints the records of the answer section, whatever the result is, and
// returns the error of an answer that has no record of the type.
func printAnswer(out io.Writer, m *message, typ uint16) error {
	var b bytes.Buffer
	found := false
	for _, r := range m.answer {
		if r.class != classIN {
			continue
		}
		fmt.Fprintf(&b, "%v %d %s %s\n", r.name, r.ttl, typeName(r.typ), r.dataText())
		found = found || r.typ == typ
	}
	if _, err := out.Write(b.Bytes()); err != nil {
		return err
	}
	switch {
	case m.rcode == rcodeOK && found:
		return nil
	case m.rcode == rcodeOK:
		return errors.New("NODATA")
	case int(m.rcode) < len(rcodeNames):
		return errors.New(rcodeNames[m.rcode])
	}
	return fmt.Errorf("RCODE%d", m.rcode)
}
