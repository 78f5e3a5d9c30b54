package main

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
)

// A route is the way to a network.
type route struct {
	network netip.Prefix
	gateway netip.Addr // the zero Addr: none, the network is connected
	out     *side
}

// routes is a routing table, the longest prefix first and then in numeric
// order: the first route that has an address in its network is the address's.
type routes []route

// newRoutes makes the table of the connected networks and the static routes.
func newRoutes(sides []*side, static []staticRoute) routes {
	var table routes
	for _, s := range sides {
		table = append(table, route{network: s.ip.Masked(), out: s})
	}
	table.sort()
	connected := slices.Clone(table)
	for _, s := range static {
		// A gateway is a neighbour, and is found among them alone: the other
		// static routes play no part.
		if direct, ok := connected.lookup(s.gateway); ok {
			table = append(table, route{s.network, s.gateway, direct.out})
		}
	}
	table.sort()
	return table
}

func (t routes) sort() {
	slices.SortStableFunc(t, func(a, b route) int {
		return cmp.Or(cmp.Compare(b.network.Bits(), a.network.Bits()), a.network.Addr().Compare(b.network.Addr()))
	})
}

// lookup finds the route with the longest prefix that ip is in.
func (t routes) lookup(ip netip.Addr) (route, bool) {
	i := slices.IndexFunc(t, func(r route) bool { return r.network.Contains(ip) })
	if i < 0 {
		return route{}, false
	}
	return t[i], true
}

// send sends a packet this way: to the gateway, or to its destination itself.
func (r route) send(w waiting) {
	if r.gateway.IsValid() {
		r.out.deliver(r.gateway, w)
	} else {
		r.out.deliver(w.dst, w)
	}
}

// String is the route's line in the table that is printed.
func (r route) String() string {
	gateway := "direct"
	if r.gateway.IsValid() {
		gateway = r.gateway.String()
	}
	return fmt.Sprintf("%s  %s  %s", r.network, gateway, r.out.name())
}
