package message

import (
	"fmt"
	"strconv"
	"strings"
)

// A Record is what is known of a name (RFC 1035 section 3.2.1).
type Record struct {
	Name        Name
	Type, Class uint16
	TTL         uint32 // in seconds
	Data        []byte // with the names in it complete
}

// The types of which more is known here than that they are a row of the table: AAAA is
// of RFC 3596, OPT of RFC 6891.
const (
	TypeA     = 1
	TypeNS    = 2
	TypeCNAME = 5
	TypeSOA   = 6
	TypeTXT   = 16
	TypeAAAA  = 28
	TypeOPT   = 41

	classIN = 1
)

// String writes the record as text: NAME TTL TYPE DATA, with the class in front of the
// type where it is not IN.
func (r Record) String() string { return r.with(fmt.Sprint(r.TTL)) }

// with is String with this for the TTL.
func (r Record) with(ttl string) string {
	k := kindOf(r.Type)
	return r.Name.String() + " " + ttl + " " + strings.TrimSpace(className(r.Class)+" "+k.name+" "+k.show(r.Data))
}

// Fold returns the record with names in small letters, those in its data, too.
func (r Record) Fold() Record {
	r.Name, r.Data = r.Name.Fold(), kindOf(r.Type).fold(r.Data)
	return r
}

func parseType(text string) (uint16, error) {
	for _, k := range kinds {
		if k.name == text {
			return k.number, nil
		}
	}
	if n, ok := cutNumber(text, "TYPE"); ok {
		return n, nil
	}
	return 0, fmt.Errorf("%q is no type; write A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, OPT, ANY or TYPE65280", text)
}

// className writes a class, but not IN, which need not be written.
func className(class uint16) string {
	if class == classIN {
		return ""
	}
	return fmt.Sprintf("CLASS%d", class)
}

func parseClass(text string) (class uint16, ok bool) {
	if text == "IN" {
		return classIN, true
	}
	return cutNumber(text, "CLASS")
}

// cutNumber reads a number behind a prefix, as types and classes without a name are
// written (RFC 3597).
func cutNumber(text, prefix string) (number uint16, ok bool) {
	digits, ok := strings.CutPrefix(text, prefix)
	n, err := strconv.ParseUint(digits, 10, 16)
	return uint16(n), ok && err == nil
}
