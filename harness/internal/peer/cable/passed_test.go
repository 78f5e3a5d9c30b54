package cable

import (
	"slices"
	"strings"
	"testing"

	"wirebook/harness/internal/frame"
)

// A device's own address is found by its form, for the cable that leads to us.
func TestOwnAddress(t *testing.T) {
	const remote = "127.0.0.1:7"
	for args, want := range map[string]string{
		"host -ip 10.0.0.1/24 -mac 02-00-0a-00-00-01 -cable 127.0.0.1:0,127.0.0.1:7":                                 "10.0.0.1",
		"host -cable 127.0.0.1:0,127.0.0.1:7 -ip 10.0.0.1/24":                                                        "10.0.0.1",
		"router -port a=127.0.0.1:0,127.0.0.1:8 -port b=127.0.0.1:0,127.0.0.1:7 -ip a=10.0.0.1/24 -ip b=10.1.0.1/24": "10.1.0.1",
		"router -ip eth0.10=10.0.0.1/24 -port eth0=127.0.0.1:0,127.0.0.1:7 -ip eth0.20=10.2.0.1/24":                  "10.0.0.1 vlan=10",
		"router -route 0.0.0.0/0=10.0.0.9 -port a=127.0.0.1:0,127.0.0.1:7 -ip a=10.0.0.1/24":                         "10.0.0.1",
		"router -port a=127.0.0.1:0,127.0.0.1:7 -ip b=10.0.0.1/24":                                                   "",
		"switch -port p1=127.0.0.1:0,127.0.0.1:7 -trunk p1=10,20,native=30":                                          "",
	} {
		addr, fields, ok := ownAddress(strings.Fields(args), remote)
		if got := strings.Join(append([]string{addr}, fields...), " "); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", args, got, ok, want)
		}
	}
}

// A mark comes from a station that a switch has just heard there, and whose frames
// are known to come out elsewhere.
func TestWhoMarks(t *testing.T) {
	const a, b = "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x0a\x88\xb5", "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x0b\x88\xb5"
	const tagged = "\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x0a\x81\x00\x00\x1e\x88\xb5"
	for _, c := range []struct{ story, want string }{
		{"", ""},
		{"1<a", ""},
		{"1<a 2>a", "a"},
		{"1<a 1>a", ""},
		{"1<a 2>b", ""},
		{"1<a 2>a 1<b", "a"},
		{"1<a 1<b 2>a 2>b", "b"},
		{"1<a 2>a type", ""},
		{"1<a 2>a type 1<a", "a"},
		{"1<a 2>a type 1<b", ""},
		{"1<a 2>a 2<a", ""},      // it has moved
		{"1<a 2>a 2<a 1<a", "a"}, // and back
		{"1<a 1<t 2>a", ""},      // it may have been either
		{"1<a 2>a 1<t", "a"},
		{"1<a 2>a close", ""},
	} {
		one, two := &plug{program: "switch"}, &plug{program: "switch"}
		s := &spoken{voices: make(map[*plug]map[frame.Station]*voice)}
		frames := map[string][]byte{"a": []byte(a), "b": []byte(b), "t": []byte(tagged)}
		for word := range strings.FieldsSeq(c.story) {
			on := map[bool]*plug{true: one, false: two}[word[0] == '1']
			switch {
			case word == "type":
				one.typed = s.count
			case word == "close":
				two.closed = true
			case word[1] == '<':
				s.sent(on, frames[word[2:]])
			default:
				s.came(on, frames[word[2:]])
			}
		}
		got := ""
		if v := s.latest(one); v != nil {
			for name, f := range frames {
				if slices.Equal([]byte(v.from), []byte(frame.Sender(f))) {
					got = name
				}
			}
		}
		if got != c.want {
			t.Errorf("%s: %q marks, want %q", c.story, got, c.want)
		}
	}
}
