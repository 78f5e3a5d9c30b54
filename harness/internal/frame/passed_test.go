package frame

import "testing"

// What a device has changed of a frame is told in the words of a scenario, and only
// where the frame can be one that went in.
func TestPassed(t *testing.T) {
	const hosts = " from=10.1.0.9 to=10.2.0.9"
	tests := []struct{ in, out, want string }{
		{"icmp" + hosts, "icmp ttl=63 src=02-00-00-00-00-01 dst=02-00-00-00-00-09" + hosts,
			"ttl=63 dst=02-00-00-00-00-09 src=02-00-00-00-00-01"},
		{"udp vlan=10 sport=4000 to=192.0.2.1", "udp ttl=63 sport=40000 from=203.0.113.1 to=192.0.2.1", "sport=40000 from=203.0.113.1 ttl=63 src=02-00-cb-00-71-01"},
		{"icmp ttl=9" + hosts, "icmp ttl=9" + hosts, ""},
		{"icmp type=request data=x" + hosts, "icmp type=reply data=x from=10.2.0.9 to=10.1.0.9", ""},
		{"udp data=x" + hosts, "udp data=x from=10.2.0.9 to=10.1.0.9", ""}, // a reply with what it answers
		{"udp data=x ttl=9" + hosts, "udp data=y ttl=8" + hosts, ""},
		{"udp data=x ttl=9 tos=4" + hosts, "udp data=x ttl=8" + hosts, ""},
		{"raw data=x src=02-00-00-00-00-01", "raw data=x src=02-00-00-00-00-02", ""},
	}
	for _, test := range tests {
		var p Passed
		p.In(send(t, test.in, nil))
		if got := p.Out(send(t, test.out, nil)); got != test.want {
			t.Errorf("%s, then %s: %q, want %q", test.in, test.out, got, test.want)
		}
	}
}

// A device is long at work: the newest frames are enough.
func TestPassedKeepsLittle(t *testing.T) {
	var p Passed
	for range 1000 {
		p.In(send(t, "icmp ttl=9", nil))
	}
	if len(p.in) > 64 {
		t.Errorf("%d frames are kept", len(p.in))
	}
	if got := p.Out(send(t, "icmp ttl=8", nil)); got != "ttl=8" {
		t.Errorf("%q", got)
	}
}
