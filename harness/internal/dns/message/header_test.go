package message

import "testing"

// A result has a name, and so has one that is not known; other parts are numbers.
func TestBits(t *testing.T) {
	for _, test := range []struct {
		bit   string
		value uint16
		text  string
	}{{"rcode", NXDomain, "NXDOMAIN"}, {"rcode", 9, "RCODE9"}, {"opcode", 3, "3"}} {
		if got := BitNamed(test.bit).Show(test.value); got != test.text {
			t.Errorf("%s %d is %s, want %s", test.bit, test.value, got, test.text)
		}
	}
	for text, want := range map[string]uint16{"REFUSED": Refused, "0xf": 15} {
		if got, err := BitNamed("rcode").Parse(text); err != nil || got != want {
			t.Errorf("%s is %d, %v", text, got, err)
		}
	}
	for _, wrong := range []string{"16", "YES", "-1"} {
		if _, err := BitNamed("rcode").Parse(wrong); err == nil {
			t.Errorf("%q is a result", wrong)
		}
	}
}
