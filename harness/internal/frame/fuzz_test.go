package frame

import (
	"strings"
	"testing"
	"time"
)

// FuzzTake hands all that looks at frames two of any bytes, one that went into a device and
// one that came out. What any of these says is for people; a frame is always like itself.
func FuzzTake(f *testing.F) {
	for _, pair := range [][2]string{
		{"icmp ttl=9", "icmp ttl=8"},
		{"raw vlan=10 prio=5", "raw"},
		{"udp sum=0", "udp sport=9"},
		{"icmp type=11 size=60", "icmp type=3 size=28"},
		{"tcp seq=1 data=hello", "tcp seq=3 flags=FIN,ACK data=llo"},
		{"dhcp", "dhcp type=ack yiaddr=10.0.0.9"},
		{"ipv4 options=01010101", "arp op=reply pad=3"},
	} {
		f.Add(send(f, pair[0], nil), send(f, pair[1], nil))
	}
	var free []Free
	for _, words := range []string{"icmp type=3 but quote padding", "tcp but padding", "ipv4 but ipid", "udp but sport", "dhcp but xid"} {
		one, err := ParseFree(strings.Fields(words))
		if err != nil {
			f.Fatal(err)
		}
		free = append(free, one)
	}
	f.Fuzz(func(t *testing.T, in, out []byte) {
		var p Passed
		p.In(in)
		p.Out(out)
		if changed := p.Out(in); changed != "" {
			t.Errorf("%x: what went in is changed: %s", in, changed)
		}
		h := Heard{Now: time.Second}
		h.In(in, "p1")
		h.For(out)
		if m := Differs(in, in, free); m != nil {
			t.Errorf("%x differs from itself: %v", in, m)
		}
		Differs(in, out, free)
		AnswersProbe(out)

		seen := NewMemory()
		seen.name("in", in)
		for _, words := range []string{"copy of=in", "copy of=in vlan=10", "forwarded of=in", "icmp about=in", "icmp quote=in", "tcp flags=SYN|ACK mss=1460", "arp op=reply + udp data=x"} {
			e, err := ParseExpect(strings.Fields(words))
			if err != nil {
				t.Fatal(err)
			}
			e.Take(out, seen)
		}
		g, err := ParseGather(strings.Fields("tcp seq=1 data=hello flags=FIN,ACK"))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			g.Take(in, seen)
			g.Take(out, seen)
			g.Came()
		}
		for _, words := range []string{"answer of=in", "answer of=in size=3", "icmp type=11 quote=in quoted=8"} {
			s, err := ParseSend(strings.Fields(words))
			if err != nil {
				t.Fatal(err)
			}
			s.Bytes(seen)
		}
	})
}
