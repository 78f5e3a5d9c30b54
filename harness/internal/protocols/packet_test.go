package protocols_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/packet"
	"wirebook/harness/internal/protocols"
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

// send is the frame that a scenario sends with these words.
func send(t testing.TB, words string) []byte {
	t.Helper()
	s, err := frame.ParseSend(strings.Fields(words))
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Bytes(nil)
	if err != nil {
		t.Fatalf("%s: %v", words, err)
	}
	return b
}

func TestDecodeEncode(t *testing.T) {
	for _, s := range samples {
		b := unhex(t, s.hex)
		p, _ := protocols.Table.Decode(b, nil, packet.Every)
		if got := p.Encode(); !bytes.Equal(got, b) {
			t.Errorf("%s encodes to %x", s.hex, got)
		}
		if got := protocols.Table.Describe(b); got != s.describe {
			t.Errorf("protocols.Table.Describe(%s)\n got %s\nwant %s", s.hex, got, s.describe)
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
		"icmp type=3 code=1":           "ICMP host unreachable (type 3 code 1) 10.0.0.2 > 10.0.0.1, to 02-00-0a-00-00-01",
		"icmp type=5 code=1":           "ICMP type 5 code 1 10.0.0.2 > 10.0.0.1, to 02-00-0a-00-00-01",
		"icmp ttl=1":                   "echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01",
		"icmp src=02-00-00-00-00-bb":   "echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, from 02-00-00-00-00-bb, to 02-00-0a-00-00-01",
		"icmp sum=bad":                 "echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01 (sum is 0x660e instead of 0x3c54)",
		"udp to=255.255.255.255 sum=0": "UDP 10.0.0.2:4000 > 255.255.255.255:5000, 8 bytes, to 02-00-ff-ff-ff-ff",
		"ipv4 proto=89 size=3 pad=9":   "IPv4 10.0.0.2 > 10.0.0.1 protocol 89, 3 bytes, to 02-00-0a-00-00-01",
		"tcp seq=7 ack=8":              "TCP ACK seq 7 ack 8, 10.0.0.2:4000 > 10.0.0.1:5000",
		"tcp dst=02-00-0a-00-00-09":    "TCP ACK seq 0 ack 0, 10.0.0.2:4000 > 10.0.0.1:5000, to 02-00-0a-00-00-09",
		"tcp flags=SYN mss=1460":       "TCP SYN seq 0, 10.0.0.2:4000 > 10.0.0.1:5000, mss 1460",
		"tcp win=2919":                 "TCP ACK seq 0 ack 0 win 2919, 10.0.0.2:4000 > 10.0.0.1:5000",
		"tcp win=2920":                 "TCP ACK seq 0 ack 0, 10.0.0.2:4000 > 10.0.0.1:5000",
		"tcp flags=RST,ACK win=0":      "TCP RST,ACK seq 0 ack 0, 10.0.0.2:4000 > 10.0.0.1:5000",
		"tcp flags=none opts=01010204": "TCP none seq 0, 10.0.0.2:4000 > 10.0.0.1:5000, mss in the options 01010204",
		"tcp flags=FIN,ACK data=abc":   "TCP FIN,ACK seq 0 ack 0, 10.0.0.2:4000 > 10.0.0.1:5000, 3 bytes",
		"dhcp":                         "DHCP DISCOVER from 02-00-0a-00-00-02 xid 0x00000001, to all",
		"dhcp type=request requested=10.0.0.7 server=10.0.0.1":        "DHCP REQUEST 10.0.0.7 to server 10.0.0.1 from 02-00-0a-00-00-02 xid 0x00000001, to all",
		"dhcp type=request ciaddr=10.0.0.7":                           "DHCP REQUEST 10.0.0.7 from 02-00-0a-00-00-02 xid 0x00000001, to 02-00-0a-00-00-01",
		"dhcp type=offer yiaddr=10.0.0.7":                             "DHCP OFFER 10.0.0.7 for 02-00-0a-00-00-02 xid 0x00000001",
		"dhcp type=ack yiaddr=10.0.0.7 flags=0x8000":                  "DHCP ACK 10.0.0.7 for 02-00-0a-00-00-02 xid 0x00000001, to all",
		"dhcp type=nak xid=0xabc":                                     "DHCP NAK for 02-00-0a-00-00-02 xid 0x00000abc, to all",
		"dhcp type=99 chaddr=02-00-00-00-00-0a dst=02-00-00-00-00-bb": "DHCP 99 from 02-00-00-00-00-0a xid 0x00000001, to 02-00-00-00-00-bb",
		"dhcp opts=ff": "DHCP NONE from 02-00-0a-00-00-02 xid 0x00000001, to all",
		"raw":          "02-00-0a-00-00-02 > 02-00-0a-00-00-01, 8 bytes",
	} {
		if got := protocols.Table.Describe(send(t, words)); got != want {
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
			p, wrong := protocols.Table.Decode(whole[:n], nil, packet.Every)
			if s.hex == samples[1].hex && len(whole)-n <= 4 {
				continue // only its padding is cut
			}
			if wrong == nil {
				t.Errorf("%s cut to %d bytes is well formed", s.describe, n)
			}
			if !bytes.Equal(p.Encode(), whole[:n]) {
				t.Errorf("%s cut to %d bytes encodes to %x", s.describe, n, p.Encode())
			}
		}
	}
}

func TestWellFormed(t *testing.T) {
	for words, want := range map[string]string{
		"arp htype=6":               "malformed ARP packet: htype is 6 instead of 1",
		"arp ptype=0x86dd":          "malformed ARP packet: ptype is 0x86dd instead of 0x0800",
		"arp hlen=5":                "malformed ARP packet: hlen is 5 instead of 6",
		"arp plen=16":               "malformed ARP packet: plen is 16 instead of 4",
		"icmp version=6":            "malformed IPv4 header: version is 6 instead of 4",
		"icmp ihl=4":                "malformed IPv4 header: ihl is 4 instead of at least 5",
		"icmp iplen=19":             "malformed IPv4 header: iplen is 19 instead of at least 20",
		"icmp iplen=37":             "malformed IPv4 header: iplen is 37 instead of at most 36",
		"icmp iplen=27":             "malformed ICMP message: 7 bytes instead of 8",
		"udp iplen=27":              "malformed UDP datagram: 7 bytes instead of 8",
		"udp udplen=15":             "malformed UDP datagram: udplen is 15 instead of 16",
		"tcp off=4":                 "malformed TCP segment: off is 4 instead of at least 5",
		"tcp off=6":                 "malformed TCP segment: off is 6 instead of at most 5",
		"tcp iplen=39":              "malformed TCP segment: 19 bytes instead of 20",
		"tcp sum=bad":               "sum is 0x22f0 instead of 0x78aa",
		"udp sum=1":                 "sum is 0x0001 instead of 0x0cfa",
		"dhcp hlen=5":               "malformed DHCP message: hlen is 5 instead of 6",
		"dhcp cookie=1":             "malformed DHCP message: cookie is 0x00000001 instead of 0x63825363",
		"dhcp opts=3501":            "malformed DHCP message: opts is 3501 instead of options that end within the message",
		"dhcp iplen=267 udplen=247": "malformed DHCP message: 239 bytes instead of 240",
		"icmp ipsum=bad":            "ipsum is 0x3c8d instead of 0x66d7",

		"arp": "", "icmp": "", "udp": "", "udp sum=0": "", "tcp": "", "tcp mss=1460 data=x": "", "ipv4": "", "raw": "", "icmp pad=20": "", "dhcp": "", "dhcp opts=0000350101": "", "dhcp sum=0 pad=3": "",
		"icmp options=01010100 pad=3": "", "icmp flags=1 iplen=23": "", "icmp offset=1 iplen=20": "",
		// Their sums are zero, which is written in the other form.
		"udp hex=d6ee": "", "icmp id=0 seq=0 hex=f7ff": "",
	} {
		b := send(t, words)
		_, wrong := protocols.Table.Inspect(b)
		if got := protocols.Table.Describe(b); (wrong == nil) != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}

// seal makes all lengths and checksums right, and nothing else.
func seal(p packet.Packet) {
	given := make(map[packet.Place]string)
	for i, l := range p {
		for j := range l.Fields {
			f := &l.Fields[j]
			if f.Format == packet.MACAddress || f.Name == l.Carries {
				given[packet.Place{Layer: i, Field: f}] = ""
			}
		}
	}
	p.Derive(given)
}

func FuzzDecode(f *testing.F) {
	for _, s := range samples {
		f.Add(unhex(f, s.hex))
	}
	for _, words := range []string{"icmp pad=7", "udp size=3", "ipv4 options=01010101", "udp size=0", "icmp flags=1", "arp op=9 pad=18", "tcp", "tcp flags=SYN mss=536", "tcp opts=01030304 data=x psh=1", "dhcp", "dhcp type=ack yiaddr=10.0.0.9 server=10.0.0.1 dns=10.0.0.2,10.0.0.3 t1=9", "dhcp opts=0035010100", "dhcp opts=3501", "raw vlan=10", "icmp vlan=0 prio=5", "raw vlan=1 ethertype=0x8100 hex=0002"} {
		f.Add(send(f, words))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		protocols.Table.Describe(b)
		original := bytes.Clone(b)
		p, wrong := protocols.Table.Decode(b, nil, packet.Every)
		if !bytes.Equal(b, original) || !bytes.Equal(p.Encode(), original) {
			t.Fatalf("%x\nbecomes %x", original, p.Encode())
		}
		if wrong != nil {
			return
		}
		// Sealed, it is right, has the same layers, and sealing changes
		// nothing more.
		seal(p)
		once := p.Encode()
		again, wrong := protocols.Table.Inspect(once)
		if wrong != nil {
			t.Fatalf("sealed: %v", wrong)
		}
		if !slices.EqualFunc(p, again, func(a, b packet.Layer) bool {
			return a.Protocol == b.Protocol && bytes.Equal(a.Bytes, b.Bytes)
		}) {
			t.Fatalf("sealed: %s, and was %s", again.Describe(), p.Describe())
		}
		seal(again)
		if !bytes.Equal(again.Encode(), once) {
			t.Fatalf("sealed twice: %x\nonce: %x", again.Encode(), once)
		}
	})
}

// Whatever a field shows, it reads again, and its usual value is one.
func TestFieldsShowWhatTheyRead(t *testing.T) {
	for _, kind := range protocols.Table {
		b, err := protocols.Table.Build(kind, nil)
		if err != nil {
			t.Errorf("%s: %v", kind.Name, err)
		}
		p, _ := protocols.Table.Decode(b, nil, packet.Every)
		for i, l := range p {
			for j := range l.Fields {
				f := &l.Fields[j]
				if f.Name == "data" {
					continue // it shows quotes
				}
				shown, _, _ := strings.Cut(f.Show(l.Value(f)), " ")
				before := bytes.Clone(l.Value(f))
				if err := p[i].Set(f, shown); err != nil || !bytes.Equal(p[i].Value(f), before) && f.Name != "size" {
					t.Errorf("%s %s=%s: %v, %x", kind.Kind, f.Name, shown, err, p[i].Value(f))
				}
			}
		}
	}
}
