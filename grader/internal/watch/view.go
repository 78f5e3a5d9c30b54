package watch

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// A line is one of the screen, and how it is to look.
type line struct {
	text  string
	style style
}

// A style is one of the terminal's own colours: they can be read on whatever ground the
// user has chosen, light or dark.
type style string

const (
	plain style = ""
	bold  style = "1"
	dim   style = "2"
	good  style = "32"
	bad   style = "1;31"
	hints style = "36"
	notes style = "1;33"
	foot  style = "7"
)

// tail scrolls to the end.
const tail = 1 << 30

// view draws the model on so many columns and rows.
func (m *model) view(columns, rows int, now time.Time) []line {
	screen := []line{m.title(columns)}
	var bottom []line
	if m.sheet == nil { // it gets all the room that there is
		for _, marks := range wrap(m.strip(), columns) {
			screen = append(screen, line{marks, plain})
		}
		screen = append(screen, line{cut(m.state(now), columns), dim})
		for _, text := range wrap(m.advice(), columns) {
			bottom = append(bottom, line{text, notes})
		}
	}
	bottom = append(bottom, line{pad(cut(m.foot(columns), columns), columns), foot})
	room := max(1, rows-len(screen)-len(bottom))
	screen = append(screen, m.window(columns, room)...)
	for len(screen) < rows-len(bottom) {
		screen = append(screen, line{})
	}
	return append(screen, bottom...)[:rows]
}

func (m *model) title(columns int) line {
	text := m.lesson.Name
	if m.program != "" {
		text += " -- " + m.program
	}
	switch {
	case len(m.results) > 0:
		text += "   " + m.sum()
	case m.last != nil:
		text += fmt.Sprintf("   %d of %d points before", m.last.points, m.last.most)
	}
	return line{cut(text, columns), bold}
}

// strip has a mark for each scenario, in the order of building.
func (m *model) strip() string {
	var b strings.Builder
	for _, s := range m.lesson.Scenarios {
		r, ok := m.results[s.Name]
		switch {
		case !ok:
			b.WriteString("·")
		case r.Status == harness.Pass:
			b.WriteString("✓")
		case r.Status == harness.Fail:
			b.WriteString("✗")
		case r.Status == harness.Skip:
			b.WriteString("-")
		default:
			b.WriteString("?")
		}
	}
	return b.String()
}

// state says what is going on, what is needed soonest first: the end may be cut.
func (m *model) state(now time.Time) string {
	var text string
	switch {
	case m.phase == building:
		text = "building"
	case m.phase == inPlay:
		text = fmt.Sprintf("playing %d of %d", len(m.results), len(m.lesson.Scenarios))
		if name, rest := m.waiting(now); name != "" {
			text += fmt.Sprintf("; waiting: %s at rest for %.1fs", name, rest.Seconds())
		}
	case m.saved:
		return "saved: press Enter, and it is played"
	case m.polls != "":
		return "files are polled: " + m.polls
	}
	if m.phase != done && m.older {
		text += "; older page below"
	}
	return text
}

// window is the part of the body that there is room for.
func (m *model) window(columns, room int) []line {
	body := m.body(columns)
	if len(body) <= room {
		m.scroll = 0
		return body
	}
	m.scroll = max(0, min(m.scroll, len(body)-room+1))
	if m.sheet == nil && m.page == nil && m.messages == nil { // the newest are below
		m.scroll = len(body) - room + 1
	}
	shown := body[m.scroll : m.scroll+room-1]
	above, below := m.scroll, len(body)-m.scroll-room+1
	return append(shown, line{cut(fmt.Sprintf("   %d lines above, %d below: ↑ ↓", above, below), columns), dim})
}

// body is all that could be read: a sheet, the compiler's words, a page, or a line for
// each scenario.
func (m *model) body(columns int) []line {
	var lines []line
	add := func(text string, s style) {
		for _, part := range wrap(text, columns) {
			lines = append(lines, line{part, s})
		}
	}
	switch {
	case m.sheet != nil:
		for _, text := range m.sheet {
			add(text, plain)
		}
	case m.messages != nil:
		for _, text := range m.messages {
			add(text, bad)
		}
	case m.page != nil:
		hinting := false
		for i, text := range m.pageText() {
			hinting = hinting || text == "Hint:"
			add(shorten(text, columns), pageStyle(i, text, hinting))
		}
	default:
		for _, name := range m.recent {
			r := m.results[name]
			s := plain
			switch r.Status {
			case harness.Pass:
				s = good
			case harness.Fail:
				s = bad
			}
			lines = append(lines, line{cut(m.line(r), columns), s})
		}
	}
	return lines
}

var arrow = regexp.MustCompile("-{6,}")

// shorten makes the arrow of a drawing shorter where the line is too long.
func shorten(text string, columns int) string {
	more := wide(text) - columns
	if at := arrow.FindStringIndex(text); more > 0 && at != nil && at[1]-at[0] > more+3 {
		return text[:at[0]] + text[at[0]+more:]
	}
	return text
}

// pageStyle is how a line of a page looks.
func pageStyle(i int, text string, hinting bool) style {
	switch {
	case i == 0:
		return bold
	case strings.HasPrefix(text, "Play it again:"):
		return dim
	case hinting:
		return hints
	case strings.HasPrefix(text, " >") || strings.HasSuffix(text, "^ the first difference"):
		return bad
	case strings.HasPrefix(strings.TrimLeft(text, " "), "# "):
		return dim
	}
	return plain
}

// foot names the keys.
func (m *model) foot(columns int) string {
	switch {
	case m.sheet != nil:
		return " any other key: back   ↑ ↓ scroll   q quit"
	case columns < 72:
		return " n next  h hint  r replay  l list  a all  q quit"
	}
	return " " + m.keyNames() + "  ↑ ↓"
}

// keyNames names the keys that do something in lines, too.
func (m *model) keyNames() string {
	text := "n next failure  h hint  r replay  l lessons  a play all  q quit"
	if m.manual {
		return text + "  Enter play"
	}
	return text
}

// wide is how many columns a text takes.
func wide(text string) int { return telling.Columns(text) }

func cells(r rune) int { return wide(string(r)) }

// cut keeps the beginning of a line that is too long.
func cut(text string, columns int) string {
	if wide(text) <= columns {
		return text
	}
	n := 0
	for i, r := range text {
		if n+cells(r) > columns-1 {
			return text[:i] + "…"
		}
		n += cells(r)
	}
	return text
}

func pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-wide(text)))
}

// wrap breaks a line that is too long, at a space where there is one in its second half.
func wrap(text string, columns int) []string {
	if text == "" {
		return []string{""}
	}
	var lines []string
	for wide(text) > columns {
		n, end, space := 0, 0, 0
		for i, r := range text {
			if n+cells(r) > columns {
				end = i
				break
			}
			if r == ' ' && n > columns/2 {
				space = i
			}
			n += cells(r)
		}
		if space > 0 {
			lines, text = append(lines, text[:space]), "    "+strings.TrimLeft(text[space:], " ")
			continue
		}
		lines, text = append(lines, text[:max(1, end)]), text[max(1, end):]
	}
	return append(lines, text)
}
