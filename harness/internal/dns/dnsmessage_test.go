package dns

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// The codec and dnsmessage must agree on messages that dnsmessage packed, and
// dnsmessage on messages that the codec packed.

func TestAgainstDNSMessage(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		theirs := randomMessage(random)
		packed, err := theirs.Pack()
		if err != nil {
			t.Fatal(err)
		}
		m, err := Parse(packed)
		if err != nil {
			t.Fatalf("%x: %v", packed, err)
		}
		ours, err := parsedText(m).Bytes(0, nil, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		var again dnsmessage.Message
		if err := again.Unpack(ours); err != nil {
			t.Fatalf("%x: %v", ours, err)
		}
		if want, got := theirs.GoString(), again.GoString(); got != want {
			t.Fatalf("theirs %s\nours   %s", want, got)
		}
		if m2, err := Parse(ours); err != nil || !same(m, m2) {
			t.Fatalf("%x is %+v, %v", ours, m2, err)
		}
	}
}

func same(a, b *Message) bool { return Describe(a.text()) == Describe(b.text()) && a.ID == b.ID }

func (m *Message) text() []byte {
	b, err := parsedText(m).Bytes(0, nil, m.ID)
	if err != nil {
		panic(err)
	}
	return b
}

// parsedText says in the words of a scenario what a message is.
func parsedText(m *Message) Text {
	t := Text{verb: "send", kind: question, words: []assignment{{"qd", "none"}}}
	for _, b := range bits {
		t.words = append(t.words, assignment{b.name, strconv.Itoa(int(b.of(m.Flags)))})
	}
	for _, q := range m.Questions {
		t.words = append(t.words, assignment{"qd", q.String()})
	}
	for i, name := range []string{"an", "ns", "ar"} {
		for _, r := range m.Sections[i] {
			t.words = append(t.words, assignment{name, r.String()})
		}
	}
	return t
}

func randomMessage(r *rand.Rand) dnsmessage.Message {
	m := dnsmessage.Message{Header: dnsmessage.Header{
		ID: uint16(r.Uint32()), Response: r.IntN(2) == 0, OpCode: dnsmessage.OpCode(r.IntN(16)),
		Authoritative: r.IntN(2) == 0, Truncated: r.IntN(2) == 0, RecursionDesired: r.IntN(2) == 0,
		RecursionAvailable: r.IntN(2) == 0, AuthenticData: r.IntN(2) == 0, CheckingDisabled: r.IntN(2) == 0,
		RCode: dnsmessage.RCode(r.IntN(16)),
	}}
	for range r.IntN(3) {
		m.Questions = append(m.Questions, dnsmessage.Question{Name: randomName(r), Type: dnsmessage.Type(1 + r.IntN(300)), Class: dnsmessage.Class(1 + r.IntN(3))})
	}
	for _, section := range []*[]dnsmessage.Resource{&m.Answers, &m.Authorities, &m.Additionals} {
		for range r.IntN(4) {
			*section = append(*section, randomResource(r))
		}
	}
	return m
}

func randomName(r *rand.Rand) dnsmessage.Name {
	names := []string{".", "test.", "example.test.", "www.example.test.", "web.example.test.", "mail.example.test.", "a-b._tcp.test.", "@.test.", "\x01\xff.test."}
	return dnsmessage.MustNewName(names[r.IntN(len(names))])
}

func randomResource(r *rand.Rand) dnsmessage.Resource {
	bodies := []dnsmessage.ResourceBody{
		&dnsmessage.AResource{A: [4]byte{192, 0, 2, byte(r.Uint32())}},
		&dnsmessage.AAAAResource{AAAA: [16]byte{0x20, 1, 15: byte(r.Uint32())}},
		&dnsmessage.NSResource{NS: randomName(r)},
		&dnsmessage.CNAMEResource{CNAME: randomName(r)},
		&dnsmessage.PTRResource{PTR: randomName(r)},
		&dnsmessage.MXResource{Pref: uint16(r.Uint32()), MX: randomName(r)},
		&dnsmessage.TXTResource{TXT: []string{"", `a "quoted" \ text`, "\x00\xff"}[:1+r.IntN(3)]},
		&dnsmessage.SOAResource{NS: randomName(r), MBox: randomName(r), Serial: r.Uint32(), Refresh: r.Uint32(), Retry: r.Uint32(), Expire: r.Uint32(), MinTTL: r.Uint32()},
		&dnsmessage.UnknownResource{Type: 65280, Data: bytes.Repeat([]byte{0xc0, 0x0c}, r.IntN(3))},
	}
	body := bodies[r.IntN(len(bodies))]
	h := dnsmessage.ResourceHeader{Name: randomName(r), Class: dnsmessage.Class(1 + r.IntN(2)), TTL: r.Uint32()}
	if unknown, ok := body.(*dnsmessage.UnknownResource); ok {
		h.Type = unknown.Type
	}
	return dnsmessage.Resource{Header: h, Body: body}
}

// What dnsmessage takes for malformed we do, and the other way round, but for what
// dnsmessage does not look at.
func TestMalformedAlike(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		theirs := randomMessage(random)
		b, err := theirs.Pack()
		if err != nil {
			t.Fatal(err)
		}
		switch random.IntN(3) {
		case 0:
			b = b[:random.IntN(len(b)+1)]
		case 1:
			for range 1 + random.IntN(3) {
				b[random.IntN(len(b))] = byte(random.Uint32())
			}
		case 2:
			b = append(b, make([]byte, random.IntN(3))...)
		}
		Describe(b) // and does not panic
		var m dnsmessage.Message
		theirErr := m.Unpack(b)
		_, ourErr := Parse(b)
		if theirErr != nil && ourErr == nil && !lenient(b) {
			t.Fatalf("%x: dnsmessage: %v", b, theirErr)
		}
	}
}

// lenient reports whether there is something in a message that dnsmessage looks into
// and the codec does not: data of another type, an address of another length than it
// should have, a dot in a label.
func lenient(b []byte) bool {
	m, err := Parse(b)
	if err != nil {
		return false
	}
	for _, section := range m.Sections {
		for _, r := range section {
			if kindOf(r.Type).opaque(len(r.Data)) {
				return true
			}
		}
	}
	return strings.Contains(Describe(b), `\.`)
}
