package message

import (
	"bytes"
	"math/rand/v2"
	"reflect"
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
		ours := built(t, drafted(t, m))
		var again dnsmessage.Message
		if err := again.Unpack(ours); err != nil {
			t.Fatalf("%x: %v", ours, err)
		}
		if want, got := theirs.GoString(), again.GoString(); got != want {
			t.Fatalf("theirs %s\nours   %s", want, got)
		}
		if m2, err := Parse(ours); err != nil || !reflect.DeepEqual(m, m2) {
			t.Fatalf("%x is %+v, want %+v: %v", ours, m2, m, err)
		}
	}
}

// drafted goes by the text of all that is in a message.
func drafted(t *testing.T, m *Message) *Draft {
	d := &Draft{Header: m.Header}
	for _, q := range m.Questions {
		spelled, err := ParseQuestion(q.String())
		if err != nil {
			t.Fatal(err)
		}
		d.Questions = append(d.Questions, spelled)
	}
	for i, section := range m.Sections {
		for _, r := range section {
			spelled, err := ParseRecord(r.String())
			if err != nil {
				t.Fatal(err)
			}
			if !spelled.Is(r) || spelled.String() != r.String() {
				t.Fatalf("%s is not %s", spelled, r)
			}
			d.Sections[i] = append(d.Sections[i], spelled)
		}
	}
	return d
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
		var m dnsmessage.Message
		theirErr := m.Unpack(b)
		ours, err := Parse(b)
		if err == nil && !lenient(ours) && theirErr != nil {
			t.Fatalf("%x: dnsmessage: %v", b, theirErr)
		}
	}
}

// lenient reports whether there is something in a message that dnsmessage looks into
// and the codec does not: data of another type, an address of another length than it
// should have, a dot in a label. What is well formed can be shown.
func lenient(m *Message) bool {
	opaque := false
	var text strings.Builder
	for _, q := range m.Questions {
		text.WriteString(q.String())
	}
	for _, section := range m.Sections {
		for _, r := range section {
			opaque = opaque || kindOf(r.Type).opaque(len(r.Data))
			text.WriteString(r.Fold().String())
		}
	}
	return opaque || strings.Contains(text.String(), `\.`)
}
