package frame

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"wirebook/harness/internal/packet"
)

// A relation is a frame that was sent as x, what came, and what a scenario
// expects of it: "" where it fits.
type relation struct{ sent, came, expect, want string }

func (r relation) check(t *testing.T) {
	t.Helper()
	seen := NewMemory()
	send(t, r.sent+" as=x", seen)
	e, err := ParseExpect(strings.Fields(r.expect))
	if err != nil {
		t.Fatal(err)
	}
	_, err = e.Take(send(t, r.came, nil), seen)
	var m *packet.Mismatch
	switch {
	case r.want == "" && err != nil, r.want != "" && (!errors.As(err, &m) || !strings.HasPrefix(m.Error(), r.want)):
		t.Errorf("sent %s, came %s, %s:\n got %v\nwant %s", r.sent, r.came, r.expect, err, r.want)
	}
}

func TestCopy(t *testing.T) {
	for _, r := range []relation{
		{"raw size=46", "raw size=46", "copy of=x", ""},
		{"raw hex=", "raw hex=", "copy of=x", ""},
		{"icmp pad=3", "icmp pad=3", "copy of=x", ""},
		{"icmp sum=bad", "icmp sum=bad", "copy of=x", ""},
		{"ipv4 iplen=9 ipsum=bad", "ipv4 iplen=9 ipsum=bad", "copy of=x", ""},
		{"arp hlen=5", "arp hlen=5", "copy of=x", ""},
		{"raw ethertype=0x88a8", "raw ethertype=0x88a8", "copy of=x", ""},
		{"icmp pad=3", "icmp", "copy of=x", "padding (its length) is 0, want 3, at byte 0 of the padding (50 of the frame): echo request"},
		{"icmp pad=2", "icmp pad=2 patch=51:00", "copy of=x", "padding (in hexadecimal) is 5000, want 5050, at byte 1 of the padding (51 of the frame)"},
		{"raw data=hello", "raw data=hallo", "copy of=x", "data (in hexadecimal) is 68616c6c6f, want 68656c6c6f, at byte 1 of the data (15 of the frame)"},
		{"raw data=hello", "raw data=hello pad=1", "copy of=x", "data (its length) is 6, want 5, at byte 5 of the data (19 of the frame)"},
		{"icmp", "icmp ttl=63", "copy of=x", "ttl (time to live) is 63, want 64, at byte 8 of the IPv4 header (22 of the frame)"},
		{"icmp", "arp", "copy of=x", "want echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01, got ARP who-has"},

		// The tag.
		{"arp", "arp vlan=10", "copy of=x vlan=10", ""},
		{"arp vlan=10 prio=5", "arp", "copy of=x", ""},
		{"arp vlan=10 prio=5 dei=1", "arp vlan=20 prio=5 dei=1", "copy of=x vlan=20", ""},
		{"arp vlan=0 prio=7", "arp vlan=20 prio=7", "copy of=x vlan=20", ""},
		{"arp vlan=0 prio=7", "arp vlan=20", "copy of=x vlan=20 prio=0", ""},
		{"raw vlan=10 ethertype=0x8100 hex=0014080001", "raw ethertype=0x8100 hex=0014080001", "copy of=x", ""},
		{"raw vlan=10 ethertype=0x8100 hex=0014080001", "raw vlan=11 ethertype=0x8100 hex=0014080001", "copy of=x vlan=11", ""},
		{"raw vlan=10 cut=17", "raw vlan=10 cut=17", "copy of=x", ""}, // half a tag is none
		{"arp vlan=10 prio=5", "arp vlan=10", "copy of=x vlan=10", "prio (priority) is 0, want 5, at byte 0 of the VLAN tag (14 of the frame): VLAN 10, ARP who-has"},
		{"arp", "arp vlan=10", "copy of=x", "want ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02, got VLAN 10, ARP who-has"},
		{"arp", "arp", "copy of=x vlan=10", "want VLAN 10, ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02, got ARP who-has"},

		// Other changes.
		{"icmp", "icmp from=10.0.0.9", "copy of=x from=10.0.0.9 src=02-00-0a-00-00-09", ""},
		{"udp", "udp sport=7", "copy of=x sport=7", ""},
		{"udp sum=0", "udp sport=7 sum=0", "copy of=x sport=7", ""},
		{"udp", "udp sport=7 sum=bad", "copy of=x sport=7", "sum (checksum) is"},
		{"udp sum=0x1234", "udp sport=7 sum=0x21cd", "copy of=x sport=7", ""}, // 4000 - 7 more
		{"udp sum=0x1234", "udp sport=7 sum=0x1234", "copy of=x sport=7", "sum (checksum) is 0x1234, want 0x21cd"},
		{"udp sum=0x1234", "udp sport=7 sum=0x1234", "copy of=x sport=7 sum=0x1234", ""},
	} {
		r.check(t)
	}
}

func TestForwarded(t *testing.T) {
	const fresh = "src=02-00-00-00-00-01 dst=02-00-00-00-00-02 "
	for _, r := range []relation{
		{"icmp to=10.0.1.9", fresh + "icmp to=10.0.1.9 ttl=63", "forwarded of=x", ""},
		{"icmp to=10.0.1.9", fresh + "icmp to=10.0.1.9 ttl=63 pad=9", fresh + "forwarded of=x", ""},
		{"icmp to=10.0.1.9 pad=9", fresh + "icmp to=10.0.1.9 ttl=63", fresh + "forwarded of=x", ""},
		{"icmp", fresh + "icmp ttl=63", "forwarded of=x src=02-00-00-00-00-03", "src (source MAC) is 02-00-00-00-00-01, want 02-00-00-00-00-03, at byte 6"},
		{"icmp", "icmp", "forwarded of=x", "ttl (time to live) is 64, want 63"},
		{"icmp", "icmp ttl=64 ipsum=bad", "forwarded of=x", "ttl (time to live) is 64, want 63"},
		{"icmp", "icmp ttl=63 ipsum=bad", "forwarded of=x", "ipsum (header checksum) is"},
		{"icmp ipid=7", "icmp ttl=63", "forwarded of=x", "ipid (identification) is 0, want 7"},
		{"icmp options=01010101", "icmp ttl=63", "forwarded of=x", "IPv4 header (its length) is 20, want 24"},
		{"icmp data=hello", "icmp ttl=63 data=hallo", "forwarded of=x", "sum (checksum) is"},
		{"udp sum=bad", "udp ttl=63 sum=bad", "forwarded of=x", ""},
		{"ipv4 flags=1 offset=3 size=8", "ipv4 ttl=63 flags=1 offset=3 size=8", "forwarded of=x", ""},
		{"icmp vlan=10 prio=5", "icmp ttl=63 vlan=20", "forwarded of=x vlan=20", ""},
		{"icmp vlan=10 prio=5", "icmp ttl=63 vlan=20 prio=5", "forwarded of=x vlan=20", "prio (priority) is 5, want 0"},
		{"icmp vlan=10", "icmp ttl=63", "forwarded of=x", ""},
		{"icmp vlan=10", "icmp ttl=63 vlan=10", "forwarded of=x", "want echo request"},
		{"icmp", "icmp ttl=9 tos=3", "forwarded of=x ttl=9 tos=3", ""},
		{"icmp", "icmp cut=40", "forwarded of=x", "want echo request"},
	} {
		r.came = strings.Replace(r.came, fresh+"icmp", "icmp "+fresh, 1)
		r.expect = strings.Replace(r.expect, fresh+"forwarded", "forwarded "+fresh, 1)
		r.check(t)
	}
}

// A sum of zero is none of a UDP datagram: it is sent in its other form.
func TestForwardedWithoutSum(t *testing.T) {
	rest := hex.EncodeToString(send(t, "udp hex=0000", nil)[40:42]) // with it the sum is zero
	for _, r := range []relation{
		{"udp sport=7 hex=" + rest, "udp ttl=63 sum=0xffff hex=" + rest, "forwarded of=x sport=4000", ""},
		{"udp sport=7 hex=" + rest, "udp ttl=63 sum=0 hex=" + rest, "forwarded of=x sport=4000", "sum (checksum) is 0x0000, want 0xffff"},
		{"udp sport=7 sum=0", "udp ttl=63 sum=0", "forwarded of=x sport=4000", ""},
		{"udp sport=7 sum=0", "udp ttl=63 sum=0xffff", "forwarded of=x sport=4000", "sum (checksum) is 0xffff, want 0x0000"},
		{"udp sport=3999 sum=0xffff", "udp ttl=63 sum=0xfffe", "forwarded of=x sport=4000", ""},
		{"udp sport=3999 sum=0x0001", "udp ttl=63 sum=0xffff", "forwarded of=x sport=4000", ""},
	} {
		r.check(t)
	}
}

// Both forms of a checksum of zero are the same.
func TestForwardedWithTheOtherZero(t *testing.T) {
	seen := NewMemory()
	sent := send(t, "icmp ttl=2 as=x", seen)
	for id := range 0x10000 {
		sent[18], sent[19] = byte(id>>8), byte(id)
		copy(sent[24:26], packet.SumOf(sent[14:34], 10))
		seen.name("x", sent)
		want, err := likenessNamed("forwarded").of(sent, nil)
		if err != nil {
			t.Fatal(err)
		}
		if sum := want.Get("ipsum"); packet.Number(sum) != 0 {
			continue
		}
		came := want.Encode()
		came[24], came[25] = 0xff, 0xff
		take(t, "forwarded of=x", came, seen)
		return
	}
	t.Error("no packet has a checksum of zero")
}

func TestAbout(t *testing.T) {
	quoted := func(words string, patch ...string) string {
		b := send(t, words+" "+strings.Join(patch, " "), nil)[14:]
		return "icmp type=11 id=0 seq=0 hex=" + packet.HexBytes.Write(b)
	}
	for _, r := range []relation{
		{"udp size=100", quoted("udp size=100"), "icmp type=11 about=x", ""},
		{"udp size=100", quoted("udp size=100", "cut=42"), "icmp about=x type=11|12 code=0", ""},
		{"udp size=100", quoted("udp size=100 ttl=63", "cut=42"), "icmp about=x", ""},
		{"udp size=100 ttl=0", quoted("udp size=100 ttl=0", "cut=60"), "icmp about=x", ""},
		{"udp options=01010101", quoted("udp options=01010101 ttl=63", "cut=46"), "icmp about=x", ""},
		{"icmp size=0 vlan=10 pad=18", quoted("icmp size=0"), "icmp about=x", ""},
		{"ipv4 size=1", quoted("ipv4 size=1"), "icmp about=x", ""},
		{"udp size=1480", quoted("udp size=1480", "cut=562"), "icmp about=x", ""},
		{"udp size=1480", quoted("udp size=1480", "cut=563"), "icmp about=x", "about (what is quoted) is 549 bytes, want at most 548, at byte 548 of the data (590 of the frame)"},
		{"udp size=100", quoted("udp size=100", "cut=41"), "icmp about=x", "about (what is quoted) is 27 bytes, want at least 28"},
		{"ipv4 size=1", quoted("ipv4 size=1", "pad=1"), "icmp about=x", "about (what is quoted) is 22 bytes, want at most 21"},
		{"udp size=100", quoted("udp size=100 ttl=62", "cut=42"), "icmp about=x", "ttl (in what is quoted) is 62, want 64, at byte 8 of the data"},
		{"udp size=100", quoted("udp size=100 ttl=63 ipsum=bad", "cut=42"), "icmp about=x", "ipsum (in what is quoted) is 0x3d31, want 0x676b, at byte 10 of the data"},
		{"udp size=100", quoted("udp size=100 dport=7", "cut=42"), "icmp about=x", "dport (in what is quoted) is 7, want 5000, at byte 22 of the data"},
		{"udp size=100", quoted("udp size=100", "cut=42"), "icmp type=11 quote=x", ""},
		{"udp size=100", quoted("udp size=100", "cut=41"), "icmp type=11 quote=x", "quote (what is quoted) is 27 bytes, want at least 28"},
		{"udp size=100", quoted("udp size=100 ttl=63", "cut=42"), "icmp type=11 quote=x", "ttl (in what is quoted) is 63, want 64"},
		{"udp size=100", "icmp type=3", "icmp type=11 about=x", "type (type) is 3, want 11"},
		{"udp", "udp", "icmp about=x", "want an ICMP message"},
	} {
		r.check(t)
	}
}

func TestQuote(t *testing.T) {
	for _, r := range []struct{ about, words, want string }{
		{"udp size=100", "icmp type=11 quote=x", "udp size=100"},
		{"udp size=100", "icmp type=11 quote=x quoted=8", "udp size=100 cut=42"},
		{"udp size=1 pad=30", "icmp type=3 code=3 quote=x", "udp size=1"},
		{"udp size=1 vlan=5 options=01010101", "icmp type=3 quote=x quoted=0", "udp size=1 options=01010101 cut=38"},
	} {
		seen := NewMemory()
		send(t, r.about+" as=x", seen)
		got := send(t, r.words, seen)
		if quote, want := got[42:], send(t, r.want, nil)[14:]; !bytes.Equal(quote, want) {
			t.Errorf("%s: %s quotes\n %x, want\n %x", r.about, r.words, quote, want)
		}
		if _, wrong := table.Inspect(got); wrong != nil {
			t.Errorf("%s: %v", r.words, wrong)
		}
	}
}

// What the memory does not have is the scenario's mistake, and no frame's.
func TestLikeWhat(t *testing.T) {
	seen := NewMemory()
	send(t, "arp as=question", seen)
	for words, want := range map[string]string{
		"copy of=y":              "frame: copy of=y: no frame was sent or expected as=y",
		"copy of=question ttl=1": `frame: copy of=question: "ttl" is no field of: ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02`,
		"forwarded of=question":  "frame: forwarded of=question: this is no packet that is forwarded: ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02",
		"icmp about=y":           "frame: icmp about=y: no frame was sent or expected as=y",
		"icmp quote=y":           "frame: icmp quote=y: no frame was sent or expected as=y",
		"icmp about=question":    "frame: icmp about=question: no error can be about: ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02",
	} {
		e, err := ParseExpect(strings.Fields(words))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Take(send(t, "icmp", nil), seen); err == nil || err.Error() != want {
			t.Errorf("%s:\n got %v\nwant %s", words, err, want)
		}
	}
}

// Names are known on all cables, what came last on its own only.
func TestMemoryBeside(t *testing.T) {
	one := NewMemory()
	other := one.Beside()
	take(t, "icmp as=ping", send(t, "icmp", nil), one)
	send(t, "answer of=ping", other)
	s, err := ParseSend([]string{"answer"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bytes(other); err == nil {
		t.Error("what came over another cable is answered")
	}
}
