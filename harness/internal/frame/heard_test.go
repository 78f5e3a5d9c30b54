package frame

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What a switch can have learnt of a frame's destination is told as it came: the newest
// place first, with the tag, and how long ago that was.
func TestHeard(t *testing.T) {
	const a, b = "02-00-00-00-00-0a", "02-00-00-00-00-0b"
	for _, test := range []struct{ story, want string }{
		{"", "nothing from " + a},
		{"p1 src=" + b + " dst=" + a, "nothing from " + a}, // for it is not from it
		{"p1 src=" + a, a + " at p1"},
		{"p1 src=" + a + "; tick; p1 src=" + a, a + " at p1"},
		{"p1 src=" + a + "; tick; tick", a + " at p1 10s ago"},
		{"p1 src=" + a + "; p2 src=" + a, a + " at p2, before that at p1"},
		{"p1 src=" + a + "; tick; p2 src=" + a + "; tick; p1 src=" + a, a + " at p1, before that at p2 5s ago"},
		{"p1 src=" + a + "; p3 vlan=20 prio=5 src=" + a + "; p3 vlan=20 src=" + a, a + " at p3 with vlan=20, before that at p1"},
		{"p1 src=" + a + "; p2 src=" + a + "; p3 src=" + a, a + " at p3, before that at p2, before that at p1"},
		{"p1 src=" + a + "; p2 src=" + a + "; p3 src=" + a + "; p4 src=" + a, a + " at p4, before that at p3, before that at p2, before that ..."},
	} {
		var h Heard
		for event := range strings.SplitSeq(test.story, "; ") {
			if cable, words, sent := strings.Cut(event, " "); sent {
				h.In(send(t, "raw "+words, nil), cable)
			} else if event == "tick" {
				h.Now += 5 * time.Second
			}
		}
		if got := h.For(send(t, "raw dst="+a+" src="+b, nil)); got != test.want {
			t.Errorf("%s: %q, want %q", test.story, got, test.want)
		}
	}
}

// Of a frame for many nothing is told, and a group is no sender.
func TestHeardOfGroups(t *testing.T) {
	var h Heard
	h.In(send(t, "raw src=01-00-5e-00-00-01", nil), "p1")
	h.In([]byte("short"), "p1")
	if len(h.places) != 0 {
		t.Errorf("heard: %v", h.places)
	}
	for _, b := range [][]byte{send(t, "raw dst=broadcast", nil), send(t, "raw dst=01-00-5e-00-00-01", nil), []byte("short")} {
		if got := h.For(b); got != "" {
			t.Errorf("%s: %q", Describe(b), got)
		}
	}
}

// Sources are invented by the million: what is remembered is bounded, and of what is not
// nothing is told.
func TestHeardIsBounded(t *testing.T) {
	var h Heard
	b := send(t, "raw src=02-00-00-00-00-00 dst=02-00-00-00-00-00", nil)
	for range 2 * mostStations {
		h.In(b, "p1")
		NextStation(b)
	}
	if len(h.places) != mostStations {
		t.Errorf("%d stations are remembered", len(h.places))
	}
	for vlan := range 100 {
		h.In(send(t, fmt.Sprintf("raw vlan=%d src=02-00-00-00-00-01", vlan), nil), "p1")
	}
	if got := len(h.places["\x02\x00\x00\x00\x00\x01"]); got > mostPlaces+1 {
		t.Errorf("%d places of a station are remembered", got)
	}
	for last, want := range map[string]string{"01": "02-00-00-00-00-01 at p1 with vlan=99, before that at p1 with vlan=98, before that at p1 with vlan=97, before that ...", "ff-ff": ""} {
		dst := "02-00-00-00-00-00"
		dst = dst[:len(dst)-len(last)] + last
		if got := h.For(send(t, "raw dst="+dst, nil)); got != want {
			t.Errorf("to %s: %q, want %q", dst, got, want)
		}
	}
}
