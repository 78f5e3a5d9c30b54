package main

import (
	"net/netip"
	"slices"
	"time"
)

// A cut is where a zone begins: who speaks for it.
type cut struct {
	zone name
	ns   []name
	glue map[name][]netip.Addr
	ends time.Duration
}

func (j *job) walk(q question, done func([]step)) {
	at := &cut{zone: root, ns: []name{""}, glue: map[name][]netip.Addr{"": j.roots}}
	for n := q.name; n != root; n = n.parent() {
		if c := j.zones[n]; c != nil && c.ends > j.clock.now() {
			at = c
			break
		}
	}
	j.down(at, q, done)
}

// down asks the servers of a zone whose addresses are known, then finds out the address
// of one more, and so on.
func (j *job) down(at *cut, q question, done func([]step)) {
	var addrs []netip.AddrPort
	var nameless []name
	for _, ns := range at.ns {
		if at.glue[ns] == nil {
			nameless = append(nameless, ns)
		}
		addrs = append(addrs, j.reach(at.glue[ns])...)
	}
	var more func()
	more = func() {
		if len(nameless) == 0 {
			done(nil)
			return
		}
		ns := nameless[0]
		nameless = nameless[1:]
		if ns.in(at.zone) || slices.Contains(j.wanted, ns) || len(j.wanted) > 2 {
			more()
			return
		}
		j.wanted = append(j.wanted, ns)
		j.follow(ns, typeA, nil, nil, func(found result, ok bool) {
			j.wanted = j.wanted[:len(j.wanted)-1]
			var ips []netip.Addr
			if ok && found.rcode == rcodeOK && len(found.sets) > 0 {
				for _, r := range found.sets[len(found.sets)-1].records {
					if ip, ok := netip.AddrFromSlice(r.data); ok && r.typ == typeA {
						ips = append(ips, ip)
					}
				}
			}
			j.askZone(at, j.reach(ips), q, done, more)
		})
	}
	slices.Reverse(addrs)
	j.askZone(at, addrs, q, done, more)
}

func (j *job) reach(ips []netip.Addr) (addrs []netip.AddrPort) {
	for _, ip := range ips {
		if a, ok := j.at[ip]; ok {
			addrs = append(addrs, a)
		} else if len(j.at) == 0 {
			addrs = append(addrs, netip.AddrPortFrom(ip, 53))
		}
	}
	return addrs
}

func (j *job) askZone(at *cut, addrs []netip.AddrPort, q question, done func([]step), otherwise func()) {
	j.inTurn(addrs, q, false, func(m *message) bool { return at.sort(m, q) != nothing }, func(m *message) {
		switch {
		case m == nil && j.left == 0:
			done(nil)
		case m == nil:
			otherwise()
		case at.sort(m, q) == referral:
			j.down(j.refer(at, m, q), q, done)
		default:
			done(j.read(m, q, at.zone))
		}
	})
}

type sort int

const (
	nothing sort = iota
	answer
	referral
	noData
)

// sort says what a message is.
func (at *cut) sort(m *message, q question) sort {
	if m.rcode == rcodeNoName {
		return answer
	}
	for _, r := range m.answer {
		if r.class == classIN && r.name.fold() == q.name && (r.typ == q.typ || r.typ == typeCNAME) {
			return answer
		}
	}
	for _, r := range m.authority {
		if at.below(r, q) {
			return referral
		}
	}
	for _, r := range m.authority {
		if r.class == classIN && r.typ == typeSOA && r.name.in(at.zone) {
			return noData
		}
	}
	if m.aa {
		return noData
	}
	return nothing
}

func (at *cut) below(r record, q question) bool {
	return r.class == classIN && r.typ == typeNS && r.name.fold() != at.zone && r.name.in(at.zone) && q.name.in(r.name)
}

func (j *job) refer(at *cut, m *message, q question) *cut {
	i := slices.IndexFunc(m.authority, func(r record) bool { return at.below(r, q) })
	c := &cut{zone: m.authority[i].name.fold(), glue: make(map[name][]netip.Addr)}
	s := j.setOf(m.authority, c.zone, typeNS, at.zone)
	c.ends = s.ends
	for _, r := range s.records {
		ns := r.target().fold()
		c.ns = append(c.ns, ns)
		if a := j.setOf(m.additional, ns, typeA, at.zone); a != nil {
			for _, r := range a.records {
				if ip, ok := netip.AddrFromSlice(r.data); ok {
					c.glue[ns] = append(c.glue[ns], ip)
				}
			}
		}
	}
	if c.ends > j.clock.now() {
		j.zones[c.zone] = c
	}
	return c
}
