package frame

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"wirebook/harness/internal/packet"
)

func send(t testing.TB, words string, seen *Memory) []byte {
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

func take(t *testing.T, words string, b []byte, seen *Memory) {
	t.Helper()
	e, err := ParseExpect(strings.Fields(words))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Take(b, seen); err != nil {
		t.Errorf("%s: %v", words, err)
	}
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
		{"arp patch=0:aa,41:07", "aaffffffffff" + peer + "0806" + "0001080006040001" + peer + "0a000002" + "000000000000" + "0a000007"},
		{"raw dst=broadcast hex=", "ffffffffffff" + peer + "88b5"},
		{"raw cut=3", "02000a"},
		{"raw cut=0", ""},
		{"raw vlan=10 hex=00", host + peer + "8100" + "000a" + "88b5" + "00"},
		{"arp vlan=4095 prio=5 dei=1 cut=18", "ffffffffffff" + peer + "8100" + "bfff" + "0806"},
		{"raw vlan=1 ethertype=0x8100 hex=00020800", host + peer + "8100" + "0001" + "8100" + "0002" + "0800"},
		{"icmp size=2", host + peer + "0800" + "4500001e0000000040" + "0166dd" + "0a0000020a000001" + "0800969b00010001" + "6162"},
		{"udp hex=00 udplen=7 sum=0x1234", host + peer + "0800" + "4500001d0000000040" + "1166ce" + "0a0000020a000001" + "0fa0138800071234" + "00"},
		{"ipv4 flags=1 offset=0x123 tos=8 version=6 ihl=7 iplen=65535 ipsum=1 hex=", host + peer + "0800" + "6708ffff0000212340fd0001" + "0a0000020a000001"},
	} {
		if got := hex.EncodeToString(send(t, c.words, nil)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.words, got, c.want)
		}
	}
}

// Words are the very bytes that are meant: nothing is decoded here.
func TestDataIsBytes(t *testing.T) {
	for _, data := range []string{"\xff\x00\n", `\xff`, "a=b", "你", ""} {
		s, err := ParseSend([]string{"raw", "data=" + data})
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Bytes(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(b[14:]); got != data {
			t.Errorf("data=%q sends %q", data, got)
		}
		e, err := ParseExpect([]string{"raw", "data=" + data})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Take(b, NewMemory()); err != nil {
			t.Errorf("data=%q: %v", data, err)
		}
	}
	e, err := ParseExpect([]string{"raw", "data=it's \xff", "dst=broadcast"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := e.String(), `raw data='it''s \xff' dst=broadcast`; got != want {
		t.Errorf("String: %s, want %s", got, want)
	}
}

func TestAnswer(t *testing.T) {
	seen := NewMemory()
	take(t, "arp op=1 as=question", send(t, "arp spa=10.0.0.1 tpa=10.0.0.9", nil), seen)
	take(t, "icmp type=request", send(t, "icmp from=10.0.0.1 to=10.0.0.2 dst=0a-00-00-00-00-01 id=700 seq=8 data=abc", nil), seen)
	for _, c := range []struct{ send, expect string }{
		{"answer of=question", "arp op=reply src=02-00-0a-00-00-09 dst=02-00-0a-00-00-01 sha=02-00-0a-00-00-09 spa=10.0.0.9 tha=02-00-0a-00-00-01 tpa=10.0.0.1"},
		{"answer of=question sha=0a-00-00-00-00-01", "arp op=2 src=0a-00-00-00-00-01 sha=0a-00-00-00-00-01"},
		{"answer", "icmp type=reply code=0 from=10.0.0.2 to=10.0.0.1 src=0a-00-00-00-00-01 dst=02-00-0a-00-00-01 id=700 seq=8 data=abc"},
		{"answer data=xy id=1", "icmp type=0 id=1 seq=8 size=2 hex=7879"},
		{"answer size=1 cut=43", "icmp type=0 size=1"},
	} {
		take(t, c.expect, send(t, c.send, seen), NewMemory())
	}
	seen.name("udp", send(t, "udp", nil))
	seen.name("stub", send(t, "raw cut=3", nil))
	for words, want := range map[string]string{
		"answer of=nobody":  `frame: answer: no frame was sent or expected as=nobody`,
		"answer of=udp":     `frame: answer: there is none to: UDP 10.0.0.2:4000 > 10.0.0.1:5000, 8 bytes, to 02-00-0a-00-00-01`,
		"answer of=stub":    `frame: answer: there is none to: malformed Ethernet header: 3 bytes instead of 14`,
		"answer op=request": `frame: "op" is no field of icmp; its fields are dst src ethertype vlan prio dei from to ttl proto ipid tos flags offset options version ihl iplen ipsum type code id seq sum data hex size`,
		"answer cut=46":     "frame: cut: 46 bytes cannot be left of a frame of 45",
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
	if _, err := s.Bytes(NewMemory()); err == nil {
		t.Error("nothing has an answer")
	}
}

func TestTake(t *testing.T) {
	for _, c := range []struct{ sent, expect string }{
		{"arp", "arp op=request"},
		{"arp pad=18", "arp op=1 tha=00-00-00-00-00-00"},
		{"icmp pad=18", "icmp data=wirebook"},
		{"icmp", "ipv4 proto=1 size=16"},
		{"icmp", "raw ethertype=0x800"},
		{"arp hlen=5", "raw ethertype=0x0806 size=28"},
		{"raw pad=2 hex=00", "raw hex=005050"},
		{"icmp flags=1", "ipv4 flags=1 size=16"},
		{"icmp options=01010100", "icmp options=01010100 ihl=6"},
		{"udp sum=0", "udp sum=0 sport=4000"},
		{"arp vlan=10 prio=5", "arp vlan=10"},
		{"arp vlan=0 dei=1", "arp dei=1 prio=0|7 op=request|reply"},
		{"arp vlan=10", "raw ethertype=0x8100"},
		{"raw vlan=10 ethertype=0x8100", "raw vlan=10 ethertype=0x8100"},
		{"raw data=a|b", "raw data=a|b"},
		{"tcp win=2920", "tcp win=2920"},
		{"tcp win=65535", "tcp win=2920"},
	} {
		take(t, c.expect, send(t, c.sent, nil), NewMemory())
	}
}

// What fails says where it is, as the lessons' pictures of the headers count
// and as the frame does, and shows it.
func TestMismatch(t *testing.T) {
	for _, c := range []struct{ sent, expect, want, bytes string }{
		{
			"arp op=reply", "arp op=request",
			"op (operation) is 2 (reply), want 1 (request), at byte 6 of the ARP packet (20 of the frame): ARP 10.0.0.2 is-at 02-00-0a-00-00-02 for 10.0.0.1",
			"ARP packet from byte 0: 00 01 08 00 06 04 >00 02 02 00 0a 00 00 02 0a 00 00 02 02 00 0a 00 00 01",
		},
		{
			"arp tpa=10.0.0.3", "arp tpa=10.0.0.2",
			"tpa (target protocol address) is 10.0.0.3, want 10.0.0.2, at byte 24 of the ARP packet (38 of the frame): ARP who-has 10.0.0.3 tell 10.0.0.2 at 02-00-0a-00-00-02",
			"ARP packet from byte 8: 02 00 0a 00 00 02 0a 00 00 02 00 00 00 00 00 00 >0a 00 00 03",
		},
		{
			"icmp", "icmp dst=broadcast",
			"dst (destination MAC) is 02-00-0a-00-00-01, want ff-ff-ff-ff-ff-ff, at byte 0 of the frame: echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01",
			"Ethernet header from byte 0: >02 00 0a 00 00 01 02 00 0a 00 00 02 08 00 45 00 00 24 00 00 00 00",
		},
		{
			"icmp options=01010100 seq=2", "icmp seq=1",
			"seq (sequence number of an echo) is 2, want 1, at byte 6 of the ICMP message (44 of the frame): echo request 10.0.0.2 > 10.0.0.1 id 1 seq 2, to 02-00-0a-00-00-01",
			"ICMP message from byte 0: 08 00 3c 53 00 01 >00 02 77 69 72 65 62 6f 6f 6b",
		},
		{
			"icmp data=hallo", "icmp data=hello",
			`data (bytes carried) is "hallo", want "hello", at byte 1 of the data (43 of the frame): echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01`,
			"data from byte 0: 68 >61 6c 6c 6f",
		},
		{
			"icmp size=3", "icmp size=5",
			"size (number of bytes carried) is 3, want 5, at byte 3 of the data (45 of the frame): echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01",
			"data from byte 0: 61 62 63 >",
		},
		{
			"icmp hex=" + strings.Repeat("61", 99) + "00", "icmp hex=" + strings.Repeat("61", 100),
			"hex (bytes carried) is " + strings.Repeat("61", 40) + "…, want " + strings.Repeat("61", 40) + "…, at byte 99 of the data (141 of the frame): echo request 10.0.0.2 > 10.0.0.1 id 1 seq 1, to 02-00-0a-00-00-01",
			"data from byte 83: " + strings.Repeat("61 ", 16) + ">00",
		},
		{
			"raw", "raw ethertype=0x0800",
			"ethertype (type of what follows) is 0x88b5, want 0x0800, at byte 12 of the frame: 02-00-0a-00-00-02 > 02-00-0a-00-00-01, 8 bytes",
			"Ethernet header from byte 0: 02 00 0a 00 00 01 02 00 0a 00 00 02 >88 b5 77 69 72 65 62 6f 6f 6b",
		},
		{
			"arp hlen=5", "arp",
			"hlen (hardware address length) is 5, want 6, at byte 4 of the ARP packet (18 of the frame)",
			"ARP packet from byte 0: 00 01 08 00 >05 04 00 01 02 00 0a 00 00 02 0a 00 00 02 00 00 00",
		},
		{
			"icmp sum=bad", "icmp",
			"sum (checksum) is 0x660e, want 0x3c54, at byte 2 of the ICMP message (36 of the frame)",
			"ICMP message from byte 0: 08 00 >66 0e 00 01 00 01 77 69 72 65 62 6f 6f 6b",
		},
		{
			"icmp iplen=37", "arp",
			"iplen (total length) is 37, want at most 36, at byte 2 of the IPv4 header (16 of the frame)",
			"IPv4 header from byte 0: 45 00 >00 25 00 00 00 00 40 01 66 d6 0a 00 00 02 0a 00 00 01",
		},
		{
			"arp op=3", "arp op=request|reply",
			"op (operation) is 3, want 1 (request) or 2 (reply), at byte 6 of the ARP packet (20 of the frame): ARP operation 3 by 10.0.0.2 at 02-00-0a-00-00-02 for 10.0.0.1",
			"ARP packet from byte 0: 00 01 08 00 06 04 >00 03 02 00 0a 00 00 02 0a 00 00 02 02 00 0a 00 00 01",
		},
		{
			"arp vlan=266", "arp vlan=10",
			"vlan (VLAN) is 266, want 10, at byte 0 of the VLAN tag (14 of the frame): VLAN 266, ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02",
			"VLAN tag from byte 0: >01 0a 08 06 00 01 08 00 06 04 00 01 02 00 0a 00 00 02",
		},
		{"arp vlan=10 prio=1 dei=1", "arp", "want an ARP packet without VLAN tag, got VLAN 10 priority 1 drop eligible, ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02", ""},
		{"arp", "arp vlan=10", "want an ARP packet with VLAN tag, got ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02", ""},
		{"raw vlan=10 cut=17", "raw vlan=10", "want any frame with VLAN tag, got malformed VLAN tag: 3 bytes instead of 4", ""},
		{"arp", "icmp", "want an ICMP message in an IPv4 packet, got ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02", ""},
		{"udp", "icmp", "want an ICMP message in an IPv4 packet, got UDP 10.0.0.2:4000 > 10.0.0.1:5000, 8 bytes, to 02-00-0a-00-00-01", ""},
		{"arp cut=41", "arp", "want an ARP packet, got malformed ARP packet: 27 bytes instead of 28", ""},
		{"raw cut=13", "raw", "want any frame, got malformed Ethernet header: 13 bytes instead of 14", ""},
	} {
		e, err := ParseExpect(strings.Fields(c.expect))
		if err != nil {
			t.Fatal(err)
		}
		sent := send(t, c.sent, nil)
		_, err = e.Take(sent, NewMemory())
		var m *packet.Mismatch
		if !errors.As(err, &m) {
			t.Fatalf("%s, %s: %v", c.sent, c.expect, err)
		}
		if m.Error() != c.want {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.sent, c.expect, m, c.want)
		}
		got, column := m.Bytes()
		if got != "" {
			got += strings.Repeat(" ", max(0, column-len(got))) // a byte that is missing
			got = got[:column] + ">" + got[column:]
		}
		if got != c.bytes {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.sent, c.expect, got, c.bytes)
		}
		if !bytes.Equal(m.Frame, sent) {
			t.Errorf("%s, %s: the frame is %x", c.sent, c.expect, m.Frame)
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
	seen := NewMemory()
	rest, err := e.Take(ping, seen)
	if err != nil || rest.Len() != 1 || seen.named["ping"] == nil {
		t.Fatalf("%v, %d left, %v", err, rest.Len(), seen)
	}
	if _, err := rest.Take(ping, seen); err == nil {
		t.Error("the same frame twice")
	}
	if rest, err = rest.Take(reply, seen); err != nil || rest.Len() != 0 {
		t.Errorf("%v, %d left", err, rest.Len())
	}
	if _, err = rest.Take(reply, seen); err == nil {
		t.Error("a frame that nobody expects is taken")
	}
	// The difference is told from the frame of the same kind.
	_, err = e.Take(send(t, "icmp type=request to=10.0.0.3", nil), seen)
	var m *packet.Mismatch
	if !errors.As(err, &m) || m.Field != "to" {
		t.Errorf("%v", err)
	}
}

const (
	arpFields  = "dst src ethertype vlan prio dei htype ptype hlen plen op sha spa tha tpa"
	icmpFields = "dst src ethertype vlan prio dei from to ttl proto ipid tos flags offset options version ihl iplen ipsum type code id seq sum data hex size"
)

// All that can be wrong with a line is found before it is played.
func TestCheck(t *testing.T) {
	for words, want := range map[string]string{
		"send":                           "a kind is missing: answer arp dhcp icmp ipv4 raw tcp udp",
		"sned arp":                       `"sned" is none of send, expect, gather, maybe, unguessable`,
		"send ipx":                       `"ipx" is no kind; there are answer arp dhcp icmp ipv4 raw tcp udp`,
		"send arp op":                    `"op": a field is written NAME=VALUE`,
		"send arp op=1 op=2":             `"op" is given twice`,
		"send arp op=70000":              `op: "70000" is no number of 16 bits`,
		"send arp op=bad":                `op: "bad" is no number of 16 bits`,
		"send arp sha=1-2":               `sha: "1-2" is no MAC address; write it as 02-00-0a-00-00-02, or broadcast`,
		"send arp sha=00-00:00-00-00-00": `sha: "00-00:00-00-00-00" is no MAC address; write it as 02-00-0a-00-00-02, or broadcast`,
		"send arp sha=0g-00-00-00-00-00": `sha: "0g-00-00-00-00-00" is no MAC address; write it as 02-00-0a-00-00-02, or broadcast`,
		"send arp sha=0000.5e00.5301":    `sha: "0000.5e00.5301" is no MAC address; write it as 02-00-0a-00-00-02, or broadcast`,
		"send arp sha=":                  `sha: "" is no MAC address; write it as 02-00-0a-00-00-02, or broadcast`,
		"send arp spa=10.0.0.256":        `spa: "10.0.0.256" is no IPv4 address; write it as 10.0.0.2`,
		"send arp spa=::1":               `spa: "::1" is no IPv4 address; write it as 10.0.0.2`,
		"send arp ttl=1":                 `"ttl" is no field of arp; its fields are ` + arpFields,
		"send arp data=x":                `"data" is no field of arp; its fields are ` + arpFields,
		"send arp cut=-1":                `cut: "-1" is no number of bytes`,
		"send arp cut=43":                "cut: 43 bytes cannot be left of a frame of 42",
		"send arp pad=x":                 `pad: "x" is no number of bytes`,
		"send arp patch=1":               `patch: "1": a patch is written OFFSET:HEX`,
		"send arp patch=x:00":            `patch: "x:00": a patch is written OFFSET:HEX`,
		"send arp patch=1:0":             `patch: "1:0": a patch is written OFFSET:HEX`,
		"send arp patch=41:00,42:01":     "patch: bytes 42 to 42 are not in a frame of 42",
		"send arp patch=41:0001":         "patch: bytes 41 to 42 are not in a frame of 42",
		"send arp pad=1 patch=41:0001":   "",
		"send icmp flags=8":              `flags: "8" is no number of 3 bits`,
		"send icmp options=01":           `options: "01" has 1 bytes; it takes a multiple of 4, 40 at most`,
		"send icmp hex=0":                `hex: "0" is no row of pairs of hexadecimal digits`,
		"send icmp size=x":               `size: "x" is no number of bytes`,
		"send answer ttl=256":            `ttl: "256" is no number of 8 bits`,
		"send answer op=x":               `op: "x" is no number of 8 bits`,
		"send answer mss=1":              `"mss" is no field of such a frame; there are dst src ethertype vlan prio dei htype ptype hlen plen op sha spa tha tpa from to ttl proto ipid tos flags offset options version ihl iplen ipsum type code id seq sum data hex size sport dport udplen hops xid secs ciaddr yiaddr siaddr giaddr chaddr cookie opts server requested lease mask router dns list t1 t2`,
		"send answer op=2 patch=90:00":   "", // of what length, is seen later
		"send arp of=x":                  `"of" is no field of arp; its fields are ` + arpFields,
		"send answer of=x":               "",
		"send icmp quote=x":              "",
		"send icmp quote=x quoted=8":     "",
		"send icmp quote=x quoted=a":     `quoted: "a" is no number of bytes`,
		"send icmp quote=x data=hello":   "quote: what is quoted is all that the error carries",
		"send arp quote=x":               `"quote" is no field of arp; its fields are ` + arpFields,

		"expect":              "a kind is missing: arp copy dhcp forwarded icmp ipv4 raw tcp udp",
		"expect answer":       `"answer" is no kind; there are arp copy dhcp forwarded icmp ipv4 raw tcp udp`,
		"expect arp +":        "a kind is missing: arp copy dhcp forwarded icmp ipv4 raw tcp udp",
		"expect arp + ipx":    `"ipx" is no kind; there are arp copy dhcp forwarded icmp ipv4 raw tcp udp`,
		"expect arp pad=1":    `"pad" is no field of arp; its fields are ` + arpFields,
		"expect icmp x":       `"x": a field is written NAME=VALUE`,
		"expect icmp sum=bad": "sum: bad can be sent only; no scenario expects a wrong checksum",

		"expect copy":                 "copy: of which frame? Give it a name, as=NAME, and write of=NAME",
		"expect copy of=x tos=256":    `tos: "256" is no number of 8 bits`,
		"expect copy of=x vlan=4096":  `vlan: "4096" is no number of 12 bits`,
		"expect forwarded of=x a=b":   `"a" is no field of such a frame; there are dst src ethertype vlan prio dei data hex size htype ptype hlen plen op sha spa tha tpa from to ttl proto ipid tos flags offset options version ihl iplen ipsum type code id seq sum sport dport udplen ack psh urg ecn win urgptr reserved mss opts off hops xid secs ciaddr yiaddr siaddr giaddr chaddr cookie server requested lease mask router dns list t1 t2`,
		"expect icmp code=0|256":      `code: "256" is no number of 8 bits`,
		"expect icmp code=0| about=x": `code: "" is no number of 8 bits`,
		"expect icmp quote=x":         "",
		"expect arp quote=x":          `"quote" is no field of arp; its fields are ` + arpFields,
		"expect arp about=x":          `"about" is no field of arp; its fields are ` + arpFields,
		"send icmp as=x":              "",
		"send icmp code=0|1":          `code: "0|1" is no number of 8 bits`,

		// Words with a $ are unknown.
		"send $kind op=1":             "",
		"send arp $fields spa=$ip":    "",
		"send arp opp=$op":            `"opp" is no field of arp; its fields are ` + arpFields,
		"send arp spa=$ip op=x":       `op: "x" is no number of 16 bits`,
		"send arp cut=$n patch=90:00": "patch: bytes 90 to 90 are not in a frame of 42",
		"send icmp data=$x cut=9000":  "", // perhaps
		"send answer spa=$ip":         "",
		"expect copy of=$x vlan=$v":   "",
		"expect icmp code=$c about=$": "",
		"expect $kind":                "",
		"expect arp spa=$ip as=$x":    "",
		"expect arp + icmp from=$ip":  "",
		"expect arp + icmp form=$ip":  `"form" is no field of icmp; its fields are ` + icmpFields,
	} {
		verb, list, _ := strings.Cut(words, " ")
		all := strings.Fields(list)
		err := Check(verb, all, func(i int) bool { return strings.Contains(all[i], "$") })
		if want == "" && err != nil || want != "" && (err == nil || err.Error() != "frame: "+want) {
			t.Errorf("%s:\n got %v\nwant frame: %s", words, err, want)
		}
	}
}

func TestProbe(t *testing.T) {
	probe, err := Probe("10.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := Describe(probe), "ARP who-has 10.0.0.1 tell 0.0.0.0 at 02-00-70-72-6f-62"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	seen := &Memory{last: probe}
	if answer := send(t, "answer", seen); !AnswersProbe(answer) {
		t.Errorf("%s is not taken for the answer", Describe(answer))
	}
	for _, words := range []string{"arp", "arp op=reply", "icmp", "raw cut=5"} {
		if AnswersProbe(send(t, words, nil)) {
			t.Errorf("%s is taken for the answer", words)
		}
	}
	if _, err := Probe("host"); err == nil {
		t.Error("a probe for no address")
	}
}

func FuzzParse(f *testing.F) {
	for _, words := range []string{"arp op=reply pad=3", "icmp size=3 sum=bad", "udp sum=0 udplen=1", "ipv4 options=00000000 ihl=6", "raw patch=0:ff", "arp + icmp to=10.0.0.2 as=x"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		list := strings.Split(words, " ")
		if e, err := ParseExpect(list); err == nil {
			_ = e.String()
			if _, err := e.Take([]byte("too short"), NewMemory()); err == nil {
				t.Fatalf("%q takes nine bytes for a frame", words)
			}
		}
		if err := Check("send", list, allKnown); err == nil {
			s, err := ParseSend(list)
			if err != nil {
				t.Fatalf("%q is checked, and does not parse: %v", words, err)
			}
			if s.kind == nil {
				return
			}
			if _, err := s.Bytes(nil); err != nil {
				t.Fatalf("%q is checked, and cannot be built: %v", words, err)
			}
		}
	})
}
