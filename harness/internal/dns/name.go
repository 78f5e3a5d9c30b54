package dns

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Name is a domain name as it is sent where nothing is compressed: each label behind
// its length, and at the end the root, whose length is 0.
type Name string

// Root is the name without a label.
const Root Name = "\x00"

// named makes a name of labels.
func named(labels []string) Name {
	var b strings.Builder
	for _, label := range labels {
		b.WriteByte(byte(len(label)))
		b.WriteString(label)
	}
	b.WriteByte(0)
	return Name(b.String())
}

// labels are the name's, the topmost last.
func (n Name) labels() (all []string) {
	for n != Root {
		size := int(n[0])
		all = append(all, string(n[1:1+size]))
		n = n[1+size:]
	}
	return all
}

// Fold returns the name in small letters. Two names are the same if they are so in
// small letters; only those of ASCII count (RFC 4343). No length is a letter.
func (n Name) Fold() Name {
	b := []byte(n)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return Name(b)
}

// in reports whether the name is zone or below it.
func (n Name) in(zone Name) bool {
	ours, theirs := n.Fold().labels(), zone.Fold().labels()
	return len(ours) >= len(theirs) && slices.Equal(ours[len(ours)-len(theirs):], theirs)
}

// String writes the name as scenarios do: labels with dots between them; in a label,
// a backslash stands before a dot, a backslash and an @ at its beginning, and what
// cannot be seen is \DDD.
func (n Name) String() string {
	if n == Root {
		return "."
	}
	var parts []string
	for _, label := range n.labels() {
		parts = append(parts, showLabel(label))
	}
	return strings.Join(parts, ".")
}

func showLabel(label string) string {
	var b strings.Builder
	for i := range len(label) {
		switch c := label[i]; {
		case c == '.' || c == '\\' || c == '@' && i == 0 || c == '&' && len(label) == 1:
			b.WriteString(`\` + string(rune(c)))
		case c <= ' ' || c >= 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// A spelling is a name as a scenario writes it, which may end in a pointer.
type spelling struct {
	labels  []string
	pointer string // what stands behind the @; "" for none
}

// name is the whole name; pointers are left out.
func (s spelling) name() Name { return named(s.labels) }

// parseName reads a name as [Name.String] writes it, with or without a dot at its end.
// A byte that is written as it is means itself. A last label @N is a pointer to byte N
// of the message, @+N and @-N one to N bytes behind and before the pointer itself.
func parseName(text string) (spelling, error) {
	var s spelling
	if text == "." {
		return s, nil
	}
	for rest := text; rest != ""; {
		raw, size := cutLabel(rest)
		if rest = rest[size:]; raw == "" {
			return s, fmt.Errorf("%q has a label without a byte", text)
		}
		if place, ok := strings.CutPrefix(raw, "@"); ok {
			if _, err := strconv.Atoi(place); err != nil || rest != "" {
				return s, fmt.Errorf("%q: a pointer is @N, @+N or @-N, and the name's end", text)
			}
			s.pointer = place
			return s, nil
		}
		label, err := unescape(raw)
		if err != nil {
			return s, fmt.Errorf("%q: %w", text, err)
		}
		if len(label) > 255 {
			return s, fmt.Errorf("%q has a label of %d bytes, whose length is no byte", text, len(label))
		}
		s.labels = append(s.labels, label)
	}
	return s, nil
}

// cutLabel returns the label that text begins with, as it is written, and how much of
// text it takes with the dot behind it.
func cutLabel(text string) (raw string, size int) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '.':
			return text[:i], i + 1
		}
	}
	return text, len(text)
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
