package dns

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// Describe says in one line what a message is, but for its id:
//
//	www.example.test A?
//	www.example.test A: www.example.test 300 A 192.0.2.1
//	gone.test A: NXDOMAIN; authority test 60 SOA ns.test host.test 1 3600 600 86400 30
//	malformed answer of 40 bytes: byte 29: a pointer to byte 29, which is no earlier place
func Describe(b []byte) string { return describe(b, false) }

// DescribeFolded is Describe with names in small letters: a program that asks may mix
// their case as it likes.
func DescribeFolded(b []byte) string { return describe(b, true) }

func describe(b []byte, fold bool) string {
	m, err := Parse(b)
	kind := question
	if len(b) > 2 && b[2]&0x80 != 0 {
		kind = reply
	}
	if err != nil {
		return fmt.Sprintf("malformed %s of %d bytes: %v", kind, len(b), err)
	}
	var asked []string
	for _, q := range m.Questions {
		if fold {
			q = q.folded()
		}
		asked = append(asked, q.String())
	}
	text := strings.Join(asked, " and ")
	if asked == nil {
		text = "no question"
	}
	if kind == question {
		text += "?"
	} else {
		text += ":"
	}
	return strings.TrimSuffix(text+m.describeRest(kind), ";")
}

// describeRest says what there is beside the question.
func (m *Message) describeRest(kind string) string {
	var parts []string
	if code := part(m.Flags, "rcode"); code != 0 {
		parts = append(parts, rcodeName(code))
	}
	if op := part(m.Flags, "opcode"); op != 0 {
		parts = append(parts, fmt.Sprintf("opcode %d", op))
	}
	for _, name := range []string{"aa", "tc"} {
		if part(m.Flags, name) == 1 {
			parts = append(parts, name)
		}
	}
	if kind == question && part(m.Flags, "rd") == 1 {
		parts = append(parts, "rd")
	}
	for i, section := range []string{"", "authority ", "additional "} {
		for _, r := range m.Sections[i] {
			if r.Type == typeOPT {
				parts = append(parts, fmt.Sprintf("OPT %d", r.Class))
				continue
			}
			parts = append(parts, section+r.String())
		}
	}
	if len(parts) == 0 && kind == reply {
		parts = []string{"no data"}
	}
	if len(parts) == 0 {
		return ""
	}
	return " " + strings.Join(parts, "; ")
}

// Essence says in one line what a lesson fixes of an answer, so that two correct
// programs say the same: names in small letters, what may come in any order sorted, and
// of the authority section the SOA of an answer without the records asked for.
func Essence(b []byte) string {
	if len(b) < headerSize {
		return Describe(b)
	}
	id, code := binary.BigEndian.Uint16(b), part(binary.BigEndian.Uint16(b[2:]), "rcode")
	if code == formErr || code == notImp {
		return fmt.Sprintf("%d %s", id, rcodeName(code))
	}
	m, err := Parse(b)
	if err != nil || len(m.Questions) != 1 {
		return fmt.Sprintf("%d %s", id, Describe(b))
	}
	text := fmt.Sprintf("%d %s: %s", id, m.Questions[0], rcodeName(code))
	if part(m.Flags, "tc") == 1 {
		return text + " tc"
	}
	records := m.Sections[answer]
	aliases, asked := 0, m.Questions[0].Type
	for aliases < len(records) && records[aliases].Type == typeCNAME && asked != typeCNAME {
		aliases++
	}
	text += " " + showRecords(records, aliases)
	if aliases < len(records) {
		return text
	}
	for _, r := range m.Sections[authority] {
		if r.Type == typeSOA {
			text += "; " + showRecords([]Record{r}, 0)
		}
	}
	return text
}

func parseHex(s string) ([]byte, error) {
	b, err := hex.DecodeString(s)
	if err == nil && len(b) == 0 {
		err = fmt.Errorf("no bytes")
	}
	return b, err
}
