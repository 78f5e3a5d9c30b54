package harness

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// A Scenario is one .txtar file: one behaviour that a lesson asks for, one line
// in a score. ParseScenario makes it.
type Scenario struct {
	Lesson string // the lesson's name
	Name   string // the file's name without .txtar; unique in the lesson
	Title  string // one sentence: the promise
	Points int    // what passing it earns
	Hidden bool   // students do not see it
	// Hints lead from the concept to the place in the code, a tier each.
	Hints []string

	file  string // the file's base name, for positions
	data  []byte // what the file holds
	lines []*line
	lasts time.Duration     // as its script says
	files map[string][]byte // the archive's files, hints left out
}

// meetsReference reports whether the solution's program runs in the scenario.
func (s *Scenario) meetsReference() bool {
	return slices.ContainsFunc(s.lines, func(l *line) bool { return l.verb == "reference" || l.verb == "random" })
}

var titleLine = lazily(`^# (.*\S) \(([1-9][0-9]*) points?\)$`)

// hintFile is the archive's file that holds the hints; a line "---" ends a tier.
const hintFile = "hint.md"

// programDir is the folder of the archive that becomes the working directory
// of the programs.
const programDir = "w"

// ParseScenario reads the scenario that data, the contents of file, describes,
// and checks every line of its script. Errors start with file and line.
func ParseScenario(file string, data []byte) (*Scenario, error) {
	file = path.Base(file)
	archive := txtar.Parse(data)
	s := &Scenario{
		Name:  strings.TrimSuffix(file, ".txtar"),
		file:  file,
		data:  data,
		files: make(map[string][]byte),
	}
	if bytes.Contains(data, []byte("\r\n")) {
		return nil, fmt.Errorf("%s: it has Windows line ends; a scenario's lines end with LF alone", file)
	}
	title, script, _ := strings.Cut(string(archive.Comment), "\n")
	m := titleLine().FindStringSubmatch(title)
	if m == nil {
		return nil, fmt.Errorf("%s:1: the first line %q is no title; write: # One sentence. (2 points)", file, title)
	}
	s.Title = m[1]
	s.Points, _ = strconv.Atoi(m[2])
	for _, f := range archive.Files {
		if _, twice := s.files[f.Name]; twice {
			return nil, fmt.Errorf("%s: the file %q stands twice in the archive; remove one", file, f.Name)
		}
		if f.Name == hintFile {
			s.Hints = splitHints(string(f.Data))
			continue
		}
		s.files[f.Name] = f.Data
	}
	lines, err := parseScript(script, 2)
	if err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	for _, l := range lines {
		if err := l.check(s.files); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, l.number, err)
		}
	}
	if s.lasts, err = lasts(lines); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	s.lines = lines
	return s, nil
}

func splitHints(text string) []string {
	var tiers []string
	for _, tier := range strings.Split("\n"+text, "\n---\n") {
		if tier = strings.TrimSpace(tier); tier != "" {
			tiers = append(tiers, tier)
		}
	}
	return tiers
}

// Source returns the file that the scenario was read from: its base name and
// what it holds.
func (s *Scenario) Source() (file string, data []byte) { return s.file, s.data }

// theEnd is the command that testscript finds behind a script's last line.
const theEnd = "the-end"

// archive is what testscript plays: the same lines at the same numbers, our
// commands bound to their line ("send:8"). It holds no files: those for the
// programs are written by the play, and no program can read a hint or an
// expected answer.
func (s *Scenario) archive() []byte {
	var script strings.Builder
	next := 1
	for _, l := range s.lines {
		for ; next < l.number; next++ {
			script.WriteString("\n")
		}
		script.WriteString(l.bound() + "\n")
		next++
	}
	script.WriteString(theEnd + "\n")
	return txtar.Format(&txtar.Archive{Comment: []byte(script.String())})
}

// writeProgramFiles writes the archive's files for the programs into their
// working directory.
func (s *Scenario) writeProgramFiles(root *os.Root) error {
	for name, data := range s.files {
		name, ok := strings.CutPrefix(name, programDir+"/")
		if !ok {
			continue
		}
		if err := root.MkdirAll(path.Dir(name), 0o777); err != nil {
			return err
		}
		if err := root.WriteFile(name, data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// position names a line of the scenario for a reader.
func (s *Scenario) position(number int) string {
	return fmt.Sprintf("%s:%d", s.file, number)
}

// Needs reports whether the script uses a command, such as random.
func (s *Scenario) Needs(verb string) bool {
	return slices.ContainsFunc(s.lines, func(l *line) bool { return l.verb == verb })
}

// lasts returns how long the lines say that their play takes; 0 where none
// does.
func lasts(lines []*line) (time.Duration, error) {
	var sum time.Duration
	for _, l := range lines {
		if l.verb != "lasts" {
			continue
		}
		text, err := l.call.args[0].expand(func(string) string { return "" }, false) // nothing has a value before a play
		if err != nil {
			return 0, fmt.Errorf("%d: lasts: %w", l.number, err)
		}
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			return 0, fmt.Errorf("%d: lasts: %q is no time; write: lasts 1s", l.number, text)
		}
		sum += d
	}
	return sum, nil
}
