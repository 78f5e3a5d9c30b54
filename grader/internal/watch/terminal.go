package watch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// Terminal watches on a terminal, of which it takes the whole screen.
func Terminal(ctx context.Context, o Options, in, out *os.File) error {
	restore, err := speak(out)
	if err != nil {
		return Lines(ctx, o, nil, out)
	}
	defer restore()
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return Lines(ctx, o, nil, out)
	}
	defer term.Restore(int(in.Fd()), before)
	t := &terminal{out: out, pressed: make(chan key)}
	t.size = func() (int, int) {
		columns, rows, err := term.GetSize(int(out.Fd()))
		if err != nil {
			return 80, 24
		}
		return columns, rows
	}
	go listen(ctx, in, t.pressed)
	fmt.Fprint(out, "\x1b[?1049h\x1b[?25l\x1b[2J") // a screen of its own, without a cursor
	defer fmt.Fprint(out, "\x1b[?25h\x1b[?1049l")
	return on(ctx, o, t)
}

// A terminal is a screen that draws what has changed, and nothing else: so nothing
// flickers.
type terminal struct {
	out           io.Writer
	size          func() (columns, rows int)
	pressed       chan key
	columns, rows int
	drawn         []line
}

func (t *terminal) keys() <-chan key { return t.pressed }

func (t *terminal) covers() bool { return true }

func (t *terminal) draw(m *model, now time.Time) {
	columns, rows := t.size()
	columns, rows = max(20, columns), max(6, rows)
	if columns != t.columns || rows != t.rows {
		t.columns, t.rows, t.drawn = columns, rows, nil
	}
	screen := m.view(columns, rows, now)
	var b bytes.Buffer
	for i, l := range screen {
		if i < len(t.drawn) && t.drawn[i] == l {
			continue
		}
		fmt.Fprintf(&b, "\x1b[%d;1H\x1b[0;%sm%s\x1b[0m\x1b[K", i+1, l.style, harmless(l.text))
	}
	t.drawn = screen
	if b.Len() > 0 {
		// The terminal shows all of it at once, where it knows how.
		fmt.Fprintf(t.out, "\x1b[?2026h%s\x1b[?2026l", &b)
	}
}

// harmless replaces what would steer the terminal.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, strings.ReplaceAll(text, "\t", "    "))
}

// sequences are what terminals send for keys that are no letters.
var sequences = map[string]key{
	"\x1b[A": "up", "\x1b[B": "down", "\x1bOA": "up", "\x1bOB": "down", "k": "up", "j": "down",
	"\x1b[5~": "page up", "\x1b[6~": "page down", " ": "page down",
	"\x1b[H": "home", "\x1b[F": "end", "\x1b[1~": "home", "\x1b[4~": "end", "g": "home", "G": "end",
	"\r": "enter", "\n": "enter", "\x03": "q", "\x04": "q",
}

// listen reads keys until there are none any more.
func listen(ctx context.Context, in io.Reader, pressed chan<- key) {
	buffer := make([]byte, 64)
	for {
		n, err := in.Read(buffer)
		for _, k := range parse(string(buffer[:n])) {
			select {
			case pressed <- k:
			case <-ctx.Done():
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// parse tells keys apart. A sequence comes in one read.
func parse(text string) (all []key) {
	for text != "" {
		n := 1
		if text[0] == 0x1b {
			for n < len(text) && (n < 2 || text[n] != 0x1b && !strings.ContainsRune("~ABCDEFGHPQRS", rune(text[n-1]))) {
				n++
			}
		}
		k, ok := sequences[text[:n]]
		if !ok {
			k = key(strings.ToLower(text[:n]))
		}
		all, text = append(all, k), text[n:]
	}
	return all
}
