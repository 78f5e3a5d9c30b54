package main

import (
	"iter"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// A zone is a part of the tree, and the servers that speak for it.
type zone struct {
	name    name
	servers []server
	until   time.Duration // of the clock: then its servers must be asked for again
}

// A server has a name, and addresses if they came along.
type server struct {
	name name
	ips  []netip.Addr
}

// zones are those that referrals have told of. Its methods may be called by any goroutine.
type zones struct {
	mu    sync.Mutex
	known map[name]*zone // in small letters
}

func (z *zones) keep(new *zone, now time.Duration) {
	if new.until <= now {
		return
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.known == nil || len(z.known) >= mostFacts {
		z.known = make(map[name]*zone)
	}
	z.known[new.name] = new
}

// nearest is the lowest zone with a name of which the servers are known; nil for the root.
func (z *zones) nearest(n name, now time.Duration) *zone {
	z.mu.Lock()
	defer z.mu.Unlock()
	for n = n.fold(); n != root; n = n.parent() {
		if found := z.known[n]; found != nil && found.until > now {
			return found
		}
	}
	return nil
}

// walk asks from the nearest zone downwards.
func (s *search) walk(k key) ([]fact, error) {
	z := s.zones.nearest(k.name, s.clock.now())
	if z == nil {
		z = &zone{name: root, servers: []server{{ips: s.roots}}}
	}
	for {
		facts, below, err := s.askZone(z, k)
		if err != nil || below == nil {
			return facts, err
		}
		z = below
	}
}

// askZone asks the servers of a zone until one helps: with facts, or with a zone below.
func (s *search) askZone(z *zone, k key) (facts []fact, below *zone, err error) {
	for ip := range s.addresses(z) {
		addr, ok := s.reach(ip)
		if !ok {
			continue
		}
		m, err := s.askOne(addr, k)
		if err == errBound {
			return nil, nil, err
		}
		if err != nil {
			continue
		}
		now := s.clock.now()
		if below := referral(m, z.name, k, now); below != nil {
			s.zones.keep(below, now)
			return nil, below, nil
		}
		if answers(m, z.name, k) {
			facts := factsOf(m, z.name, k, now)
			s.keep(facts, now)
			return facts, nil, nil
		}
	}
	return nil, nil, errFailed
}

// reach is where an address is reached.
func (s *search) reach(ip netip.Addr) (netip.AddrPort, bool) {
	if len(s.at) == 0 {
		return netip.AddrPortFrom(ip, 53), true
	}
	addr, ok := s.at[ip]
	return addr, ok
}

// direct reports whether a message has an answer for the very name that was asked for.
func direct(m *message, zone name, k key) bool {
	answer := believed(m.answer, zone)
	return m.rcode == rcodeNoName || recordsOf(answer, k) != nil || recordsOf(answer, key{k.name, typeCNAME}) != nil
}

// answers reports whether a message that is no referral is an answer, be it that there
// is nothing.
func answers(m *message, zone name, k key) bool {
	isSOA := func(r record) bool { return r.typ == typeSOA }
	return direct(m, zone, k) || m.aa || slices.ContainsFunc(believed(m.authority, zone), isSOA)
}

// referral returns the zone, strictly below the one that was asked, that a message leads
// to; nil if it does not. Addresses of its servers count if the servers lie in the zone
// that was asked.
func referral(m *message, asked name, k key, now time.Duration) *zone {
	if direct(m, asked, k) {
		return nil
	}
	authority := believed(m.authority, asked)
	i := slices.IndexFunc(authority, func(r record) bool {
		return r.typ == typeNS && r.name.fold() != asked.fold() && k.name.in(r.name)
	})
	if i < 0 {
		return nil
	}
	below := &zone{name: authority[i].name.fold()}
	all := recordsOf(authority, key{below.name, typeNS})
	below.until = newSet(all, now).until
	glue := believed(m.additional, asked)
	for _, ns := range all {
		s := server{name: ns.target().fold()}
		for _, a := range recordsOf(glue, key{s.name, typeA}) {
			if ip, ok := netip.AddrFromSlice(a.data); ok && ip.Is4() {
				s.ips = append(s.ips, ip)
			}
		}
		below.servers = append(below.servers, s)
	}
	return below
}

// mostWanted is how many walks may be made one inside of the other.
const mostWanted = 4

// addresses yields those of a zone's servers: first those that came along, then those
// that have to be looked for.
func (s *search) addresses(z *zone) iter.Seq[netip.Addr] {
	return func(yield func(netip.Addr) bool) {
		for _, server := range z.servers {
			for _, ip := range server.ips {
				if !yield(ip) {
					return
				}
			}
		}
		for _, server := range z.servers {
			for _, ip := range s.lookFor(server, z) {
				if !yield(ip) {
					return
				}
			}
		}
	}
}

// lookFor finds the addresses of a name server that came without. One in the very zone
// that it serves could tell them only itself, and one that is being looked for is of no
// help in looking for itself.
func (s *search) lookFor(ns server, z *zone) (ips []netip.Addr) {
	if len(ns.ips) > 0 || ns.name.in(z.name) || slices.Contains(s.wanted, ns.name) || len(s.wanted) == mostWanted {
		return nil
	}
	inner := search{resolver: s.resolver, left: s.left, wanted: append(slices.Clip(s.wanted), ns.name)}
	found, err := s.find(key{ns.name, typeA}, &inner)
	s.left = inner.left
	if err != nil {
		return nil
	}
	for _, r := range toldAt(found.answer, 0) {
		if ip, ok := netip.AddrFromSlice(r.data); ok && r.typ == typeA {
			ips = append(ips, ip)
		}
	}
	return ips
}
