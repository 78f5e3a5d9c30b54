package dns

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Zone is what a name server knows: the records of its zone, and the addresses of
// the servers of zones below.
type Zone struct {
	top   Name
	soa   line
	lines []line
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
			l, err := parseLine(text)
			if err != nil {
				return nil, fmt.Errorf("zone: %w", err)
			}
			z.lines = append(z.lines, l)
		}
	}
	if z.lines == nil || z.lines[0].kind != typeSOA {
		return nil, errors.New("zone: the first record must be the zone's SOA")
	}
	z.top, z.soa = z.lines[0].owner.name(), z.lines[0]
	return z, nil
}

// Answer returns the answer to a question, as the zone's own server gives it: aliases,
// the records, a referral, no such name, or no data. To what is no question there is none.
func (z *Zone) Answer(asked []byte) []byte {
	m, err := Parse(asked)
	if err != nil || len(m.Questions) != 1 || part(m.Flags, "qr") == 1 {
		return nil
	}
	d := &draft{counts: make(map[string]uint16)}
	if err := d.answers(asked); err != nil {
		return nil
	}
	z.fill(d, m.Questions[0])
	b, err := d.bytes()
	if err != nil {
		return nil
	}
	return b
}

// fill puts into an answer what the zone knows: it follows aliases as long as they lead
// to names of the zone that stand in it. One from a name *.NAME is not followed.
func (z *Zone) fill(d *draft, q Question) {
	if !q.Name.in(z.top) {
		bitNamed("rcode").put(&d.flags, uint16(slices.Index(rcodes, "REFUSED")))
		return
	}
	const mostAliases = 16
	for name := q.Name; name.in(z.top) && len(d.records[answer]) < mostAliases; {
		if cut := z.cut(name); cut != nil {
			z.refer(d, cut)
			return
		}
		bitNamed("aa").put(&d.flags, 1)
		here, exists, wild := z.at(name)
		alias := slices.IndexFunc(here, func(l line) bool { return l.kind == typeCNAME && q.Type != typeCNAME })
		if alias < 0 {
			here = slices.DeleteFunc(here, func(l line) bool { return l.kind != q.Type })
			z.end(d, here, exists)
			return
		}
		d.records[answer] = append(d.records[answer], here[alias])
		target, _ := parseName(here[alias].data[0])
		if name = target.name(); wild {
			return
		}
	}
}

// refer says who speaks for a zone below.
func (z *Zone) refer(d *draft, cut []line) {
	d.records[authority] = cut
	for _, ns := range cut {
		server, _ := parseName(ns.data[0])
		d.records[additional] = append(d.records[additional], z.addresses(server.name())...)
	}
}

// end adds the records asked for, or says that there are none.
func (z *Zone) end(d *draft, records []line, exists bool) {
	d.records[answer] = append(d.records[answer], records...)
	if len(records) > 0 {
		return
	}
	d.records[authority] = []line{z.soa}
	if !exists {
		bitNamed("rcode").put(&d.flags, uint16(slices.Index(rcodes, "NXDOMAIN")))
	}
}

// cut is the NS records of the topmost zone below z that has the name.
func (z *Zone) cut(name Name) (found []line) {
	depth := 0
	for _, l := range z.lines {
		owner := l.owner.name()
		labels := len(owner.labels())
		if l.kind != typeNS || owner.Fold() == z.top.Fold() || !name.in(owner) {
			continue
		}
		switch {
		case found == nil || labels < depth:
			found, depth = []line{l}, labels
		case labels == depth:
			found = append(found, l)
		}
	}
	return found
}

func (z *Zone) addresses(name Name) (found []line) {
	for _, l := range z.lines {
		if l.owner.name().Fold() == name.Fold() && (l.kind == typeA || l.kind == typeAAAA) {
			found = append(found, l)
		}
	}
	return found
}

// at is the records of a name, whether it exists, as a name above one that has records
// does, and whether they are those of *.NAME.
func (z *Zone) at(name Name) (found []line, exists, isWild bool) {
	var wild []line
	for _, l := range z.lines {
		owner := l.owner.name()
		if owner.in(name) {
			exists = true
		}
		if owner.Fold() == name.Fold() {
			found = append(found, l)
		}
		labels := owner.labels()
		if len(labels) > 0 && labels[0] == "*" && name.in(named(labels[1:])) && len(name.labels()) >= len(labels) {
			wild = append(wild, l.of(name))
		}
	}
	if !exists && wild != nil {
		return wild, true, true
	}
	return found, exists, false
}

// of is a line of *.NAME for a name below.
func (l line) of(name Name) line {
	l.owner = spelling{labels: name.labels()}
	l.data = slices.Clone(l.data)
	for i, word := range l.data {
		if before, ok := strings.CutSuffix(word, "&"); ok && (before == "" || strings.HasSuffix(before, ".")) {
			l.data[i] = before + name.String()
		}
	}
	return l
}
