package dns

import "testing"

// built builds a message to send.
func built(t *testing.T, kind string, asked []byte, words ...string) []byte {
	t.Helper()
	text, err := ParseText("send", kind, words)
	if err != nil {
		t.Fatal(err)
	}
	b, err := text.Bytes(0, asked, 0x1234)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDescribe(t *testing.T) {
	asked := built(t, question, nil, "qd=WWW.example.test A", "edns=1232")
	tests := []struct{ want, got string }{
		{"WWW.example.test A? rd; OPT 1232", Describe(asked)},
		{"www.example.test A? rd; OPT 1232", DescribeFolded(asked)},
		{"WWW.example.test A: no data", Describe(built(t, reply, asked))},
		{"WWW.example.test A: NXDOMAIN; aa; authority test 60 SOA ns.test host.test 1 3600 600 86400 30", Describe(built(t, reply, asked, "rcode=NXDOMAIN", "aa=1", "ns=test 60 SOA 30"))},
		{`no question: x 1 TXT "a\"" "\255"; x 2 TYPE65280 \# 2 c00c; x 3 CLASS3 A 192.0.2.1`, Describe(built(t, reply, asked, "qd=none", `an=x 1 TXT "a\"" "\255"`, `an=x 2 TYPE65280 \# 2 c00c`, "an=x 3 CLASS3 A 192.0.2.1"))},
		{"WWW.example.test A: REFUSED; aa", Describe(built(t, reply, asked, "patch=2:84,3:05"))},
		{"malformed answer of 14 bytes: byte 14: the bytes end in a label", Describe(built(t, reply, asked, "cut=14"))},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("got  %s\nwant %s", test.got, test.want)
		}
	}
}
