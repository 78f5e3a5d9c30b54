package report

import (
	"cmp"
	"slices"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// A glance is what a class looks like as a whole.
type glance struct {
	*Class
	Count, Incomplete int
	Sandboxes         []string  // the levels at which programs ran
	Spreads           []spread  // of the lessons, then of the total
	Failed            []counted // scenarios, those that most failed first
	First             []counted // failures to read first, the commonest first
	Alike             []alike
}

// A counted is a scenario, and who failed it.
type counted struct {
	Lesson, Scenario, Title string
	Message                 string // that of most of them
	Hidden                  bool
	Times, Of               int
	Who                     []string // at most mostNamed
	messages                map[string]int
}

// An alike is programs of a lesson that differ in names and layout alone.
type alike struct {
	Lesson string
	First  bool // of its lesson
	Who    []scored
}

type scored struct{ Name, Score, team string }

const (
	mostNamed = 100
	mostRows  = 25
)

// overview reads a class once.
func overview(c *Class) (*glance, error) {
	g := &glance{Class: c}
	sums := make([]spread, len(c.Lessons)+1)
	failed, first := make(map[[2]string]*counted), make(map[[2]string]*counted)
	shapes := make(map[[2]string][]scored)
	for s, err := range c.Submissions {
		if err != nil {
			return nil, err
		}
		g.Count++
		if !s.Complete {
			g.Incomplete++
		}
		if !slices.Contains(g.Sandboxes, s.Sandbox) {
			g.Sandboxes = append(g.Sandboxes, s.Sandbox)
		}
		for i, name := range c.Lessons {
			l := s.Lesson(name)
			if l == nil {
				continue
			}
			sums[i].add(l.Score, l.MaxScore)
			countFailures(l, s.Submission, failed, first)
			if key := [2]string{name, l.Shape}; l.Shape != "" {
				shapes[key] = append(shapes[key], scored{s.Submission, of(l.Score, l.MaxScore), s.Team})
			}
		}
		sums[len(c.Lessons)].add(s.Score, s.MaxScore)
	}
	for i := range sums {
		sums[i].Name = "total"
		if i < len(c.Lessons) {
			sums[i].Name = c.Lessons[i]
		}
		sums[i].finish()
	}
	g.Spreads, g.Failed, g.First = sums, top(failed), top(first)
	for key, who := range shapes {
		if slices.ContainsFunc(who[1:], func(s scored) bool { return s.team == "" || s.team != who[0].team }) {
			g.Alike = append(g.Alike, alike{Lesson: key[0], Who: who})
		}
	}
	slices.SortFunc(g.Alike, func(a, b alike) int {
		return cmp.Or(cmp.Compare(slices.Index(c.Lessons, a.Lesson), slices.Index(c.Lessons, b.Lesson)), cmp.Compare(a.Who[0].Name, b.Who[0].Name))
	})
	for i := range g.Alike {
		g.Alike[i].First = i == 0 || g.Alike[i-1].Lesson != g.Alike[i].Lesson
	}
	return g, nil
}

// countFailures counts what failed in a lesson, and which failure is to be read
// first.
func countFailures(l *result.Lesson, who string, failed, first map[[2]string]*counted) {
	count := func(in map[[2]string]*counted, sc result.Scenario) *counted {
		key := [2]string{l.Lesson, sc.Scenario}
		if in[key] == nil {
			in[key] = &counted{Lesson: l.Lesson, Scenario: sc.Scenario, Title: sc.Title, Hidden: sc.Hidden, messages: make(map[string]int)}
		}
		return in[key]
	}
	for _, sc := range l.Scenarios {
		if sc.Status != telling.Pass && sc.Status != telling.Fail {
			continue
		}
		c := count(failed, sc)
		c.Of++
		if sc.Status == telling.Fail {
			c.add(who, sc)
			if sc.Scenario == l.Best {
				count(first, sc).add(who, sc)
			}
		}
	}
}

func (c *counted) add(who string, sc result.Scenario) {
	c.Times++
	if len(c.Who) < mostNamed {
		c.Who = append(c.Who, who)
	}
	if sc.Failure != nil && len(c.messages) < mostNamed {
		c.messages[sc.Failure.Message]++
	}
}

// More is how many are not named.
func (c counted) More() int { return c.Times - len(c.Who) }

// top are those that happened most.
func top(in map[[2]string]*counted) []counted {
	var all []counted
	for _, c := range in {
		if c.Times == 0 {
			continue
		}
		for message, times := range c.messages {
			if best := c.messages[c.Message]; times > best || times == best && message < c.Message {
				c.Message = message
			}
		}
		all = append(all, *c)
	}
	slices.SortFunc(all, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), cmp.Compare(a.Lesson, b.Lesson), cmp.Compare(a.Scenario, b.Scenario))
	})
	return all[:min(len(all), mostRows)]
}

// A spread is how points are spread over a class: how many earned nothing, up to
// a tenth of what there is, and so on up to all.
type spread struct {
	Name    string
	Known   int
	Average int // percent
	Bars    []bar
	sum     sum
	bins    [12]int
}

// A bar stands for those who earned between two percentages.
type bar struct {
	Label      string
	Count      int
	X, Y, Tall int
}

func (s *spread) add(score *float64, most float64) {
	if score == nil || most == 0 {
		return
	}
	s.Known++
	s.sum.got, s.sum.most = s.sum.got+*score, s.sum.most+most
	bin := 1 + int(10**score/most)
	switch {
	case *score <= 0:
		bin = 0
	case *score >= most:
		bin = 11
	}
	s.bins[min(bin, 11)]++
}

// spreadLabels name the bars: those at both ends are exact.
var spreadLabels = [12]string{"0", "under 10 %", "10 to 20 %", "20 to 30 %", "30 to 40 %", "40 to 50 %", "50 to 60 %", "60 to 70 %", "70 to 80 %", "80 to 90 %", "90 to 100 %", "all"}

const barHeight = 60

func (s *spread) finish() {
	if s.Known == 0 {
		return
	}
	s.Average = int(100*s.sum.got/s.sum.most + 0.5)
	most := slices.Max(s.bins[:])
	for i, n := range s.bins {
		tall := (n*barHeight + most - 1) / most
		s.Bars = append(s.Bars, bar{spreadLabels[i], n, i * 15, barHeight - tall, tall})
	}
}

// A sum adds up what is known.
type sum struct{ got, most float64 }
