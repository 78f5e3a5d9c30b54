package message

import (
	"fmt"
	"strconv"
	"strings"
)

// A Name is a domain name as it is sent where nothing is compressed (RFC 1035 section
// 3.1): each label behind its length, and at the end the root, whose length is 0.
type Name string

// Root is the name without a label.
const Root Name = "\x00"

// Parent returns the name without its first label, which Root does not have.
func (n Name) Parent() Name { return n[1+int(n[0]):] }

// Fold returns the name in small letters. Two names are the same if they are so in
// small letters; only those of ASCII count (RFC 4343). A length is none, not even that of
// a label of 65 bytes, which text can write, to be sent to programs.
func (n Name) Fold() Name {
	b := []byte(n)
	length := 0 // the place of the next length
	for i, c := range b {
		switch {
		case i == length:
			length += 1 + int(c)
		case 'A' <= c && c <= 'Z':
			b[i] = c + 'a' - 'A'
		}
	}
	return Name(b)
}

// In reports whether the name is zone or below it.
func (n Name) In(zone Name) bool {
	n, zone = n.Fold(), zone.Fold()
	for n != zone && n != Root {
		n = n.Parent()
	}
	return n == zone
}

// String writes the name as text: labels with dots between them; in a label, a
// backslash stands before a dot, a backslash, an @ at its beginning and an & that is
// alone, and what cannot be seen is \DDD.
func (n Name) String() string {
	if n == Root {
		return "."
	}
	var parts []string
	for ; n != Root; n = n.Parent() {
		parts = append(parts, showLabel(string(n[1:1+int(n[0])])))
	}
	return strings.Join(parts, ".")
}

func showLabel(label string) string {
	text := escape(label, `.\`, '!')
	if label[0] == '@' || label == "&" {
		return `\` + text
	}
	return text
}

// escape writes a backslash in front of special bytes, and \DDD in the place of those
// below least and above ASCII.
func escape(text, special string, least byte) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case strings.IndexByte(special, c) >= 0:
			b.Write([]byte{'\\', c})
		case c < least || c >= 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// parseName reads a name as [Name.String] writes it, with or without a dot at its end.
// A byte that is written as it is means itself. A last label @N is a pointer to byte N
// of the message, @+N and @-N one to N bytes behind and before the pointer itself;
// pointer is what stands behind the @, and "" if there is none.
func parseName(text string) (name Name, pointer string, err error) {
	if text == "." {
		return Root, "", nil
	}
	var labels []byte
	for rest := text; rest != ""; {
		var raw string
		if raw, rest, _ = cutPlain(rest, '.'); raw == "" {
			return "", "", fmt.Errorf("%q has a label without a byte", text)
		}
		if place, ok := strings.CutPrefix(raw, "@"); ok {
			if _, err := strconv.Atoi(place); err != nil || rest != "" {
				return "", "", fmt.Errorf("%q: a pointer is @N, @+N or @-N, and the name's end", text)
			}
			pointer = place
			break
		}
		label, err := unescape(raw)
		if err != nil {
			return "", "", fmt.Errorf("%q: %w", text, err)
		}
		if len(label) > 255 {
			return "", "", fmt.Errorf("%q has a label of %d bytes, whose length is no byte", text, len(label))
		}
		labels = append(append(labels, byte(len(label))), label...)
	}
	return Name(labels) + Root, pointer, nil
}

// cutPlain is [strings.Cut] at the first c that has no backslash in front of it.
func cutPlain(text string, c byte) (before, after string, found bool) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case c:
			return text[:i], text[i+1:], true
		}
	}
	return text, "", false
}

// unescape reads what stands behind backslashes.
func unescape(raw string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			b.WriteByte(raw[i])
			continue
		}
		rest := raw[i+1:]
		switch {
		case rest == "":
			return "", fmt.Errorf(`%q ends in a backslash; \\ is one`, raw)
		case rest[0] < '0' || rest[0] > '9':
			b.WriteByte(rest[0])
			i++
		default:
			n, err := strconv.ParseUint(rest[:min(3, len(rest))], 10, 8)
			if err != nil || len(rest) < 3 {
				return "", fmt.Errorf(`%q: behind a backslash stand three decimal digits, 255 at most`, raw)
			}
			b.WriteByte(byte(n))
			i += 3
		}
	}
	return b.String(), nil
}
