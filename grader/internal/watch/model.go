package watch

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/workbook"
)

// A model is what is known, and what of it is shown. It is changed by what happens and
// drawn by a view; it does nothing by itself.
type model struct {
	lesson  *workbook.Lesson
	program string // the command of a program that is not built here, "" where it is
	keys    bool   // somebody can press some
	manual  bool
	polls   string // why files are polled
	model   string // the folder of the model program, "" where there is none
	after   string // the next lesson, "" behind the last

	round    int
	phase    phase
	results  map[string]harness.Result // of this round
	recent   []string                  // their names, in the order in which they came
	rests    map[string]time.Time      // since when scenarios rest
	messages []string                  // in place of scenarios
	last     *score                    // of the round before, which was whole

	shown  string          // the scenario whose page is shown, "" for none
	page   *harness.Result // its failure
	older  bool            // it is that of an earlier round
	chosen bool            // the reader has chosen it
	hints  map[string]int  // how many more hints are shown of a block
	scroll int             // how many lines of the page are above the window
	sheet  []string        // what is shown in place of the page, until a key is pressed
	notice string          // what the last key came to, where nothing else shows it
	saved  bool            // something was saved that nobody has asked to play
}

// A phase says how far a round is.
type phase int

const (
	building phase = iota
	inPlay
	done
)

// A score is how far a lesson is.
type score struct{ points, most, passed, played int }

func newModel() *model {
	return &model{results: make(map[string]harness.Result), rests: make(map[string]time.Time), hints: make(map[string]int)}
}

// begin begins a round. What is shown stays until something is known that is newer.
func (m *model) begin(lesson *workbook.Lesson) {
	if m.lesson != nil && m.lesson.Name != lesson.Name {
		m.shown, m.page, m.last = "", nil, nil
	} else if m.phase == done && m.messages == nil {
		s := m.score()
		m.last = &s
	}
	m.lesson = lesson
	m.round++
	m.phase, m.messages, m.recent = building, nil, nil
	m.notice, m.saved = "", false
	m.older, m.chosen = m.page != nil, false
	clear(m.results)
	clear(m.rests)
}

// first are the scenarios that are to be played first: the one that is shown, then
// the others that failed last.
func (m *model) first() []string {
	var names []string
	if m.shown != "" {
		names = append(names, m.shown)
	}
	for _, r := range m.failures() {
		if r.Scenario.Name != m.shown {
			names = append(names, r.Scenario.Name)
		}
	}
	return names
}

// refuse ends a round of which nothing is played.
func (m *model) refuse(lines ...string) {
	m.phase, m.messages = done, lines
	m.scroll = 0
}

// happen takes an event in, and reports whether it is one of this round.
func (m *model) happen(e event) bool {
	if e.round != m.round {
		return false
	}
	switch what := e.what.(type) {
	case playing:
		m.phase = inPlay
	case resting:
		if delete(m.rests, what.scenario); !what.since.IsZero() {
			m.rests[what.scenario] = what.since
		}
	case ended:
		m.end(what.Result)
	case broken:
		var lines []string
		for _, message := range what.messages {
			lines = append(lines, m.compilers(message))
		}
		m.refuse(lines...)
	case failed:
		m.refuse("This is not your program's fault:", what.err.Error())
	case over:
		m.finish()
	}
	return true
}

// toPlay says what has to be done so that the lesson is played.
func (m *model) toPlay() string {
	if m.manual {
		return "Press Enter, and it is played."
	}
	return "Save, and it is played."
}

// compilers is a message of the compiler's, with the file where a terminal finds it.
func (m *model) compilers(message build.Message) string {
	if message.File != "" {
		message.File = "exercises/" + m.lesson.Name + "/" + message.File
	}
	return message.String()
}

func (m *model) end(r harness.Result) {
	name := r.Scenario.Name
	delete(m.rests, name)
	m.results[name] = r
	m.recent = append(m.recent, name)
	if name == m.shown && r.Status == harness.Fail {
		m.page, m.older = &r, false
	}
}

// finish chooses a page, where the one that was shown is no failure any more.
func (m *model) finish() {
	m.phase = done
	if m.messages != nil {
		return
	}
	if m.page != nil && !m.older {
		return
	}
	m.show(m.best())
}

// show shows a scenario's page, or none.
func (m *model) show(name string) {
	m.shown, m.page, m.older, m.scroll = "", nil, false, 0
	if r, ok := m.results[name]; ok && r.Status == harness.Fail {
		m.shown, m.page = name, &r
	}
}

// best is the failure from which the mistake is found soonest, "" where there is none.
func (m *model) best() string {
	results := m.ordered()
	if i := harness.Best(results); i >= 0 {
		return results[i].Scenario.Name
	}
	return ""
}

// ordered are the results of this round in the order of building.
func (m *model) ordered() []harness.Result {
	var all []harness.Result
	for _, s := range m.lesson.Scenarios {
		if r, ok := m.results[s.Name]; ok {
			all = append(all, r)
		}
	}
	return all
}

func (m *model) failures() []harness.Result {
	return slices.DeleteFunc(m.ordered(), func(r harness.Result) bool { return r.Status != harness.Fail })
}

// next shows the best failure, where another is shown that nobody has chosen, and else
// one after the other.
func (m *model) next() {
	failed := m.failures()
	if len(failed) == 0 {
		m.notice = "No scenario has failed in this round."
		return
	}
	if better := m.better(); better != "" {
		m.show(better)
	} else {
		i := slices.IndexFunc(failed, func(r harness.Result) bool { return r.Scenario.Name == m.shown })
		m.show(failed[(i+1)%len(failed)].Scenario.Name)
	}
	m.chosen = true
}

// better is a failure from which the mistake may be found sooner than from the one that
// was shown before the round and has stayed; "" where there is none.
func (m *model) better() string {
	if best := m.best(); m.phase == done && !m.chosen && m.page != nil && best != m.shown {
		return best
	}
	return ""
}

// hint shows one more hint of what is shown, or says that there is none.
func (m *model) hint() {
	if m.page == nil || m.messages != nil {
		m.notice = "No failure is shown to which there could be a hint."
		return
	}
	tiers := m.page.Scenario.Hints(m.page.Failure.Block)
	key := m.page.Scenario.Name + "/" + m.page.Failure.Block
	if len(tiers) == 0 {
		m.notice = m.shown + " has no hints."
		return
	}
	m.scroll = tail // they stand at the end
	if m.hints[key]+1 < len(tiers) {
		m.hints[key]++
	} else {
		m.notice = "That was the last hint to what is shown."
	}
}

// pageText is the page that is shown, with the hints that were asked for.
func (m *model) pageText() []string {
	r := *m.page
	tiers := r.Scenario.Hints(r.Failure.Block)
	more := m.hints[r.Scenario.Name+"/"+r.Failure.Block]
	if more > 0 {
		failure := *r.Failure
		failure.Hint = strings.Join(tiers[:min(more+1, len(tiers))], "\n\n")
		r.Failure = &failure
	}
	var b strings.Builder
	// A strings.Builder takes everything.
	_ = harness.WritePage(&b, harness.PageOf(r, m.replay(r.Scenario)))
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

// replay is the command that plays a scenario again.
func (m *model) replay(s *harness.Scenario) string {
	switch {
	case m.program != "":
		return fmt.Sprintf("go run ./grader check %s --scenario %s -- %s", m.lesson.Name, s.Name, m.program)
	case s.Hidden:
		return fmt.Sprintf("go run ./grader check %s --scenario %s", m.lesson.Name, s.Name)
	}
	return fmt.Sprintf("go test ./exercises/%s -run /%s", m.lesson.Name, s.Name)
}

// score sums up what has been played in this round.
func (m *model) score() (s score) {
	for _, r := range m.ordered() {
		if r.Status == harness.Skip {
			continue
		}
		s.played++
		s.points += r.Score
		s.most += r.Scenario.Points
		if r.Status == harness.Pass {
			s.passed++
		}
	}
	return s
}

// most is what the lesson is worth.
func (m *model) most() int {
	sum := 0
	for _, s := range m.lesson.Scenarios {
		if m.results[s.Name].Status != harness.Skip || m.results[s.Name].Scenario == nil {
			sum += s.Points
		}
	}
	return sum
}

// sum tells the score in words, with what has changed since the last round.
func (m *model) sum() string {
	s := m.score()
	text := fmt.Sprintf("%d of %d points", s.points, m.most())
	if m.last != nil && m.phase == done && s.points != m.last.points {
		text += fmt.Sprintf(" (%+d)", s.points-m.last.points)
	}
	return text
}

// advice is what to do now, in a line.
func (m *model) advice() string {
	switch {
	case m.notice != "":
		return m.notice
	case m.phase != done || m.messages != nil || len(m.results) == 0:
		return ""
	case m.page == nil && m.score().passed == m.score().played:
		text := fmt.Sprintf("Well done: all %d of %s pass.", m.score().played, m.lesson.Name)
		if m.model != "" {
			text += " A model: " + m.model + "."
		}
		if m.after != "" {
			text += " Next: exercises/" + m.after
		}
		return text
	case m.better() != "":
		return fmt.Sprintf("From %s the mistake may be found sooner: press n.", m.better())
	}
	for _, r := range m.ordered() {
		if r.Status == harness.Error {
			return fmt.Sprintf("%s could not be played: %v", r.Scenario.Name, r.Err)
		}
	}
	return fmt.Sprintf("Next: %s, %d of %d scenarios pass.", cmp.Or(m.shown, m.best()), m.score().passed, m.score().played)
}

// line tells a result in a line.
func (m *model) line(r harness.Result) string {
	switch r.Status {
	case harness.Fail:
		return "fail   " + harness.PageOf(r, "").Line(1000)
	case harness.Pass:
		return fmt.Sprintf("pass   %s: %s", r.Scenario.Name, r.Scenario.Title)
	}
	return fmt.Sprintf("%-6s %s: %v", r.Status, r.Scenario.Name, cmp.Or(r.Err, errors.New("")))
}

// leastRest is from when on a program is said to be waiting.
const leastRest = 300 * time.Millisecond

// waiting names the scenario that has rested longest, and how long.
func (m *model) waiting(now time.Time) (name string, rest time.Duration) {
	for scenario, since := range m.rests {
		if d := now.Sub(since); d >= leastRest && (d > rest || d == rest && scenario < name) {
			name, rest = scenario, d
		}
	}
	return name, rest
}
