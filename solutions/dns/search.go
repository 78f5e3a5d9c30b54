package main

import (
	"errors"
	"net/netip"
	"time"
)

// mostQuestions is how many questions to servers one question of a client may cost.
const mostQuestions = 100

// A search finds out for one question of a client what the cache does not know.
type search struct {
	*resolver
	left int // questions that it may still ask
	// wanted are the name servers for whose addresses it is made, the innermost last.
	wanted []name
}

var (
	errBound  = errors.New("this costs too many questions")
	errFailed = errors.New("no server helps")
)

// ask asks servers and keeps what they tell.
func (s *search) ask(k key) ([]fact, error) {
	if len(s.servers) > 0 {
		return s.askServers(k)
	}
	return s.walk(k)
}

// askServers asks one after the other of the -servers. Those that were silent are asked
// once more.
func (s *search) askServers(k key) ([]fact, error) {
	again := s.servers
	for range 2 {
		var silent []netip.AddrPort
		for _, server := range again {
			m, err := s.askOne(server, k)
			if err == nil {
				facts := factsOf(m, root, k, s.clock.now())
				s.keep(facts, s.clock.now())
				return facts, nil
			}
			if errors.Is(err, errSilent) {
				silent = append(silent, server)
			}
		}
		again = silent
	}
	return nil, errFailed
}

// askOne asks a server. A result other than a name's records, or that it has none, is an
// error.
func (s *search) askOne(server netip.AddrPort, k key) (*message, error) {
	if s.left == 0 {
		return nil, errBound
	}
	s.left--
	q := question{name: k.name, typ: k.typ, class: classIN}
	m, err := ask(s.clock, server, q, len(s.servers) > 0, patience)
	if err != nil {
		return nil, err
	}
	if m.rcode != rcodeOK && m.rcode != rcodeNoName {
		return nil, errFailed
	}
	return m, nil
}

// factsOf returns what a message tells of a question: a fact for each alias of the chain
// that begins at the name, then one for the last name. The server that sent it is
// believed about names in zone alone. Where the chain leads out of it, or to a name of
// which the message says nothing, the last fact is an alias.
func factsOf(m *message, zone name, k key, now time.Duration) (facts []fact) {
	answer, authority := believed(m.answer, zone), believed(m.authority, zone)
	for len(facts) <= mostAliases {
		if here := recordsOf(answer, k); here != nil {
			return append(facts, fact{of: k, set: newSet(here, now)})
		}
		aliasKey := key{k.name, typeCNAME}
		if alias := recordsOf(answer, aliasKey); alias != nil {
			f := fact{of: aliasKey, set: newSet(alias[:1], now)}
			facts = append(facts, f)
			target, _ := f.alias(k)
			if k.name = target.fold(); !k.name.in(zone) {
				return facts
			}
			continue
		}
		// What the message says of the result is about this name.
		nothing := fact{of: k, rcode: m.rcode, empty: true}
		for _, soa := range authority {
			if soa.typ == typeSOA && k.name.in(soa.name) {
				soa.ttl = uint32(min(lifetime(soa.ttl), lifetime(soa.minimum())) / time.Second)
				nothing.set = newSet([]record{soa}, now)
			}
		}
		if len(facts) > 0 && m.rcode == rcodeOK && nothing.set.records == nil {
			return facts
		}
		return append(facts, nothing)
	}
	return facts
}

// believed returns those of the records that a server of the zone is believed about.
func believed(records []record, zone name) (in []record) {
	for _, r := range records {
		if r.class == classIN && r.name.in(zone) {
			in = append(in, r)
		}
	}
	return in
}

func recordsOf(records []record, k key) (of []record) {
	for _, r := range records {
		if r.typ == k.typ && r.name.fold() == k.name {
			of = append(of, r)
		}
	}
	return of
}
