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
	page    string // that was printed last
	sheet   string
	notice  string
}

func (p *printer) keys() <-chan key { return p.pressed }

func (p *printer) covers() bool { return false }

func (p *printer) draw(m *model, _ time.Time) {
	if m.round != p.round {
		if p.round == 0 && m.polls != "" {
			p.print("files are polled: " + m.polls)
		}
		if p.round == 0 && m.keys {
			p.print("Keys, each with Enter behind it: " + m.keyNames())
		}
		p.round, p.told, p.over = m.round, 0, false
		p.print("", "== "+m.lesson.Name)
	}
	if sheet := strings.Join(m.sheet, "\n"); sheet != p.sheet {
		p.sheet = sheet
		p.print(m.sheet...)
	}
	if p.notice != m.notice {
		if p.notice = m.notice; m.notice != "" {
			p.print(m.notice)
		}
	}
	if p.over {
		p.printPage(m)
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
	p.over, p.page = true, ""
	p.print(m.messages...)
	p.printPage(m)
	if m.messages == nil {
		p.print("", m.lesson.Name+": "+m.sum())
		text := m.advice()
		if !m.keys {
			text = strings.TrimSuffix(text, ": press n.")
		}
		if text != "" {
			p.print(text)
		}
	}
}

// printPage prints the page that is shown, unless that is what it printed last.
func (p *printer) printPage(m *model) {
	if m.page == nil || m.messages != nil {
		return
	}
	lines := m.pageText()
	if page := strings.Join(lines, "\n"); page != p.page {
		p.page = page
		p.print("")
		p.print(lines...)
	}
}

func (p *printer) print(lines ...string) {
	for _, text := range lines {
		fmt.Fprintln(p.out, harmless(text))
	}
}
