package telling

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// right and left make rungs as the play does.
func right(kind Kind, peer, program, text, data string) Rung {
	return someNames().Rung(Rung{Kind: kind, Peer: peer, Program: program, Text: text, ToProgram: true}, []byte(data))
}

func left(kind Kind, peer, program, text, data string) Rung {
	r := right(kind, peer, program, text, data)
	r.ToProgram = false
	return r
}

// everyKind is one rung of each kind in each direction that it has.
var everyKind = []Rung{
	right(Starts, "", "server", Words([]string{"server", "-name", "a\nb", "\t", "x\u3000y"}), ""),
	left(Bytes, "screen", "server", "", "listening on 127.0.0.1:43210\n"),
	left(Listens, "screen", "server", "127.0.0.1:43210", ""),
	right(Connects, "ann", "server", "", ""),
	right(Bytes, "ann", "server", "in 15 pieces", "hello, it's me\n"),
	left(Bytes, "screen", "server", "", "‹ann›: 你好, 欢迎使用xx系统  \ufffd\n"),
	left(Bytes, "stderr", "server", "", "panic: boom\n\ngoroutine 7 [running]:\nmain.talk(0xc000012345)\n\t/home/me/chat.go:31\n"),
	right(Bytes, "keyboard", "server", "", strings.Repeat("x", 1<<20)+"\n"),
	right(Signal, "keyboard", "server", "INT", ""),
	right(EndInput, "keyboard", "server", "", ""),
	right(HalfClose, "ann", "server", "", ""),
	left(HalfClose, "ann", "server", "", ""),
	right(Stalls, "ann", "server", "", ""),
	right(Resumes, "ann", "server", "", ""),
	right(Resets, "ann", "server", "", ""),
	left(Resets, "ann", "server", "", ""),
	right(Closes, "ann", "server", "", ""),
	left(Connects, "desk", "client", "", ""),
	right(Datagram, "desk", "client", "", ""),
	left(Datagram, "desk", "client", "", "hello"),
	left(Frame, "lan", "host", "ARP who-has 10.0.0.2 tell 10.0.0.1, 02-00-0a-00-00-01 > ff-ff-ff-ff-ff-ff", ""),
	heard(right(Frame, "p2", "switch", "from 02-00-00-00-00-0b to 02-00-00-00-00-0a", ""), "02-00-00-00-00-0a at p1 10s ago"),
	changed(left(Frame, "eth1", "router", "echo request 10.1.0.9 > 10.2.0.9", ""), "ttl=63"),
	left(Exits, "screen", "server", "ended with exit status 2", ""),
	left("newKind", "screen", "server", "as it is", ""),
}

func changed(r Rung, what string) Rung {
	r.Changed = what
	return r
}

func heard(r Rung, what string) Rung {
	r.Heard = what
	return r
}

func TestDraw(t *testing.T) {
	golden(t, "every-kind", draw(everyKind))
}

// All arrows end in one column.
func TestDrawIsAligned(t *testing.T) {
	ends := make(map[int]bool)
	for line := range strings.Lines(draw(everyKind)) {
		if strings.Contains(line, "changed: ") || strings.Contains(line, "heard so far: ") {
			continue // these are no arrows
		}
		ends[columns(line[:strings.LastIndex(line, "  ")])] = true
	}
	if len(ends) != 1 {
		t.Errorf("programs stand in the columns %v", ends)
	}
}

func TestRungKeepsBothEnds(t *testing.T) {
	data := []byte("first 127.0.0.1:43210" + strings.Repeat("x", 5000) + "127.0.0.1:4321 last")
	r := someNames().Rung(Rung{Kind: Bytes}, data)
	if r.Len != len(data) || len(r.Data) > 2*mostEnd+8 {
		t.Errorf("%d of %d bytes, %d kept", r.Len, len(data), len(r.Data))
	}
	if !bytes.HasPrefix(r.Data, []byte("first ‹ann›x")) || !bytes.HasSuffix(r.Data, []byte("x‹bob› last")) {
		t.Errorf("kept %q", r.Data)
	}
	if got, want := r.Label(), someNames().Short(data); got != want {
		t.Errorf("drawn %s; want %s", got, want)
	}
}

// However long an exchange, what is kept and what is drawn of it is bounded,
// and shows how it began and how it ended.
func TestLadderIsBounded(t *testing.T) {
	for _, n := range []int{1, 20, 40, 100, 1000} {
		for _, text := range []string{"x", strings.Repeat("x", 100), strings.Repeat("‹你›", 100), strings.Repeat("\x00", 5000)} {
			var rungs []Rung
			for i := range n {
				rungs = append(rungs, right(Bytes, "ann", "server", "", fmt.Sprint(i, " ", text, " ", i)))
			}
			kept := Keep(rungs)
			size := 0
			for _, r := range kept {
				size += len(r.Data) + len(r.Text)
			}
			drawn := draw(kept)
			if size > 6<<10 || len(drawn) > 4<<10 {
				t.Errorf("%d rungs of %.10q: %d bytes kept, %d drawn", n, text, size, len(drawn))
			}
			lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
			if first, last := lines[0], lines[len(lines)-1]; !strings.Contains(first, `"0 `) || !strings.Contains(last, fmt.Sprintf(` %d"`, n-1)) {
				t.Errorf("%d rungs of %.10q: from %q to %q; want the first and the last", n, text, first, last)
			}
			if cut := len(lines) < n; cut != strings.Contains(drawn, "\n  ... ") {
				t.Errorf("%d rungs of %.10q: %d lines; want a gap where lines are missing, and only there:\n%s", n, text, len(lines), drawn)
			}
			if total := told(drawn); total != n {
				t.Errorf("%d rungs of %.10q: the drawing tells of %d", n, text, total)
			}
		}
	}
}

// told counts the rungs of a drawing, with those that are left out.
func told(drawn string) (n int) {
	for line := range strings.Lines(drawn) {
		more := 1
		if rest, ok := strings.CutPrefix(line, "  ... "); ok {
			fmt.Sscanf(strings.ReplaceAll(rest, ",", ""), "%d", &more)
		}
		n += more
	}
	return n
}
