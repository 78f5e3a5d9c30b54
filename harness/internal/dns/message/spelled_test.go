package message

import "testing"

// What can be known to be wrong is an error before it is sent.
func TestWrongText(t *testing.T) {
	for _, text := range []string{"x", "x A A A", "x Y", "a..b A", "x A CLASS65536", "x TYPE65536"} {
		if _, err := ParseQuestion(text); err == nil {
			t.Errorf("%q is a question", text)
		}
	}
	for _, text := range []string{
		"x", "x 1 IN", "x 1 Y 1", "a..b 1 A 192.0.2.1", "x y A 192.0.2.1", "x 1 A 1.2.3", "x 1 A ::1", "x 1 MX 10",
		"x 1 MX 65536 y", "x 1 NS a..b", `x 1 TXT "a`, "x 1 TXT a", `x 1 TXT "\25"`, `x 1 A \# 3 c0`, "x 1 TYPE65280 c0",
	} {
		if _, err := ParseRecord(text); err == nil {
			t.Errorf("%q is a record", text)
		}
	}
}

func TestIs(t *testing.T) {
	for _, test := range []struct {
		text, other string
		is          bool
	}{
		{"x.test 1 MX 65 y.test", "X.test 1 MX 65 Y.TEST", true},
		{"x.test 1 MX 65 y.test", "x.test 1 MX 97 y.test", false},
		{"x.test 1 MX 65 y.test", "y.test 1 MX 65 y.test", false},
		{`x 1 TXT "a"`, `x 1 TXT "A"`, false},
		{"x 1 A 192.0.2.1", "x 2 A 192.0.2.1", false},
		{"x 1|2 A 192.0.2.1", "x 2 A 192.0.2.1", true},
		{"x * A 192.0.2.1", "x 2 A 192.0.2.1", true},
		{"x 1 A 192.0.2.1", "x 1 CLASS3 A 192.0.2.1", false},
		{"x 1 A 192.0.2.1", `x 1 A \# 4 c0000201`, true},
		{`x 1 TYPE9 \# 0`, `x 1 TYPE10 \# 0`, false},
		{"test 60 SOA 30", "test 60 SOA ns.test host.test 1 3600 600 86400 30", true},
		{". 60 SOA 30", ". 60 SOA ns.test host.test 1 3600 600 86400 30", true},
	} {
		spelled, err := ParseRecord(test.text)
		if err != nil {
			t.Fatal(err)
		}
		other, err := ParseRecord(test.other)
		if err != nil {
			t.Fatal(err)
		}
		r, err := other.Record()
		if err != nil || spelled.Is(r) != test.is {
			t.Errorf("%s is %s: want %v, %v", spelled, r, test.is, err)
		}
	}
}
