package main

import (
	"maps"
	"net/netip"
	"slices"
	"time"
)

// A table knows the MACs of neighbours, each until its entry has reached the
// table's age. An expired entry is as good as none (RFC 1122 §2.3.2.1: a
// neighbour may get another card, or another host its address).
type table struct {
	age     time.Duration
	entries map[netip.Addr]entry
}

type entry struct {
	mac       mac
	confirmed time.Duration // on the host's clock
}

func newTable(age time.Duration) table {
	return table{age, make(map[netip.Addr]entry)}
}

// lookup finds the MAC of a neighbour that has a live entry.
func (t table) lookup(ip netip.Addr, now time.Duration) (mac, bool) {
	e, ok := t.entries[ip]
	if !ok || now-e.confirmed >= t.age {
		return mac{}, false
	}
	return e.mac, true
}

// confirm notes that a neighbour has this MAC now.
func (t table) confirm(ip netip.Addr, m mac, now time.Duration) {
	t.entries[ip] = entry{m, now}
}

// live returns the addresses that have a live entry, in numeric order.
func (t table) live(now time.Duration) []netip.Addr {
	ips := slices.SortedFunc(maps.Keys(t.entries), netip.Addr.Compare)
	return slices.DeleteFunc(ips, func(ip netip.Addr) bool {
		_, ok := t.lookup(ip, now)
		return !ok
	})
}
