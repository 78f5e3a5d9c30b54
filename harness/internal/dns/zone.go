package dns

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/dns/message"
)

// A Zone is what a name server knows: the records of its zone, and the addresses of
// the servers of zones below.
type Zone struct {
	top     message.Name
	soa     message.SpelledRecord
	records []message.SpelledRecord
}

// ParseZone reads records, one a line, the SOA of the zone first. A line that is empty
// or begins with # means nothing; {1..20} in a line makes twenty of it.
//
// A name *.NAME stands for every name below that has no records of its own. A label &
// in data stands for the whole name that is asked for, so that
//
//	*.loop.test 60 CNAME x.&
//
// leads each name to another one, an answer for each.
func ParseZone(text string) (*Zone, error) {
	z := &Zone{}
	for row := range strings.Lines(text) {
		row = strings.TrimSpace(row)
		if row == "" || row[0] == '#' {
			continue
		}
		for _, text := range expand(row) {
			r, err := message.ParseRecord(text)
			if err != nil {
				return nil, fmt.Errorf("zone: %w", err)
			}
			z.records = append(z.records, r)
		}
	}
	if z.records == nil || z.records[0].Type != message.TypeSOA {
		return nil, errors.New("zone: the first record must be the zone's SOA")
	}
	z.top, z.soa = z.records[0].Name, z.records[0]
	return z, nil
}

// Answer returns the answer to a question, as the zone's own server gives it: aliases,
// the records, a referral, no such name, or no data. To what is no question there is none.
func (z *Zone) Answer(asked []byte) []byte {
	m, err := message.Parse(asked)
	if err != nil || len(m.Questions) != 1 || m.Flags.Get("qr") == 1 {
		return nil
	}
	d, err := message.AnswerTo(asked)
	if err != nil {
		return nil
	}
	z.fill(d, m.Questions[0])
	b, err := d.Bytes()
	if err != nil {
		return nil
	}
	return b
}

// fill puts into an answer what the zone knows: it follows aliases as long as they lead
// to names of the zone that stand in it. One from a name *.NAME is not followed.
func (z *Zone) fill(d *message.Draft, q message.Question) {
	if !q.Name.In(z.top) {
		d.Flags.Set("rcode", message.Refused)
		return
	}
	const mostAliases = 16
	for name := q.Name; name.In(z.top) && len(d.Sections[message.Answer]) < mostAliases; {
		if cut := z.cut(name); cut != nil {
			z.refer(d, cut)
			return
		}
		d.Flags.Set("aa", 1)
		here, exists, wild := z.at(name)
		alias := slices.IndexFunc(here, func(r message.SpelledRecord) bool { return r.Type == message.TypeCNAME && q.Type != message.TypeCNAME })
		if alias < 0 {
			here = slices.DeleteFunc(here, func(r message.SpelledRecord) bool { return r.Type != q.Type })
			z.end(d, here, exists)
			return
		}
		d.Sections[message.Answer] = append(d.Sections[message.Answer], here[alias])
		if name = here[alias].Target(); wild {
			return
		}
	}
}

// refer says who speaks for a zone below.
func (z *Zone) refer(d *message.Draft, cut []message.SpelledRecord) {
	d.Sections[message.Authority] = cut
	for _, ns := range cut {
		d.Sections[message.Additional] = append(d.Sections[message.Additional], z.addresses(ns.Target())...)
	}
}

// end adds the records asked for, or says that there are none.
func (z *Zone) end(d *message.Draft, records []message.SpelledRecord, exists bool) {
	d.Sections[message.Answer] = append(d.Sections[message.Answer], records...)
	if len(records) > 0 {
		return
	}
	d.Sections[message.Authority] = []message.SpelledRecord{z.soa}
	if !exists {
		d.Flags.Set("rcode", message.NXDomain)
	}
}

// cut is the NS records of the topmost zone below z that has the name.
func (z *Zone) cut(name message.Name) (found []message.SpelledRecord) {
	for _, r := range z.records {
		if r.Type != message.TypeNS || r.Name.Fold() == z.top.Fold() || !name.In(r.Name) {
			continue
		}
		switch { // of two names above one, the shorter is above the longer
		case found == nil || len(r.Name) < len(found[0].Name):
			found = []message.SpelledRecord{r}
		case len(r.Name) == len(found[0].Name):
			found = append(found, r)
		}
	}
	return found
}

func (z *Zone) addresses(name message.Name) (found []message.SpelledRecord) {
	for _, r := range z.records {
		if r.Name.Fold() == name.Fold() && (r.Type == message.TypeA || r.Type == message.TypeAAAA) {
			found = append(found, r)
		}
	}
	return found
}

// star is the label with which a name *.NAME begins.
const star = "\x01*"

// at is the records of a name, whether it exists, as a name above one that has records
// does, and whether they are those of *.NAME.
func (z *Zone) at(name message.Name) (found []message.SpelledRecord, exists, isWild bool) {
	var wild []message.SpelledRecord
	for _, r := range z.records {
		if r.Name.In(name) {
			exists = true
		}
		if r.Name.Fold() == name.Fold() {
			found = append(found, r)
		}
		if strings.HasPrefix(string(r.Name), star) && name.In(r.Name.Parent()) && name.Fold() != r.Name.Parent().Fold() {
			wild = append(wild, copyFor(r, name))
		}
	}
	if !exists && wild != nil {
		return wild, true, true
	}
	return found, exists, false
}

// copyFor is a record of *.NAME for a name below.
func copyFor(r message.SpelledRecord, name message.Name) message.SpelledRecord {
	r.Name = name
	r.Data = slices.Clone(r.Data)
	for i, word := range r.Data {
		if before, ok := strings.CutSuffix(word, "&"); ok && (before == "" || strings.HasSuffix(before, ".")) {
			r.Data[i] = before + name.String()
		}
	}
	return r
}
