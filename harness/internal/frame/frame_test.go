package frame

import (
	"bytes"
	"encoding/hex"
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
		"ARP who-has 10.0.0.2 tell 10.0.0.1",
	},
	{
		"02000a00000102000a0000020806000108000604000202000a0000020a00000202000a0000010a000001" + "00000000",
		"ARP 10.0.0.2 is-at 02-00-0a-00-00-02, to 10.0.0.1",
	},
	{
		"02000a00000202000a0000010800" + "45000024000040004001" + "26d7" + "0a0000010a000002" + "0800" + "3c54" + "00010001" + "7769726562" + "6f6f6b",
		"ICMP echo request 10.0.0.1 > 10.0.0.2 id 1 seq 1",
	},
	{
		"ffffffffffff02000a0000078100600a8847" + "0001",
		"VLAN 10 frame 02-00-0a-00-00-07 > ff-ff-ff-ff-ff-ff type 0x8847, 2 bytes",
	},
	{
		"ffffffffffff02000a0000078100",
		"frame 02-00-0a-00-00-07 > ff-ff-ff-ff-ff-ff type 0x8100, 0 bytes (the frame ends within a VLAN tag)",
	},
	{
		"ffffffffffff02000a0000070806" + "0001080005040001",
		"ARP (the ARP packet has 8 bytes instead of 28)",
	},
	{
		"ffffffffffff02000a0000070800" + "4500",
		"IPv4 (the IPv4 header has 2 bytes instead of 20)",
	},
	{"ffff", "2 bytes, too short for a frame"},
	{"", "0 bytes, too short for a frame"},
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDescribe(t *testing.T) {
	for _, s := range samples {
		if got := Describe(unhex(t, s.hex)); got != s.describe {
			t.Errorf("Describe(%s)\n got %s\nwant %s", s.hex, got, s.describe)
		}
	}
}

func TestDecodeEncode(t *testing.T) {
	for _, s := range samples {
		b := unhex(t, s.hex)
		p, err := Decode(b)
		if len(b) < EthernetLen {
			if err != ErrTooShort {
				t.Errorf("Decode(%s): %v", s.hex, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("Decode(%s): %v", s.hex, err)
		}
		if got := p.Encode(); !bytes.Equal(got, b) {
			t.Errorf("Decode(%s) encodes to %x", s.hex, got)
		}
	}
}

// A frame cut at any length is never taken for a whole one, and comes out as
// it went in.
func TestCutAtEveryLength(t *testing.T) {
	for _, s := range samples[:3] {
		whole := unhex(t, s.hex)
		for n := range len(whole) {
			p, err := Decode(whole[:n])
			if n < EthernetLen {
				if err == nil {
					t.Errorf("%d bytes decode", n)
				}
				continue
			}
			padding := len(whole) - n
			if s.hex == samples[1].hex && padding <= 4 {
				continue // only its padding is cut
			}
			if p.Problem == nil || p.ARP != nil || p.IPv4 != nil {
				t.Errorf("%s cut to %d bytes decodes", s.describe, n)
			}
			if !bytes.Equal(p.Encode(), whole[:n]) {
				t.Errorf("%s cut to %d bytes encodes to %x", s.describe, n, p.Encode())
			}
		}
	}
}

// RFC 1071 §3 works this sum out.
func TestChecksum(t *testing.T) {
	words := []byte{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}
	if got, want := Checksum(words), ^uint16(0xddf2); got != want {
		t.Errorf("checksum is %04x, want %04x", got, want)
	}
	if got, want := Checksum([]byte{0x12, 0x34, 0x56}), ^uint16(0x6834); got != want {
		t.Errorf("an odd byte: checksum is %04x, want %04x", got, want)
	}
	if got := Checksum(nil); got != 0xffff {
		t.Errorf("nothing: checksum is %04x", got)
	}
	if got := Checksum(bytes.Repeat([]byte{0xff}, 65535)); got != 0x00ff {
		t.Errorf("a long one: checksum is %04x", got)
	}
}

func TestMalformed(t *testing.T) {
	for _, c := range []struct{ words, problem string }{
		{"arp htype=6", "the ARP hardware type is 6 instead of 1 (Ethernet)"},
		{"arp ptype=0x86dd", "the ARP protocol type is 0x86dd instead of 0x0800 (IPv4)"},
		{"arp hlen=5", "the ARP hardware address length is 5 instead of 6"},
		{"arp plen=16", "the ARP protocol address length is 16 instead of 4"},
		{"icmp version=6", "the IP version is 6 instead of 4"},
		{"icmp ihl=4", "the IPv4 header length is 16 bytes, less than 20"},
		{"icmp iplen=19", "the IPv4 total length is 19 bytes, less than its header's 20"},
		{"icmp iplen=37", "the IPv4 total length is 37 bytes, and 36 are there"},
		{"icmp iplen=27", "the ICMP message has 7 bytes, less than 8"},
		{"udp iplen=27", "the UDP header is cut short"},
		{"udp udplen=15", "the UDP length is 15 bytes, and 16 are there"},
		{"udp sum=1", "UDP checksum is 0x0001, should be 0x"},
		{"icmp sum=bad", "ICMP checksum is 0x"},
		{"icmp ipsum=bad", "IPv4 header checksum is 0x"},
	} {
		p, err := Decode(send(t, c.words, nil))
		if err != nil {
			t.Fatal(err)
		}
		got := p.Verify()
		if got == nil || !bytes.HasPrefix([]byte(got.Error()), []byte(c.problem)) {
			t.Errorf("%s: %v, want %s", c.words, got, c.problem)
		}
	}
	for _, words := range []string{"arp", "icmp", "udp", "udp sum=0", "ipv4", "raw", "icmp pad=20", "icmp flags=1 iplen=23", "icmp offset=1 iplen=20"} {
		if p, err := Decode(send(t, words, nil)); err != nil || p.Verify() != nil && words[0] == 'a' {
			t.Errorf("%s: %v", words, p.Verify())
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range samples {
		f.Add(unhex(f, s.hex))
	}
	for _, words := range []string{"icmp pad=7", "udp vlan=100,10/3", "ipv4 options=01010101", "udp size=0", "icmp flags=1", "arp op=9 pad=18"} {
		f.Add(send(f, words, nil))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		Describe(b)
		original := bytes.Clone(b)
		p, err := Decode(b)
		if (err != nil) != (len(b) < EthernetLen) {
			t.Fatalf("%d bytes: %v", len(b), err)
		}
		if err != nil {
			return
		}
		if got := p.Encode(); !bytes.Equal(got, original) {
			t.Fatalf("%x\nbecomes %x", original, got)
		}
		if p.Problem != nil {
			return
		}
		// Sealed, it is right, has the same form, and sealing changes nothing
		// more.
		p.Seal()
		if err := p.Verify(); err != nil {
			t.Fatalf("sealed: %v", err)
		}
		once := p.Encode()
		again, err := Decode(once)
		if err != nil || again.Verify() != nil {
			t.Fatalf("sealed %x: %v, %v", once, err, again.Verify())
		}
		again.Seal()
		if !bytes.Equal(again.Encode(), once) {
			t.Fatalf("sealed twice: %x\nonce: %x", again.Encode(), once)
		}
	})
}
