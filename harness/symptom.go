package harness

import "bytes"

// A comparison is what a program owed and what came instead.
type comparison struct {
	want, got []byte
	ended     bool // nothing more can come
	split     bool // a peer sent in pieces what is not answered
	glued     bool // a peer sent several lines of it in one piece
	unread    int  // bytes that a peer sent and the program did not read
}

// A symptom tells a likely cause by what it looks like.
type symptom struct {
	fits  func(comparison) bool
	cause string
}

// symptoms are tried in order; the first that fits is told.
var symptoms = []symptom{
	{func(c comparison) bool {
		return bytes.Contains(c.got, []byte{0, 0}) && !bytes.Contains(c.want, []byte{0})
	},
		"there are zero bytes in it that nobody sent: is the whole buffer used instead of the part that Read filled?"},
	{func(c comparison) bool { return c.unread > 0 && len(c.got) == 0 },
		"the program did not read all that was sent to it: does it wait for something else first?"},
	{func(c comparison) bool { return c.split && len(c.got) > 0 },
		"the bytes were sent in pieces: one Read returns what has arrived, which may be a part of a message"},
	{func(c comparison) bool { return c.glued && len(c.got) > 0 },
		"several messages were sent in one piece: one Read may return more than one message"},
	{func(c comparison) bool {
		return bytes.Contains(c.got, []byte("\r")) && !bytes.Contains(c.want, []byte("\r"))
	},
		"a carriage return (\\r) came along: it belongs to the line's end"},
	{func(c comparison) bool {
		return len(c.got) > 0 && bytes.HasPrefix(c.want, c.got) && bytes.Equal(c.want[len(c.got):], []byte("\n"))
	},
		"only the line's end (\\n) is missing"},
	{func(c comparison) bool {
		return bytes.ContainsRune(c.got, '\uFFFD') && !bytes.ContainsRune(c.want, '\uFFFD')
	},
		"a character was broken (\uFFFD): a character's bytes may arrive in two pieces"},
	{func(c comparison) bool { return c.ended && len(c.got) > 0 && bytes.HasPrefix(c.want, c.got) },
		"the end came before all of it was sent: is everything written before closing?"},
	{func(c comparison) bool { return len(c.got) > 0 && bytes.HasSuffix(c.want, c.got) },
		"the beginning is missing: what was read together with an earlier message may have been dropped"},
}

// cause returns the likely cause of a difference, with "; " before it, or "".
func (c comparison) cause() string {
	for _, s := range symptoms {
		if s.fits(c) {
			return "; " + s.cause
		}
	}
	return ""
}
