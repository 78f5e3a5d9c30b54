package frame

import (
	"strings"
	"testing"
)

func TestFree(t *testing.T) {
	const (
		own    = "ipv4 from=10.0.0.1|10.0.0.9 but ttl ipid options"
		errors = "icmp type=3|11 from=10.0.0.1 but quote"
		quoted = "4500001e0000000040fd65e10a0000020a000001" // 64 is its TTL
		sentOn = "4500001e000000003ffd66e10a0000020a000001"
	)
	for _, test := range []struct{ owed, came, free, want string }{
		{"icmp", "icmp", "raw", ""},
		{"icmp pad=2", "icmp pad=3", "raw", "padding (its length) is 3, want 2"},
		{"icmp pad=2", "icmp pad=3", "icmp but padding", ""},
		{"arp pad=2", "arp", "arp but padding", ""},
		{"icmp vlan=7 pad=2", "icmp vlan=7", "ipv4 but padding", ""},
		{"icmp vlan=7", "icmp vlan=8", "ipv4 but padding", "vlan (VLAN) is 8, want 7"},
		{"icmp vlan=7 prio=1", "icmp vlan=7", "ipv4 but prio", ""},
		{"icmp", "icmp", "ipv4 but prio", ""},
		{"icmp", "arp", "raw", "want echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01, got ARP who-has"},

		// What follows from what is free is as free.
		{"icmp from=10.0.0.1 ttl=9 ipid=5", "icmp from=10.0.0.1 ttl=64 options=01010101", own, ""},
		{"icmp from=10.0.0.9 ttl=9", "icmp from=10.0.0.9", own, ""},
		{"icmp from=10.0.0.1 ttl=9", "icmp from=10.0.0.1 ttl=64 tos=1", own, "tos (type of service) is 1, want 0"},
		{"icmp from=10.0.0.1 ttl=9", "icmp from=10.0.0.1 ttl=64 ipsum=bad", own, "ipsum (header checksum) is"},
		{"icmp from=10.0.0.1 ttl=9", "icmp from=10.0.0.1 ttl=64 iplen=33", own, "iplen (total length) is 33, want 36"},
		{"icmp from=10.0.0.3 ttl=9", "icmp from=10.0.0.3 ttl=64", own, "ttl (time to live) is 64, want 9"},
		{"icmp from=10.0.0.1 ttl=9", "icmp from=10.0.0.9 ttl=64", own, "src (source MAC) is 02-00-0a-00-00-09, want 02-00-0a-00-00-01"},
		{"icmp id=1 data=hello", "icmp id=7 data=you", "icmp type=request but id data", ""},
		{"tcp flags=SYN", "tcp flags=ACK", "ipv4 but flags", "flags"}, // the packet's
		{"udp sum=0", "udp", "ipv4 but ttl", "sum (checksum) is 0x"},

		// Options in another order are free, their values are not.
		{"dhcp lease=60 server=10.0.0.1", "dhcp server=10.0.0.1 lease=60", "dhcp but opts", ""},
		{"dhcp lease=60 server=10.0.0.1", "dhcp server=10.0.0.1 t1=30 lease=60", "dhcp but opts t1 xid", ""},
		{"dhcp lease=60 server=10.0.0.1", "dhcp server=10.0.0.1 lease=61", "dhcp but opts", "lease (option 51) is 61, want 60"},
		{"dhcp lease=60", "dhcp lease=60 t1=30", "dhcp but opts", "t1 (option 58) is 30, want none"},
		{"dhcp lease=60 xid=5", "dhcp lease=60", "dhcp but opts", "xid (the client's number of the conversation) is 0x00000001, want 0x00000005"},

		// A quote may be shorter, and the packet sent on already; that of the right
		// program is as long as may be.
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabb", "icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708", errors, ""},
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabb", "icmp from=10.0.0.1 type=11 hex=" + sentOn + "0102030405060708aa", errors, ""},
		{"icmp from=10.0.0.1 type=11 hex=" + sentOn + "0102030405060708aabb", "icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aa", errors, ""},
		// Nor is that of the right one longer than it must be.
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708", "icmp from=10.0.0.1 type=11 hex=" + sentOn + "0102030405060708aabb", errors, ""},
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708", "icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabbcc", errors,
			"about (what is quoted) is 31 bytes, want at most 30"},
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102", "icmp from=10.0.0.1 type=11 hex=" + quoted + "0102", errors, ""},
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabb", "icmp from=10.0.0.1 type=11 hex=" + quoted + "01020304050607", errors,
			"about (what is quoted) is 27 bytes, want at least 28, at byte 27 of the data (69 of the frame): ICMP time exceeded"},
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabb", "icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabbcc", errors,
			"about (what is quoted) is 31 bytes, want at most 30"},
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabb", "icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060709", errors,
			"about (what is quoted) is 45"},
		{"icmp from=10.0.0.1 type=11 hex=" + quoted + "0102030405060708aabb", "icmp from=10.0.0.1 type=11 hex=", errors, "about (what is quoted) is 0 bytes"},
		{"icmp from=10.0.0.1 type=11 hex=0102", "icmp from=10.0.0.1 type=11 hex=0102", errors, ""},
		{"icmp type=11 hex=" + quoted + "0102030405060708aabb", "icmp type=11 hex=" + quoted + "0102030405060708", errors, "iplen (total length) is 56, want 58"},
	} {
		free, err := ParseFree(strings.Fields(test.free))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if m := Differs(send(t, test.owed, nil), send(t, test.came, nil), []Free{free}); m != nil {
			got = m.Error()
		}
		if (got == "") != (test.want == "") || !strings.HasPrefix(got, test.want) {
			t.Errorf("owed %s, came %s, %s:\n got %s\nwant %s", test.owed, test.came, test.free, got, test.want)
		}
	}
}

func TestFreeIsWrong(t *testing.T) {
	for words, want := range map[string]string{
		"":                  "frame: a kind is missing",
		"but ttl":           "frame: a kind is missing",
		"packet":            `frame: "packet" is no kind`,
		"copy of=x but ttl": "frame: a frame that is like another is no sort",
		"ipv4 ttl=x":        "frame: ttl: ",
		"ipv4 but id":       `frame: "id" is nothing that is free in ipv4; that can be padding dst`,
		"ipv4 but quote":    `frame: "quote" is nothing that is free in ipv4`,
		"icmp type=11 but ttl quote padding id hex": "",
	} {
		_, err := ParseFree(strings.Fields(words))
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", words, err, want)
		}
	}
}
