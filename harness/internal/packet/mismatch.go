package packet

import (
	"fmt"
	"strings"

	"wirebook/harness/telling"
)

// Mismatch is the first difference of a frame from what was expected.
type Mismatch struct {
	Field string // empty where the frame as a whole is another
	Want  string // the field's value, or the kind of frame
	Got   string // the field's value, or what the frame is
	Frame []byte

	meaning string // the field in words
	about   string // the frame in words
	layer   *Protocol
	start   int // of the layer, in the frame
	// off and len are where the field lies in the layer; len is 0 where it
	// lies nowhere.
	off, len int
}

// wrong is a field that is not as it should be.
func (l Layer) wrong(f *Field, want string) *Mismatch {
	meaning := f.Doc
	if end := strings.IndexAny(meaning, ",:;"); end >= 0 {
		meaning = meaning[:end]
	}
	return &Mismatch{Field: f.Name, meaning: meaning, Want: want, Got: f.Show(l.Value(f)), off: f.Off, len: f.Len}
}

// in says where in a frame the layer is.
func (m *Mismatch) in(frame []byte, layer *Protocol, start int) *Mismatch {
	m.Frame, m.layer, m.start = frame, layer, start
	return m
}

// Within says of which frame it is, which is the packet p, in which layer, and in
// words what came.
func (m *Mismatch) Within(frame []byte, p Packet, i int, came string) {
	m.in(frame, p[i].Protocol, p.Start(i))
	m.about = came
}

// narrow places the mismatch at the first byte that differs, or is missing.
func (m *Mismatch) narrow(got, want []byte) {
	same := 0
	for same < min(len(got), len(want)) && got[same] == want[same] {
		same++
	}
	m.off, m.len = m.off+same, 1
}

func (m *Mismatch) Error() string {
	if m.Field == "" {
		return fmt.Sprintf("want %s, got %s", m.Want, m.Got)
	}
	text := fmt.Sprintf("%s (%s) is %s, want %s", m.Field, m.meaning, clip(m.Got), clip(m.Want))
	if m.len > 0 {
		text += ", at " + m.place()
	}
	if m.about != "" {
		text += ": " + m.about
	}
	return text
}

// short is the difference without where it is.
func (m *Mismatch) short() string {
	if m.Field == "" {
		return fmt.Sprintf("%s instead of %s", m.Got, m.Want)
	}
	return fmt.Sprintf("%s is %s instead of %s", m.Field, m.Got, m.Want)
}

// place is where the field begins, counted as in the picture of the header and
// as in the frame.
func (m *Mismatch) place() string {
	if m.start == 0 {
		return fmt.Sprintf("byte %d of the frame", m.off)
	}
	return fmt.Sprintf("byte %d of the %s (%d of the frame)", m.off, m.layer.Name, m.start+m.off)
}

// around is how many bytes before and behind the field are shown.
const around = 16

// Bytes shows the field among the bytes of the frame in front of it and behind
// it, and the column at which it begins. It is "" where the field lies nowhere.
func (m *Mismatch) Bytes() (text string, column int) {
	if m.len == 0 {
		return "", 0
	}
	from := max(0, m.off-around)
	at := m.start + m.off
	bytes := m.Frame[m.start+from : min(len(m.Frame), at+m.len+around)]
	text = fmt.Sprintf("%s from byte %d: ", m.layer.Name, from)
	return text + fmt.Sprintf("% x", bytes), len(text) + 3*(m.off-from)
}

// Difference shows these bytes, with the caret under the field. It is nil where the
// field lies nowhere.
func (m *Mismatch) Difference() *telling.Difference {
	got, column := m.Bytes()
	if got == "" {
		return nil
	}
	return &telling.Difference{Want: m.Field + " = " + m.Want, Got: got, Caret: column}
}

// clip shortens a long value in the middle of a sentence.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// Unlike compares the field with the values that are wanted, of which one will
// do.
func (l Layer) Unlike(f *Field, a Assignment) *Mismatch {
	got := l.Value(f)
	var want []byte
	var shown []string
	for _, value := range f.Choices(a.Value) {
		parsed, err := f.parse(value)
		if err == nil && f.accepts(got, parsed) {
			return nil
		}
		text := f.Show(parsed)
		if f.Fits != nil && parsed != nil {
			text = "at least " + text
		}
		want, shown = parsed, append(shown, text)
	}
	m := l.wrong(f, strings.Join(shown, " or "))
	if f.Len == 0 && f.Entry == nil {
		m.narrow(got, want)
	}
	return m
}

// accepts tells whether a value is what is wanted.
func (f *Field) accepts(got, want []byte) bool {
	if f.Fits != nil {
		return f.Fits(got, want)
	}
	return f.Show(got) == f.Show(want)
}
