package plug

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/capture"
	"wirebook/grader/internal/web"
)

// A screen shows what passes and what the devices say, a line at a time, and writes the
// capture.
type screen struct {
	quiet       bool // without frames
	left, label int  // columns of the ladder
	capture     *capture.Writer
	passed      harness.Passed
	heard       map[string]*harness.Heard // by each switch

	mu  sync.Mutex
	out io.Writer
	err error // of the capture
}

// line shows a line.
func (s *screen) line(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.out, format+"\n", args...)
}

// lines shows what a device or a host says, up to its end.
func (s *screen) lines(name string, from *bufio.Reader) {
	for {
		line, err := from.ReadString('\n')
		if line != "" {
			s.line("%s: %s", name, web.Visible(strings.TrimSuffix(line, "\n")))
		}
		if err != nil {
			return
		}
	}
}

// saw is told of each frame that is sent.
func (s *screen) saw(p passing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	comment := ""
	if p.lost {
		comment = "lost"
	}
	if s.capture != nil && s.err == nil {
		if s.err = s.capture.Frame(p.at, p.cable.name, p.frame, comment); s.err == nil {
			s.err = s.capture.Flush()
		}
	}
	if !s.quiet {
		r := p.rung()
		r.Changed = s.passed.Out(p.frame)
		r.Heard = s.hears(p)
		fmt.Fprint(s.out, telling.DrawRung(r, s.left, s.label))
	}
	s.passed.In(p.frame)
}

// hears notes what a switch hears, and tells what it has heard before.
func (s *screen) hears(p passing) (before string) {
	for i, end := range p.cable.ends {
		heard := s.heard[end.name]
		if heard == nil || i == p.from || p.lost {
			continue
		}
		heard.Now = time.Duration(p.at.UnixMilli()) * time.Millisecond
		before = heard.For(p.frame)
		heard.In(p.frame, p.cable.name)
	}
	return before
}

// What stands on an arrow has so many columns, more or fewer where a terminal is wide or
// narrow: most frames are told in someLabel.
const (
	leastLabel = 44
	someLabel  = 76
	mostLabel  = 120
)

// fit makes the ladder for a network, and as wide as a terminal, 0 where there is none.
func (s *screen) fit(n *Network, terminal int) {
	right := 0
	s.heard = make(map[string]*harness.Heard)
	for _, d := range n.Devices {
		right = max(right, len(d.Lesson))
		if harness.Learns(d.words(func(string) string { return "127.0.0.1:0,127.0.0.1:9" })) {
			s.heard[d.Lesson] = new(harness.Heard)
		}
	}
	s.left = len("h1,h2")
	if len(n.Devices) > 1 {
		s.left = right // one device stands to the left of another
	}
	s.label = someLabel
	if around := 2 + s.left + 2 + 7 + right; terminal > 0 {
		s.label = min(mostLabel, max(leastLabel, terminal-around))
	}
}

// rung draws the passing frame: the cable's last end stands on the right.
func (p passing) rung() telling.Rung {
	last := len(p.cable.ends) - 1
	r := telling.Rung{Kind: telling.Frame, Program: p.cable.ends[last].name, Text: harness.DescribeFrame(p.frame)}
	if p.from < last {
		r.ToProgram, r.Peer = true, p.cable.ends[p.from].name
	} else {
		var names []string
		for _, e := range p.cable.ends[:last] {
			names = append(names, e.name)
		}
		r.Peer = strings.Join(names, ",")
	}
	if p.lost {
		r.Text = "LOST: " + r.Text
	}
	return r
}
