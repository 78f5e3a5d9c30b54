package message

import (
	"reflect"
	"strings"
	"testing"
)

// draft is a message with a question and with records in its answer section.
func draft(t *testing.T, question string, records ...string) *Draft {
	t.Helper()
	q, err := ParseQuestion(question)
	if err != nil {
		t.Fatal(err)
	}
	d := &Draft{Questions: []SpelledQuestion{q}}
	for _, text := range records {
		r, err := ParseRecord(text)
		if err != nil {
			t.Fatal(err)
		}
		d.Sections[Answer] = append(d.Sections[Answer], r)
	}
	return d
}

func built(t *testing.T, d *Draft) []byte {
	t.Helper()
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMalformed(t *testing.T) {
	whole := func(b []byte) []byte { return b }
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }
	patch := func(at int, c byte) func([]byte) []byte {
		return func(b []byte) []byte { b[at] = c; return b }
	}
	long := strings.Repeat(strings.Repeat("x", 63)+".", 3)
	tests := []struct {
		record string
		damage func([]byte) []byte
		want   string // part of the error; "" for none
	}{
		{"a.test 1 A 192.0.2.1", whole, ""},
		{"@12 1 A 192.0.2.1", whole, ""},
		{"b.@12 1 A 192.0.2.1", whole, ""},
		{"@+0 1 A 192.0.2.1", whole, "byte 24: a pointer to byte 24"},
		{"@+2 1 A 192.0.2.1", whole, "byte 24: a pointer to byte 26"},
		{"b.@-2 1 A 192.0.2.1", whole, "byte 26: a pointer to byte 24"},
		{"a.test 1 CNAME @+0", whole, "no earlier place"},
		{"a.test 1 CNAME b", cut(37), "ends in a record's data"},
		{"a.test 1 CNAME b", patch(36, 3), "end in a label"},
		{"a.test 1 CNAME b", patch(36, 0), "2 bytes are too many for the data"},
		{"a.test 1 CNAME b", patch(12, 0x40), "0x40 is neither"},
		{"a.test 1 CNAME b", patch(12, 0x80), "0x80 is neither"},
		{"a.test 1 CNAME b", patch(7, 2), "end in a name"}, // ANCOUNT
		{"a.test 1 CNAME b", func(b []byte) []byte { return append(b, 'x') }, "byte 39: 1 bytes stand behind"},
		{"a.test 1 CNAME b", cut(11), "this has 11"},
		{"a.test 1 CNAME b", cut(22), "ends in a question"},
		{`a.test 1 TXT \# 2 0541`, whole, "a text of 5 bytes"},
		{`a.test 1 A \# 3 c00002`, whole, ""},
		{`a.test 1 MX \# 1 00`, whole, "should have 1 bytes more"},
		{long + strings.Repeat("x", 61) + " 1 A 192.0.2.1", whole, ""},
		{long + strings.Repeat("x", 62) + " 1 A 192.0.2.1", whole, "longer than 255"},
	}
	for i, test := range tests {
		_, err := Parse(test.damage(built(t, draft(t, "a.test A", test.record))))
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%d: %s: %v, want %q", i, test.record, err, test.want)
		}
	}
}

// Names are compressed by what a message has already, the question too, if it is written
// with the same letters.
func TestCompression(t *testing.T) {
	asked := built(t, draft(t, "WWW.example.test A"))
	answer := draft(t, "x A", "WWW.example.test 1 MX 10 mail.example.test", "www.example.test 1 MX 10 x.test")
	begun, err := AnswerTo(asked)
	if err != nil {
		t.Fatal(err)
	}
	begun.Sections = answer.Sections
	short := built(t, begun)
	begun.Plain = true
	full := built(t, begun)
	if len(full)-len(short) != 16+12+12+4 {
		t.Errorf("%d and %d bytes", len(full), len(short))
	}
	want, _ := Parse(full)
	if got, err := Parse(short); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v is not %+v: %v", got, want, err)
	}
}
