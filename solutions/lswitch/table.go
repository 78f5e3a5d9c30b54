package main

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"
)

// A station is a MAC address in a VLAN: the same MAC in another is another one.
type station struct {
	vlan int
	mac  mac
}

// An entry says where a station was heard last, and when.
type entry struct {
	port  *port
	heard time.Duration
}

// A table is what the switch knows of the stations. It holds live entries only.
type table struct {
	age     time.Duration
	max     int
	entries map[station]entry
}

// learn notes that a station was heard. There is always room for one that is
// known; a new one finds a place or is not noted.
func (t *table) learn(s station, p *port, now time.Duration) {
	if _, known := t.entries[s]; known || len(t.entries) < t.max {
		t.entries[s] = entry{p, now}
	}
}

// lookup finds the port behind which a station is.
func (t *table) lookup(s station) (*port, bool) {
	e, known := t.entries[s]
	return e.port, known
}

// expire drops the entries whose time is over now.
func (t *table) expire(now time.Duration) {
	maps.DeleteFunc(t.entries, func(_ station, e entry) bool { return now-e.heard >= t.age })
}

// stations are those in the table, by VLAN and MAC.
func (t *table) stations() []station {
	return slices.SortedFunc(maps.Keys(t.entries), func(a, b station) int {
		return cmp.Or(cmp.Compare(a.vlan, b.vlan), bytes.Compare(a.mac[:], b.mac[:]))
	})
}
