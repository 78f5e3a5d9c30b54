package main

import (
	"fmt"
	"io"
	"math"
	"time"
)

// An lswitch is a learning switch. Its methods are called one at a time; their
// errors are those of writing to out.
type lswitch struct {
	ports []*port
	table table
	clock time.Duration // since the start
	out   io.Writer
}

// newSwitch makes a switch with these ports, whose table has room for max
// entries, and that forgets a station age after it was heard last. It prints to
// out.
func newSwitch(ports []*port, age time.Duration, max int, out io.Writer) *lswitch {
	return &lswitch{
		ports: ports,
		table: table{age: age, max: max, entries: make(map[station]entry)},
		out:   out,
	}
}

// receive takes a frame that came in by a port: it learns from it, and only then
// passes it on.
func (s *lswitch) receive(in *port, b []byte) error {
	f, ok := parse(b)
	if !ok {
		return nil
	}
	vlan, ok := in.vlanOf(f)
	if !ok {
		return nil
	}
	if !isGroup(f.src) {
		s.table.learn(station{vlan, f.src}, in, s.clock)
	}
	if isReserved(f.dst) {
		return nil
	}
	if out, known := s.table.lookup(station{vlan, f.dst}); known {
		if out != in { // else it has reached its station already
			out.emit(f, vlan)
		}
		return nil
	}
	for _, out := range s.ports { // to a group, or to somebody unknown
		if out != in {
			out.emit(f, vlan)
		}
	}
	return nil
}

// vlanOf is the VLAN of a frame that came in by the port; false if the port lets
// none such in. A tag of VLAN 0 tells a priority and nothing else.
func (p *port) vlanOf(f frame) (vlan int, ok bool) {
	if !f.tagged || f.vlan == 0 {
		return p.untagged, p.untagged != 0
	}
	return f.vlan, p.trunk && (p.tagged[f.vlan] || p.untagged == f.vlan)
}

// emit sends a frame of a VLAN out of the port, if the port is in that VLAN.
func (p *port) emit(f frame, vlan int) {
	switch {
	case p.untagged == vlan:
		p.send(f.pack(0))
	case p.tagged[vlan]:
		p.send(f.pack(vlan))
	}
}

// isGroup tells whether an address is that of many stations, as broadcast is: the
// lowest bit of its first byte says so.
func isGroup(m mac) bool { return m[0]&1 != 0 }

// isReserved tells whether an address is one of those at which bridges speak to
// their neighbours (IEEE 802.1D, table 7-10): 01-80-c2-00-00-00 to -0f.
func isReserved(m mac) bool {
	m[5] &= 0xf0
	return m == mac{0x01, 0x80, 0xc2}
}

// printMACs prints the table.
func (s *lswitch) printMACs() error {
	for _, st := range s.table.stations() {
		p, _ := s.table.lookup(st)
		if _, err := fmt.Fprintf(s.out, "%d  %s  %s\n", st.vlan, st.mac, p.name); err != nil {
			return err
		}
	}
	return nil
}

// advance lets d pass on the clock. What has expired by then is forgotten.
func (s *lswitch) advance(d time.Duration) error {
	s.clock += min(d, math.MaxInt64-s.clock)
	s.table.expire(s.clock)
	return nil
}
