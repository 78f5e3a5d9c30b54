package protocols_test

import (
	"bytes"
	"strings"
	"testing"

	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/packet"
	"wirebook/harness/internal/protocols"
)

// Ports, addresses and the direction fit the type, and what is given stays.
func TestDHCPFitsItsType(t *testing.T) {
	for words, want := range map[string]string{
		"dhcp": "op=1 sport=68 dport=67 from=0.0.0.0 to=255.255.255.255 src=02-00-0a-00-00-02 dst=broadcast",
		"dhcp chaddr=02-00-00-00-00-0a src=02-00-00-00-00-bb":        "from=0.0.0.0 src=02-00-00-00-00-bb",
		"dhcp type=request ciaddr=10.0.0.7":                          "from=10.0.0.7 to=10.0.0.1 dst=02-00-0a-00-00-01 src=02-00-0a-00-00-02",
		"dhcp type=request ciaddr=10.0.0.7 to=255.255.255.255":       "from=10.0.0.7 dst=broadcast",
		"dhcp type=release ciaddr=10.0.0.7 server=10.0.0.3":          "from=10.0.0.7 to=10.0.0.3 dst=02-00-0a-00-00-03",
		"dhcp type=offer yiaddr=10.0.0.7 server=10.0.0.3":            "op=2 sport=67 dport=68 from=10.0.0.3 to=10.0.0.7 dst=02-00-0a-00-00-02 src=02-00-0a-00-00-03",
		"dhcp type=offer yiaddr=10.0.0.7 flags=0x8000":               "to=255.255.255.255 dst=broadcast",
		"dhcp type=ack yiaddr=10.0.0.7 ciaddr=10.0.0.8 flags=0x8000": "to=10.0.0.8",
		"dhcp type=nak":                 "to=255.255.255.255 dst=broadcast yiaddr=0.0.0.0",
		"dhcp type=offer op=1 dport=67": "op=1 sport=67 dport=67",
		"dhcp opts=003304000000096305aabbccddee00 type=ack lease=60 dns=none": "type=ack lease=60 dns=none",
	} {
		p, err := packetOf(words, "")
		if err != nil {
			t.Errorf("%s: %v", words, err)
			continue
		}
		for word := range strings.FieldsSeq(want) {
			name, value, _ := strings.Cut(word, "=")
			i, f := p.Find(name)
			if m := p[i].Unlike(f, packet.Assignment{Name: name, Value: value}); m != nil {
				t.Errorf("%s: %v", words, m)
			}
		}
	}
}

func packetOf(words, answered string) (packet.Packet, error) {
	seen := frame.NewMemory()
	if answered != "" {
		s, err := frame.ParseSend(strings.Fields(answered + " as=asked"))
		if err != nil {
			return nil, err
		}
		if _, err := s.Bytes(seen); err != nil {
			return nil, err
		}
		words += " of=asked"
	}
	s, err := frame.ParseSend(strings.Fields(words))
	if err != nil {
		return nil, err
	}
	b, err := s.Bytes(seen)
	p, _ := protocols.Table.Decode(b, nil, packet.Every)
	return p, err
}

// The answer to a message is what a right peer says next.
func TestDHCPAnswer(t *testing.T) {
	for question, want := range map[string]string{
		"dhcp xid=7 chaddr=02-00-00-00-00-0a flags=0x8000":     "type=offer xid=7 chaddr=02-00-00-00-00-0a yiaddr=10.0.0.100 server=10.0.0.1 to=255.255.255.255",
		"dhcp requested=10.0.0.9":                              "type=offer yiaddr=10.0.0.9 lease=3600 mask=255.255.255.0 router=none",
		"dhcp type=request requested=10.0.0.9 server=10.0.0.3": "type=ack yiaddr=10.0.0.9 server=10.0.0.3 from=10.0.0.3 to=10.0.0.9",
		"dhcp type=request ciaddr=10.0.0.9 to=10.0.0.4":        "type=ack yiaddr=10.0.0.9 server=10.0.0.4 ciaddr=10.0.0.9",
		"dhcp type=offer yiaddr=10.0.0.9 server=10.0.0.3":      "type=request op=1 requested=10.0.0.9 server=10.0.0.3 to=255.255.255.255 ciaddr=0.0.0.0",
	} {
		p, err := packetOf("answer", question)
		if err != nil {
			t.Errorf("%s: %v", question, err)
			continue
		}
		for word := range strings.FieldsSeq(want) {
			name, value, _ := strings.Cut(word, "=")
			i, f := p.Find(name)
			if m := p[i].Unlike(f, packet.Assignment{Name: name, Value: value}); m != nil {
				t.Errorf("%s: %v", question, m)
			}
		}
	}
	if _, err := packetOf("answer", "dhcp type=nak"); err == nil || !strings.Contains(err.Error(), "there is none to") {
		t.Errorf("an answer to a NAK: %v", err)
	}
}

// Options are found in any order, between padding and others, and what follows
// the end is no option.
func TestDHCPOptions(t *testing.T) {
	for words, want := range map[string]string{
		"dhcp opts=00e00199003304000000f00035010336040a000001ff03040a0000ff": "type=request lease=240 server=10.0.0.1 router=none dns=none list=none",
		"dhcp list=6,1,3,15":          "list=1,3,6",
		"dhcp dns=10.0.0.2,10.0.0.3":  "dns=10.0.0.2,10.0.0.3",
		"dhcp type=none id=0xff":      "type=none id=ff",
		"dhcp lease=0xaabb t1=1 t1=2": "",
		"dhcp lease=0xaabb t1=1":      "lease=0xaabb t1=1",
		"dhcp type=300":               "",
		"dhcp dns=here":               "",
		"dhcp list=256":               "",
	} {
		p, err := packetOf(words, "")
		if (err != nil) != (want == "") {
			t.Errorf("%s: %v", words, err)
			continue
		}
		for word := range strings.FieldsSeq(want) {
			name, value, _ := strings.Cut(word, "=")
			i, f := p.Find(name)
			if m := p[i].Unlike(f, packet.Assignment{Name: name, Value: value}); m != nil {
				t.Errorf("%s: %v", words, m)
			}
		}
	}
	p, err := packetOf("dhcp list=1,3 server=10.0.0.1", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"list=1,3,6", "list=none", "server=none", "server=10.0.0.2", "lease=9", "type=offer|ack"} {
		name, value, _ := strings.Cut(word, "=")
		i, f := p.Find(name)
		if m := p[i].Unlike(f, packet.Assignment{Name: name, Value: value}); m == nil {
			t.Errorf("%s is found in %s", word, p.Describe())
		}
	}
	// An option that is set again is replaced, at its place.
	i, f := p.Find("server")
	before := len(p[i].Bytes)
	p[i].Put(f, []byte{10, 0, 0, 2})
	if len(p[i].Bytes) != before || !bytes.Equal(p[i].Get("server"), []byte{10, 0, 0, 2}) {
		t.Errorf("%x", p[i].Bytes)
	}
	p[i].Put(f, nil)
	if p.Word("server") != "none" || p[i].Bytes[len(p[i].Bytes)-1] != 0xff {
		t.Errorf("%x", p[i].Bytes)
	}
}
