package main

import (
	"bytes"
	"io"
	"net"
	"runtime"
	"testing"
	"time"
)

// FuzzSwitch hands the switch frames of any bytes by any port. Whatever comes, the
// table stays within its room, holds no group, and each entry is of a port that is
// in the entry's VLAN.
func FuzzSwitch(f *testing.F) {
	hello := frame{dst: mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, src: mac{2, 0, 0, 0, 0, 1}, rest: []byte{0x88, 0xb5, 'h', 'i'}, bits: 0xb000}
	f.Add(hello.pack(0), hello.pack(10), uint16(1000))
	f.Add(hello.pack(20), hello.pack(30)[:17], uint16(0))
	nowhere, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { nowhere.Close() })
	self := nowhere.LocalAddr().(*net.UDPAddr).AddrPort()

	f.Fuzz(func(t *testing.T, first, second []byte, ms uint16) {
		const room = 3
		ports := []*port{
			{untagged: 10},
			{trunk: true, tagged: map[int]bool{10: true, 20: true}},
			{trunk: true, untagged: 20, tagged: map[int]bool{10: true}},
		}
		for _, p := range ports {
			p.conn, p.remote = nowhere, self // what is sent comes back, and nobody reads it
		}
		s := newSwitch(ports, time.Second, room, io.Discard)
		for i := range 12 {
			b := [...][]byte{first, second}[i%2]
			if len(b) < minFrame {
				continue
			}
			if err := s.receive(ports[i%len(ports)], bytes.Clone(b)); err != nil {
				t.Fatal(err)
			}
			if err := s.advance(time.Duration(ms) * time.Millisecond / 4); err != nil {
				t.Fatal(err)
			}
			if len(s.table.entries) > room {
				t.Fatalf("%d entries", len(s.table.entries))
			}
			for st, e := range s.table.entries {
				if _, in := e.port.tagOf(st.vlan); !in || isGroup(st.mac) || s.clock-e.heard >= s.table.age {
					t.Fatalf("an entry of %v: %v", st, e)
				}
			}
		}
	})
}

// FuzzTag takes tags off frames and puts them on again.
func FuzzTag(f *testing.F) {
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01\x81\x00\xb0\x0a\x08\x00"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01\x81\x00\xb0\x0a\x08"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < minFrame {
			return
		}
		got, ok := parse(b)
		switch {
		case !ok:
			if len(b) >= minFrame+tagLen || !bytes.HasPrefix(b[macsLen:], []byte{0x81, 0}) {
				t.Fatalf("% x is no frame", b)
			}
		case got.tagged && got.vlan == 0: // its tag cannot be put on again
		case !bytes.Equal(got.pack(got.vlan), b):
			t.Fatalf("% x\nbecomes % x", b, got.pack(got.vlan))
		}
	})
}

// A million invented sources leave no more behind than the table has room for.
func TestInventedSources(t *testing.T) {
	const room = 1024
	in := &port{untagged: 1}
	s := newSwitch([]*port{in}, time.Hour, room, io.Discard)
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	invent := func(from, to int) {
		f := frame{dst: mac{0x02, 0xff}, rest: []byte{0x88, 0xb5}}
		for n := from; n < to; n++ {
			f.src = mac{0x02, 0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
			if err := s.receive(in, f.pack(0)); err != nil {
				t.Fatal(err)
			}
		}
	}
	invent(0, room) // the table is full
	before := heap()
	invent(room, 1_000_000)
	const tolerance = 1 << 20 // of what the test and the runtime hold: a byte a source
	if grown := int64(heap()) - int64(before); grown > tolerance {
		t.Errorf("they leave %d bytes behind", grown)
	}
	if got := len(s.table.entries); got != room {
		t.Errorf("there are %d entries, and room for %d", got, room)
	}
}
