package watch

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// Lines watches without a terminal: it prints lines, the same ones whenever the same
// comes to pass. in, where it is not nil, is asked for lines: an empty one plays, q ends.
func Lines(ctx context.Context, o Options, in io.Reader, out io.Writer) error {
	p := &printer{out: out}
	if in != nil {
		p.pressed = make(chan key)
		go func() {
			for s := bufio.NewScanner(in); s.Scan(); {
				k := key(strings.TrimSpace(s.Text()))
				if k == "" {
					k = "enter"
				}
				select {
				case p.pressed <- k:
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	return on(ctx, o, p)
}

// A printer is a screen that prints what is new, a round after the other.
type printer struct {
	out     io.Writer
	pressed chan key
	round   int // that is being printed
	told    int // how many of its scenarios are
	over    bool
	sheet   string
}

func (p *printer) keys() <-chan key { return p.pressed }

func (p *printer) draw(m *model, _ time.Time) {
	if m.round != p.round {
		if p.round == 0 && m.polls != "" {
			p.print("files are polled: " + m.polls)
		}
		p.round, p.told, p.over = m.round, 0, false
		p.print("", "== "+m.lesson.Name)
	}
	if sheet := strings.Join(m.sheet, "\n"); sheet != p.sheet {
		p.sheet = sheet
		p.print(m.sheet...)
	}
	if p.over {
		return
	}
	for ; p.told < len(m.lesson.Scenarios); p.told++ {
		r, ok := m.results[m.lesson.Scenarios[p.told].Name]
		if !ok {
			break
		}
		p.print(m.line(r))
	}
	if m.phase != done {
		return
	}
	p.over = true
	p.print(m.messages...)
	if m.page != nil {
		p.print("")
		p.print(m.pageText()...)
	}
	if m.messages == nil {
		p.print("", m.lesson.Name+": "+m.sum())
		if text := m.advice(); text != "" {
			p.print(strings.TrimSuffix(text, ": press n."))
		}
	}
}

func (p *printer) print(lines ...string) {
	for _, text := range lines {
		fmt.Fprintln(p.out, harmless(text))
	}
}
