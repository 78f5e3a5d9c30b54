package dns

import (
	"fmt"
	"strings"

	"wirebook/harness/internal/dns/message"
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
	m, err := message.Parse(b)
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
			q = q.Fold()
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
	return strings.TrimSuffix(text+describeRest(m, kind), ";")
}

// describeRest says what there is beside the question.
func describeRest(m *message.Message, kind string) string {
	var parts []string
	if code := m.Flags.Get("rcode"); code != message.NoError {
		parts = append(parts, message.BitNamed("rcode").Show(code))
	}
	if op := m.Flags.Get("opcode"); op != 0 {
		parts = append(parts, fmt.Sprintf("opcode %d", op))
	}
	for _, name := range []string{"aa", "tc"} {
		if m.Flags.Get(name) == 1 {
			parts = append(parts, name)
		}
	}
	if kind == question && m.Flags.Get("rd") == 1 {
		parts = append(parts, "rd")
	}
	for i, section := range []string{"", "authority ", "additional "} {
		for _, r := range m.Sections[i] {
			if r.Type == message.TypeOPT {
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
	header, err := message.ReadHeader(b)
	if err != nil {
		return Describe(b)
	}
	code := header.Flags.Get("rcode")
	result := message.BitNamed("rcode").Show(code)
	if code == message.FormErr || code == message.NotImp {
		return fmt.Sprintf("%d %s", header.ID, result)
	}
	m, err := message.Parse(b)
	if err != nil || len(m.Questions) != 1 {
		return fmt.Sprintf("%d %s", header.ID, Describe(b))
	}
	text := fmt.Sprintf("%d %s: %s", header.ID, m.Questions[0], result)
	if m.Flags.Get("tc") == 1 {
		return text + " tc"
	}
	records := m.Sections[message.Answer]
	aliases, asked := 0, m.Questions[0].Type
	for aliases < len(records) && records[aliases].Type == message.TypeCNAME && asked != message.TypeCNAME {
		aliases++
	}
	text += " " + showRecords(records, aliases)
	if aliases < len(records) {
		return text
	}
	for _, r := range m.Sections[message.Authority] {
		if r.Type == message.TypeSOA {
			text += "; " + showRecords([]message.Record{r}, 0)
		}
	}
	return text
}
