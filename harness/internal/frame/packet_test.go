package frame

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"
)

// samples are frames as they are on the wire, for the tests and as the fuzzers'
// first inputs.
var samples = []struct {
	hex      string
	describe string
}{
	{
		"ffffffffffff02000a000001080600010800060400010200" + "0a0000010a000001" + "0000000000000a000002",
		"ARP who-has 10.0.0.2 tell 10.0.0.1 at 02-00-0a-00-00-01",
	},
	{
		"02000a00000102000a0000020806000108000604000202000a0000020a00000202000a0000010a000001" + "00000000",
		"ARP 10.0.0.2 is-at 02-00-0a-00-00-02 for 10.0.0.1",
	},
	{
		"02000a00000202000a0000010800" + "45000024000040004001" + "26d7" + "0a0000010a000002" + "0800" + "3c54" + "00010001" + "7769726562" + "6f6f6b",
		"echo request 10.0.0.1 > 10.0.0.2 id 1 seq 1, to 02-00-0a-00-00-02",
	},
	{
		"ffffffffffff02000a0000078847" + "0001",
		"02-00-0a-00-00-07 > all, type 0x8847, 2 bytes",
	},
	{"ffffffffffff02000a0000070806" + "0001080005040001", "malformed ARP packet: 8 bytes instead of 28"},
	{"ffffffffffff02000a0000070800" + "4500", "malformed IPv4 header: 2 bytes instead of 20"},
	{"ffff", "malformed Ethernet header: 2 bytes instead of 14"},
	{"", "malformed Ethernet header: 0 bytes instead of 14"},
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDecodeEncode(t *testing.T) {
	for _, s := range samples {
		b := unhex(t, s.hex)
		p, _ := decode(b, nil, every)
		if got := p.encode(); !bytes.Equal(got, b) {
			t.Errorf("%s encodes to %x", s.hex, got)
		}
		if got := Describe(b); got != s.describe {
			t.Errorf("Describe(%s)\n got %s\nwant %s", s.hex, got, s.describe)
		}
	}
}

// A drawing shows what a frame is about: who says what, and the MAC addresses
// that do not follow from it.
func TestDescribe(t *testing.T) {
	for words, want := range map[string]string{
		"arp":                          "ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02",
		"arp sha=02-00-00-00-00-99":    "ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-00-00-00-99",
		"arp dst=02-00-0a-00-00-09":    "ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02, to 02-00-0a-00-00-09",
		"arp src=02-00-00-00-00-bb":    "ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02, from 02-00-00-00-00-bb",
		"arp op=reply dst=broadcast":   "ARP 10.0.0.2 is-at 02-00-0a-00-00-02 for 10.0.0.1, to all",
		"arp op=258":                   "ARP operation 258 by 10.0.0.2 at 02-00-0a-00-00-02 for 10.0.0.1",
		"icmp type=reply id=7":         "echo reply 10.0.0.2 > 10.0.0.1 id 7 seq 1, to 02-00-0a-00-00-01",
		"icmp type=3 code=1":           "ICMP type 3 code 1 10.0.0.2 > 10.0.0.1, to 02-00-0a-00-00-01",
		"icmp src=02-00-00-00-00-bb":   "echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, from 02-00-00-00-00-bb, to 02-00-0a-00-00-01",
		"icmp sum=bad":                 "echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01 (sum is 0x660e instead of 0x3c54)",
		"udp to=255.255.255.255 sum=0": "UDP 10.0.0.2:4000 > 255.255.255.255:5000, 8 bytes, to 02-00-ff-ff-ff-ff",
		"ipv4 proto=89 size=3 pad=9":   "IPv4 10.0.0.2 > 10.0.0.1 protocol 89, 3 bytes, to 02-00-0a-00-00-01",
		"tcp seq=7 ack=8":              "TCP 10.0.0.2:4000 > 10.0.0.1:5000 ACK seq 7 ack 8, to 02-00-0a-00-00-01",
		"tcp flags=SYN mss=1460":       "TCP 10.0.0.2:4000 > 10.0.0.1:5000 SYN seq 0 mss 1460, to 02-00-0a-00-00-01",
		"tcp flags=RST,ACK win=0":      "TCP 10.0.0.2:4000 > 10.0.0.1:5000 RST,ACK seq 0 ack 0 window 0, to 02-00-0a-00-00-01",
		"tcp flags=none opts=01010204": "TCP 10.0.0.2:4000 > 10.0.0.1:5000 none seq 0 mss in the options 01010204, to 02-00-0a-00-00-01",
		"tcp flags=FIN,ACK data=abc":   "TCP 10.0.0.2:4000 > 10.0.0.1:5000 FIN,ACK seq 0 ack 0, 3 bytes, to 02-00-0a-00-00-01",
		"raw":                          "02-00-0a-00-00-02 > 02-00-0a-00-00-01, 8 bytes",
	} {
		if got := Describe(send(t, words, nil)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", words, got, want)
		}
	}
}

// A frame cut at any length is never taken for a whole one, and comes out as
// it went in.
func TestCutAtEveryLength(t *testing.T) {
	for _, s := range samples[:3] {
		whole := unhex(t, s.hex)
		for n := range len(whole) {
			p, wrong := decode(whole[:n], nil, every)
			if s.hex == samples[1].hex && len(whole)-n <= 4 {
				continue // only its padding is cut
			}
			if wrong == nil {
				t.Errorf("%s cut to %d bytes is well formed", s.describe, n)
			}
			if !bytes.Equal(p.encode(), whole[:n]) {
				t.Errorf("%s cut to %d bytes encodes to %x", s.describe, n, p.encode())
			}
		}
	}
}

// RFC 1071 §3 works this sum out.
func TestInternetSum(t *testing.T) {
	words := []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}
	if got, want := internetSum(words), ^uint16(0xddf2); got != want {
		t.Errorf("checksum is %04x, want %04x", got, want)
	}
	if got, want := internetSum([]byte{0x12, 0x34, 0x56}), ^uint16(0x6834); got != want {
		t.Errorf("an odd byte: checksum is %04x, want %04x", got, want)
	}
	if got := internetSum(nil); got != 0xffff {
		t.Errorf("nothing: checksum is %04x", got)
	}
	if got := internetSum(bytes.Repeat([]byte{0xff}, 65535)); got != 0x00ff {
		t.Errorf("a long one: checksum is %04x", got)
	}
}

func TestWellFormed(t *testing.T) {
	for words, want := range map[string]string{
		"arp htype=6":      "malformed ARP packet: htype is 6 instead of 1",
		"arp ptype=0x86dd": "malformed ARP packet: ptype is 0x86dd instead of 0x0800",
		"arp hlen=5":       "malformed ARP packet: hlen is 5 instead of 6",
		"arp plen=16":      "malformed ARP packet: plen is 16 instead of 4",
		"icmp version=6":   "malformed IPv4 header: version is 6 instead of 4",
		"icmp ihl=4":       "malformed IPv4 header: ihl is 4 instead of at least 5",
		"icmp iplen=19":    "malformed IPv4 header: iplen is 19 instead of at least 20",
		"icmp iplen=37":    "malformed IPv4 header: iplen is 37 instead of at most 36",
		"icmp iplen=27":    "malformed ICMP message: 7 bytes instead of 8",
		"udp iplen=27":     "malformed UDP datagram: 7 bytes instead of 8",
		"udp udplen=15":    "malformed UDP datagram: udplen is 15 instead of 16",
		"tcp off=4":        "malformed TCP segment: off is 4 instead of at least 5",
		"tcp off=6":        "malformed TCP segment: off is 6 instead of at most 5",
		"tcp iplen=39":     "malformed TCP segment: 19 bytes instead of 20",
		"tcp sum=bad":      "sum is 0x22f0 instead of 0x78aa",
		"udp sum=1":        "sum is 0x0001 instead of 0x0cfa",
		"icmp ipsum=bad":   "ipsum is 0x3c8d instead of 0x66d7",

		"arp": "", "icmp": "", "udp": "", "udp sum=0": "", "tcp": "", "tcp mss=1460 data=x": "", "ipv4": "", "raw": "", "icmp pad=20": "",
		"icmp options=01010100 pad=3": "", "icmp flags=1 iplen=23": "", "icmp offset=1 iplen=20": "",
		// Their sums are zero, which is written in the other form.
		"udp hex=d6ee": "", "icmp id=0 seq=0 hex=f7ff": "",
	} {
		_, wrong := inspect(send(t, words, nil))
		got := ""
		switch {
		case wrong != nil && (wrong.Field == "" || !wrong.layer.field(wrong.Field).sum):
			got = fmt.Sprintf("malformed %s: %s", wrong.layer.name, wrong.short())
		case wrong != nil:
			got = wrong.short()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}

// seal makes all lengths and checksums right, and nothing else.
func seal(p packet) {
	given := make(map[place]string)
	for i, l := range p {
		for j := range l.fields {
			f := &l.fields[j]
			if f.format == macAddress || f.name == l.carries {
				given[place{i, f}] = ""
			}
		}
	}
	p.derive(given)
}

func FuzzDecode(f *testing.F) {
	for _, s := range samples {
		f.Add(unhex(f, s.hex))
	}
	for _, words := range []string{"icmp pad=7", "udp size=3", "ipv4 options=01010101", "udp size=0", "icmp flags=1", "arp op=9 pad=18", "tcp", "tcp flags=SYN mss=536", "tcp opts=01030304 data=x psh=1", "raw vlan=10", "icmp vlan=0 prio=5", "raw vlan=1 ethertype=0x8100 hex=0002"} {
		f.Add(send(f, words, nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		Describe(b)
		original := bytes.Clone(b)
		p, wrong := decode(b, nil, every)
		if !bytes.Equal(b, original) || !bytes.Equal(p.encode(), original) {
			t.Fatalf("%x\nbecomes %x", original, p.encode())
		}
		if wrong != nil {
			return
		}
		// Sealed, it is right, has the same layers, and sealing changes
		// nothing more.
		seal(p)
		once := p.encode()
		again, wrong := inspect(once)
		if wrong != nil {
			t.Fatalf("sealed: %v", wrong)
		}
		if !slices.EqualFunc(p, again, func(a, b layer) bool {
			return a.protocol == b.protocol && bytes.Equal(a.bytes, b.bytes)
		}) {
			t.Fatalf("sealed: %s, and was %s", again.describe(), p.describe())
		}
		seal(again)
		if !bytes.Equal(again.encode(), once) {
			t.Fatalf("sealed twice: %x\nonce: %x", again.encode(), once)
		}
	})
}
