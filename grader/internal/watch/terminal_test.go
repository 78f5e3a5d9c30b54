package watch

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// A terminal is sent what has changed, all at once, and nothing where nothing has; after
// a change of its size, everything.
func TestDraw(t *testing.T) {
	var out bytes.Buffer
	columns := 80
	term := &terminal{out: &out, size: func() (int, int) { return columns, 24 }}
	l, m := chat(t), newModel()
	draw := func() string {
		out.Reset()
		term.draw(m, time.Time{})
		return out.String()
	}
	tell(m, l, true, result(l, "arrival", "", 0), result(l, "split-line", one, 3), result(l, "long-line", one, 9))
	if first := draw(); strings.Count(first, "\x1b[K") != 24 || !strings.HasPrefix(first, "\x1b[?2026h") || !strings.HasSuffix(first, "\x1b[?2026l") {
		t.Errorf("first it draws %q", first)
	}
	if again := draw(); again != "" {
		t.Errorf("where nothing has changed it draws %q", again)
	}
	m.begin(l)
	m.happen(event{m.round, playing{}})
	draw()
	m.happen(event{m.round, ended{result(l, "split-line", one, 3)}})
	// The page is the same as before: the score, the marks and the state are new.
	if new := draw(); strings.Count(new, "\x1b[K") != 3 || strings.Contains(new, "first difference") {
		t.Errorf("for one result it draws %q", new)
	}
	columns = 60
	if wholly := draw(); strings.Count(wholly, "\x1b[K") != 24 {
		t.Errorf("for a new size it draws %q", wholly)
	}
}

func TestListen(t *testing.T) {
	pressed := make(chan key)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go listen(ctx, strings.NewReader("n\x1b[B"), pressed)
	if a, b := <-pressed, <-pressed; a != "n" || b != "down" {
		t.Errorf("%q, %q", a, b)
	}
}
