package frame

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

func send(t testing.TB, words string, seen Memory) []byte {
	t.Helper()
	s, err := ParseSend(strings.Fields(words))
	if err != nil {
		t.Fatalf("%s: %v", words, err)
	}
	b, err := s.Bytes(seen)
	if err != nil {
		t.Fatalf("%s: %v", words, err)
	}
	return b
}

func TestSend(t *testing.T) {
	const (
		host = "02000a000001"
		peer = "02000a000002"
	)
	for _, c := range []struct{ words, want string }{
		{"arp", "ffffffffffff" + peer + "0806" + "0001080006040001" + peer + "0a000002" + "000000000000" + "0a000001"},
		{"arp op=reply", host + peer + "0806" + "0001080006040002" + peer + "0a000002" + host + "0a000001"},
		{"arp spa=0.0.0.0", "ffffffffffff" + "020000000000" + "0806" + "0001080006040001" + "020000000000" + "00000000" + "000000000000" + "0a000001"},
		{"arp sha=0a:0B:0c:0d:0e:0f op=3 dst=broadcast", "ffffffffffff" + "0a0b0c0d0e0f" + "0806" + "0001080006040003" + "0a0b0c0d0e0f" + "0a000002" + host + "0a000001"},
		{"arp hlen=5 cut=20 pad=2", "ffffffffffff" + peer + "0806" + "000108000504" + "5050"},
		{"arp patch=0:aa,41:07,90:01", "aaffffffffff" + peer + "0806" + "0001080006040001" + peer + "0a000002" + "000000000000" + "0a000007"},
		{"raw dst=broadcast hex=", "ffffffffffff" + peer + "88b5"},
		{"raw cut=3", "02000a"},
		{"raw vlan=100,10/5 data=\\xff\\n", host + peer + "88a8" + "0064" + "8100" + "a00a" + "88b5" + "ff0a"},
		{"icmp size=2", host + peer + "0800" + "4500001e0000000040" + "0166dd" + "0a0000020a000001" + "0800969b00010001" + "6162"},
	} {
		if got := hex.EncodeToString(send(t, c.words, nil)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.words, got, c.want)
		}
	}
}

func TestAnswer(t *testing.T) {
	seen := make(Memory)
	take(t, "arp op=1 as=question", send(t, "arp spa=10.0.0.1 tpa=10.0.0.9 vlan=7", nil), seen)
	take(t, "icmp type=request", send(t, "icmp from=10.0.0.1 to=10.0.0.2 dst=0a-00-00-00-00-01 id=700 seq=8 data=abc", nil), seen)
	for _, c := range []struct{ send, expect string }{
		{"answer of=question", "arp op=reply vlan=7 src=02-00-0a-00-00-09 dst=02-00-0a-00-00-01 sha=02-00-0a-00-00-09 spa=10.0.0.9 tha=02-00-0a-00-00-01 tpa=10.0.0.1"},
		{"answer of=question sha=0a-00-00-00-00-01", "arp op=2 src=0a-00-00-00-00-01 sha=0a-00-00-00-00-01"},
		{"answer", "icmp type=reply code=0 from=10.0.0.2 to=10.0.0.1 src=0a-00-00-00-00-01 dst=02-00-0a-00-00-01 id=700 seq=8 data=abc"},
		{"answer data=xy id=1", "icmp type=0 id=1 seq=8 size=2 hex=7879"},
	} {
		take(t, c.expect, send(t, c.send, seen), make(Memory))
	}
	for words, want := range map[string]string{
		"answer of=nobody":  "frame: answer: no frame was expected as=nobody",
		"answer op=request": "frame: op: no field of kind icmp",
	} {
		s, err := ParseSend(strings.Fields(words))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Bytes(seen); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", words, err, want)
		}
	}
	s, err := ParseSend([]string{"answer"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Bytes(Memory{"": send(t, "udp", nil)}); err == nil {
		t.Error("a UDP datagram has an answer")
	}
	if _, err := s.Bytes(Memory{}); err == nil {
		t.Error("nothing has an answer")
	}
}

func take(t *testing.T, words string, b []byte, seen Memory) {
	t.Helper()
	e, err := ParseExpect(strings.Fields(words))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Take(b, seen); err != nil {
		t.Errorf("%s: %v", words, err)
	}
}

func TestMismatch(t *testing.T) {
	for _, c := range []struct {
		sent, expect, want string
		offset, len        int
	}{
		{"arp", "arp op=2", "op (ARP operation) is 1 (request), want 2 (reply), in ARP who-has 10.0.0.1 tell 10.0.0.2", 20, 2},
		{"arp tpa=10.0.0.9", "arp spa=10.0.0.2 tpa=10.0.0.1", "tpa (ARP target protocol address) is 10.0.0.9, want 10.0.0.1, in ARP who-has 10.0.0.9 tell 10.0.0.2", 38, 4},
		{"arp vlan=3", "arp vlan=4", "vlan (Ethernet VLAN tags) is 3, want 4, in VLAN 3 ARP who-has 10.0.0.1 tell 10.0.0.2", 12, 4},
		{"arp vlan=3", "arp sha=broadcast", "sha (ARP sender hardware address) is 02-00-0a-00-00-02, want ff-ff-ff-ff-ff-ff, in VLAN 3 ARP who-has 10.0.0.1 tell 10.0.0.2", 26, 6},
		{"icmp", "icmp data=wirexook", `data (data the bytes carried) is "wirebook", want "wirexook", in ICMP echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1`, 46, 1},
		{"icmp", "icmp size=8 data=wirebooks", `data (data the bytes carried) is "wirebook", want "wirebooks", in ICMP echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1`, 50, 0},
		{"icmp options=01010101", "icmp seq=2", "seq (ICMP sequence number of an echo) is 1, want 2, in ICMP echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1", 44, 2},
		{"raw", "raw ethertype=0x0800", "ethertype (Ethernet type of what follows) is 0x88b5, want 0x0800, in frame 02-00-0a-00-00-02 > 02-00-0a-00-00-01 type 0x88b5, 8 bytes", 12, 2},
		{"arp", "icmp", "want an ICMP message in an IPv4 packet, got ARP who-has 10.0.0.1 tell 10.0.0.2", 0, 0},
		{"icmp sum=bad", "icmp", "want an ICMP message in an IPv4 packet, got a malformed one: ICMP checksum is 0x660e, should be 0x3c54", 0, 0},
		{"arp cut=41", "arp", "want an ARP packet, got a malformed one: the ARP packet has 27 bytes instead of 28", 0, 0},
		{"raw cut=13", "raw", "want any frame, got a malformed one: shorter than an Ethernet header of 14 bytes", 0, 0},
	} {
		e, err := ParseExpect(strings.Fields(c.expect))
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Take(send(t, c.sent, nil), make(Memory))
		var m *Mismatch
		if !errors.As(err, &m) {
			t.Fatalf("%s, %s: %v", c.sent, c.expect, err)
		}
		if m.Error() != c.want {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.sent, c.expect, m, c.want)
		}
		if m.Offset != c.offset || m.Len != c.len {
			t.Errorf("%s, %s: offset %d len %d, want %d %d", c.sent, c.expect, m.Offset, m.Len, c.offset, c.len)
		}
	}
}

func TestExpectInAnyOrder(t *testing.T) {
	e, err := ParseExpect(strings.Fields("arp op=reply + icmp type=request to=10.0.0.2 as=ping"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := e.String(), "arp op=reply + icmp type=request to=10.0.0.2"; got != want {
		t.Errorf("String: %s, want %s", got, want)
	}
	ping, reply := send(t, "icmp from=10.0.0.1 to=10.0.0.2", nil), send(t, "arp op=reply", nil)
	seen := make(Memory)
	rest, err := e.Take(ping, seen)
	if err != nil || rest.Len() != 1 || seen["ping"] == nil {
		t.Fatalf("%v, %d left, %v", err, rest.Len(), seen)
	}
	if _, err := rest.Take(ping, seen); err == nil {
		t.Error("the same frame twice")
	}
	if rest, err = rest.Take(reply, seen); err != nil || rest.Len() != 0 {
		t.Errorf("%v, %d left", err, rest.Len())
	}
	// The difference is told from the frame of the same kind.
	_, err = e.Take(send(t, "icmp type=request to=10.0.0.3", nil), seen)
	var m *Mismatch
	if !errors.As(err, &m) || m.Field != "to" {
		t.Errorf("%v", err)
	}
}

func TestParseErrors(t *testing.T) {
	for words, want := range map[string]string{
		"":                          "frame: a kind is missing: answer arp icmp ipv4 raw udp",
		"ipx":                       `frame: "ipx" is no kind: answer arp icmp ipv4 raw udp`,
		"arp op":                    `frame: "op": a field is written NAME=VALUE`,
		"arp op=1 op=2":             "frame: op is given twice",
		"arp op=70000":              `frame: op: "70000" is no number of 16 bits`,
		"arp op=bad":                `frame: op: "bad" is no number of 16 bits`,
		"arp sha=1-2":               `frame: sha: "1-2" is no MAC address`,
		"arp sha=00-00:00-00-00-00": `frame: sha: "00-00:00-00-00-00" is no MAC address`,
		"arp sha=0g-00-00-00-00-00": `frame: sha: "0g-00-00-00-00-00" is no MAC address`,
		"arp spa=10.0.0.256":        `frame: spa: "10.0.0.256" is no IPv4 address`,
		"arp spa=::1":               `frame: spa: "::1" is no IPv4 address`,
		"arp ttl=1":                 "frame: ttl: no field of kind arp; its fields are dst src vlan ethertype htype ptype hlen plen op sha spa tha tpa",
		"arp cut=-1":                `frame: cut: "-1" is no number of bytes`,
		"arp patch=1":               "", // no digits: nothing is patched
		"arp patch=x:00":            `frame: patch: "x:00": a patch is written OFFSET:HEX`,
		"arp patch=1:0":             `frame: patch: "1:0": a patch is written OFFSET:HEX`,
		"icmp flags=8":              `frame: flags: "8" is no number of 3 bits`,
		"icmp options=01":           "frame: options: 1 bytes of options: must be a multiple of 4, at most 40",
		"icmp data=\\q":             `frame: data: no such escape at "\\q"`,
		"icmp hex=0":                "frame: hex: encoding/hex: odd length hex string",
		"raw vlan=4096":             `frame: vlan: "4096" is no VLAN: 0 to 4095`,
		"raw vlan=1/8":              `frame: vlan: "8" is no priority: 0 to 7`,
		"answer ttl=256":            `frame: ttl: "256" is no number of 8 bits`,
		"arp of=x":                  "frame: of: no field of kind arp; its fields are dst src vlan ethertype htype ptype hlen plen op sha spa tha tpa",
	} {
		if _, err := ParseSend(strings.Fields(words)); want == "" && err != nil || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("send %s:\n got %v\nwant %s", words, err, want)
		}
	}
	for words, want := range map[string]string{
		"":             "frame: a kind is missing: arp icmp ipv4 raw udp",
		"answer":       `frame: "answer" is no kind: arp icmp ipv4 raw udp`,
		"arp +":        "frame: a kind is missing: arp icmp ipv4 raw udp",
		"arp pad=1":    "frame: pad: no field of kind arp; its fields are dst src vlan ethertype htype ptype hlen plen op sha spa tha tpa",
		"icmp sum=bad": "frame: sum: bad can be sent only",
	} {
		if _, err := ParseExpect(strings.Fields(words)); err == nil || err.Error() != want {
			t.Errorf("expect %s:\n got %v\nwant %s", words, err, want)
		}
	}
}

// Whatever a field shows, it reads again.
func TestFieldsShowWhatTheyRead(t *testing.T) {
	for _, k := range kinds {
		for _, name := range k.fieldNames() {
			f, _, _ := k.field(name)
			p := k.blank()
			shown := strings.Fields(f.show(&p) + " ")
			if len(shown) == 0 {
				continue
			}
			value := strings.Trim(shown[0], `"`)
			if err := f.set(&p, value); err != nil {
				t.Errorf("%s %s=%s: %v", k.name, name, value, err)
			}
		}
	}
}

func TestProbe(t *testing.T) {
	probe := Probe(IP{10, 0, 0, 1})
	if got, want := Describe(probe), "ARP who-has 10.0.0.1 tell 0.0.0.0"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	seen := Memory{"": probe}
	if answer := send(t, "answer", seen); !AnswersProbe(answer) {
		t.Errorf("%s is not taken for the answer", Describe(answer))
	}
	for _, words := range []string{"arp", "arp op=reply", "icmp", "raw cut=5"} {
		if AnswersProbe(send(t, words, nil)) {
			t.Errorf("%s is taken for the answer", words)
		}
	}
}

func TestReference(t *testing.T) {
	page := Reference()
	for _, k := range kinds {
		for _, name := range k.fieldNames() {
			if !strings.Contains(page, "    "+name+" ") {
				t.Errorf("%s is not in the reference", name)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, words := range []string{"arp op=reply pad=3", "icmp size=3 sum=bad", "udp sum=0 udplen=1", "ipv4 options=00000000 ihl=6", "raw vlan=1,2/3 patch=0:ff", "arp + icmp to=10.0.0.2 as=x"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		if e, err := ParseExpect(strings.Fields(words)); err == nil {
			if again, err := ParseExpect(strings.Fields(e.String())); err != nil || again.String() != e.String() {
				t.Fatalf("%q: %q: %v", words, e, err)
			}
			e.Take(Probe(us), make(Memory))
		}
		if s, err := ParseSend(strings.Fields(words)); err == nil && s.kind != nil {
			if _, err := s.Bytes(nil); err != nil {
				t.Fatalf("%q parses, and cannot be built: %v", words, err)
			}
		}
	})
}
