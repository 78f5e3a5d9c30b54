package main

import (
	"sync"
	"time"
)

// A key is what the cache finds things by.
type key struct {
	name name // in small letters
	typ  uint16
}

// A set is all records of a name and type. It lives and dies whole (RFC 2181 §5.2), so
// their own TTLs do not count any more.
type set struct {
	records []record
	until   time.Duration // of the clock: then it has expired
}

// newSet makes a set of records that came now.
func newSet(records []record, now time.Duration) set {
	least := lifetime(records[0].ttl)
	for _, r := range records {
		least = min(least, lifetime(r.ttl))
	}
	return set{records, plus(now, least)}
}

// lifetime is how long a TTL is. Half of all numbers count as 0 (RFC 2181 §8).
func lifetime(ttl uint32) time.Duration {
	if ttl >= 1<<31 {
		return 0
	}
	return time.Duration(ttl) * time.Second
}

// at returns the records as they are to be told at a time: with what is left of the TTL,
// begun seconds counted whole.
func (s set) at(now time.Duration) []record {
	left := max(0, s.until-now)
	told := make([]record, len(s.records))
	for i, r := range s.records {
		r.ttl = uint32((left + time.Second - 1) / time.Second)
		told[i] = r
	}
	return told
}

// A fact is one thing that is known of a name: its records of a type, or its alias, or
// that there is nothing.
type fact struct {
	of    key
	set   set   // of the records or the alias; for "nothing", the SOA that says so
	rcode uint8 // of "nothing": rcodeNoName, or rcodeOK for no data
	empty bool  // it is "nothing"
}

// alias is the name under which to look instead.
func (f fact) alias(k key) (target name, is bool) {
	if f.empty || f.of.typ != typeCNAME || k.typ == typeCNAME {
		return "", false
	}
	return f.set.records[0].target(), true
}

// A cache keeps facts until they expire. Its methods may be called by any goroutine.
type cache struct {
	mu    sync.Mutex
	facts map[key]fact
}

// anyType is the type under which is kept that a name does not exist.
const anyType = 0

// mostFacts bounds the cache.
const mostFacts = 20_000

// keep keeps a fact, if it lives at all.
func (c *cache) keep(f fact, now time.Duration) {
	if f.set.until <= now {
		return
	}
	if f.empty && f.rcode == rcodeNoName {
		f.of.typ = anyType
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.facts == nil {
		c.facts = make(map[key]fact)
	}
	if len(c.facts) >= mostFacts {
		c.makeRoom(now)
	}
	c.facts[f.of] = f
}

// makeRoom drops what has expired, and some others if that is nothing.
func (c *cache) makeRoom(now time.Duration) {
	for k, f := range c.facts {
		if f.set.until <= now {
			delete(c.facts, k)
		}
	}
	for k := range c.facts {
		if len(c.facts) < mostFacts*9/10 {
			return
		}
		delete(c.facts, k)
	}
}

// find returns the fact that answers a question, wholly or by an alias.
func (c *cache) find(k key, now time.Duration) (fact, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, typ := range []uint16{anyType, k.typ, typeCNAME} {
		f, ok := c.facts[key{k.name, typ}]
		if ok && f.set.until > now && f.says(k) {
			return f, true
		}
	}
	return fact{}, false
}

// says reports whether a fact about the name of a question helps to answer it.
func (f fact) says(k key) bool {
	if f.empty {
		return f.rcode == rcodeNoName || f.of.typ == k.typ
	}
	return f.of.typ == k.typ || f.of.typ == typeCNAME
}

// toldAt returns the records of sets as they are to be told at a time.
func toldAt(sets []set, now time.Duration) (told []record) {
	for _, s := range sets {
		told = append(told, s.at(now)...)
	}
	return told
}
