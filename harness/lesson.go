package harness

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// lazily returns a function that compiles the pattern when it is first called: a
// student's program is linked with all that is here, and begins by initialising it.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// A Lesson is one line of the syllabus and the folder that it names.
type Lesson struct {
	Name  string // the folder's name, such as "chat"
	Title string // what the student builds
	Part  string // the heading above it in the syllabus, "" where there is none
	// Forbidden are the imports that the lesson does without: import
	// paths, or patterns such as "net/..." for net and all below it.
	Forbidden []string
}

// Forbids reports whether the lesson does without the package at importPath.
func (l *Lesson) Forbids(importPath string) bool {
	return slices.ContainsFunc(l.Forbidden, func(pattern string) bool {
		if dir, ok := strings.CutSuffix(pattern, "/..."); ok {
			return importPath == dir || strings.HasPrefix(importPath, dir+"/")
		}
		return importPath == pattern
	})
}

// syllabusLine is a lesson's row in the syllabus's table:
//
//	| [chat](chat/README.md) | A conversation over TCP | `net/http`, `net/rpc` |
var syllabusLine = lazily(`^\| *\[([a-z0-9]+)\]\(([a-z0-9]+)/README\.md\) *\| *([^|]+?) *\| *([^|]*?) *\|`)

// Syllabus reads the lessons in their order from README.md at the root of
// exercises, the folder of lessons. A lesson whose folder is not there is an
// error: the syllabus is the only list of lessons.
func Syllabus(exercises fs.FS) ([]*Lesson, error) {
	text, err := fs.ReadFile(exercises, "README.md")
	if err != nil {
		return nil, fmt.Errorf("syllabus: %w", err)
	}
	var lessons []*Lesson
	part := ""
	for i, line := range strings.Split(string(text), "\n") {
		if heading, ok := strings.CutPrefix(line, "## "); ok {
			part = strings.TrimSpace(heading)
		}
		m := syllabusLine().FindStringSubmatch(line)
		if m == nil {
			continue
		}
		name, title, forbidden := m[1], m[3], m[4]
		if m[2] != name {
			return nil, fmt.Errorf("README.md:%d: lesson %q links to the folder %q; give both one name", i+1, name, m[2])
		}
		if slices.ContainsFunc(lessons, func(l *Lesson) bool { return l.Name == name }) {
			return nil, fmt.Errorf("README.md:%d: lesson %q stands twice; remove one line", i+1, name)
		}
		if _, err := fs.Stat(exercises, name); err != nil {
			return nil, fmt.Errorf("README.md:%d: lesson %q has no folder: %w", i+1, name, err)
		}
		lessons = append(lessons, &Lesson{Name: name, Title: title, Part: part, Forbidden: backquoted(forbidden)})
	}
	if len(lessons) == 0 {
		return nil, errors.New("README.md: no lesson; a lesson is a line such as: | [chat](chat/README.md) | A conversation over TCP | none |")
	}
	return lessons, nil
}

// Between two or three back quotes stands what may have one in it, and no name.
var backquotes = lazily("(?s)```.*?```|``.*?``|`([^`]+)`")

// backquoted returns what stands between back quotes in s, in order.
func backquoted(s string) []string {
	var words []string
	for _, m := range backquotes().FindAllStringSubmatch(s, -1) {
		if m[1] != "" {
			words = append(words, m[1])
		}
	}
	return words
}

// A place is where a README first names a scenario.
type place struct {
	order int // among all that it names
	rule  int // the number of the list's item, 0 outside of a list
}

// places finds all that a README names between back quotes.
func places(readme string) map[string]place {
	found := make(map[string]place)
	for _, m := range backquotes().FindAllStringSubmatchIndex(readme, -1) {
		if m[2] < 0 {
			continue
		}
		name := readme[m[2]:m[3]]
		if _, ok := found[name]; !ok {
			found[name] = place{order: len(found), rule: itemOf(readme[:m[2]])}
		}
	}
	return found
}

// itemOf returns the number of the list's item in which the text ends, 0 outside of
// a list: the lines of an item are indented below its number.
func itemOf(text string) int {
	for text != "" {
		start := strings.LastIndexByte(text, '\n') + 1
		line := text[start:]
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, " ") {
			number, _, _ := strings.Cut(line, ". ")
			n, _ := strconv.Atoi(number)
			return n
		}
		text = text[:max(0, start-1)]
	}
	return 0
}

// Scenarios finds the lesson's scenarios: the public ones in exercises, in the
// order in which the lesson's README first names them, then, where solutions is
// not nil and has the lesson, the hidden ones by name. Every script is checked
// line by line; what is wrong in any of them is one error that names file and
// line.
func (l *Lesson) Scenarios(exercises, solutions fs.FS) ([]*Scenario, error) {
	public, err := readScenarios(exercises, l.Name, path.Join(l.Name, "testdata"), false)
	if err != nil {
		return nil, err
	}
	readme, err := fs.ReadFile(exercises, path.Join(l.Name, "README.md"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	named := places(string(readme))
	rank := func(s *Scenario) int {
		if p, ok := named[s.Name]; ok {
			return p.order
		}
		return len(named)
	}
	slices.SortStableFunc(public, func(a, b *Scenario) int { return rank(a) - rank(b) })
	all := public
	if solutions != nil {
		hidden, err := readScenarios(solutions, l.Name, path.Join(l.Name, "testdata", "hidden"), true)
		if err != nil {
			return nil, err
		}
		all = append(all, hidden...)
		if err := checkNames(l.Name, all); err != nil {
			return nil, err
		}
	}
	for _, s := range all {
		s.Rule = named[s.Name].rule
	}
	return all, nil
}

// readScenarios reads dir's .txtar files, sorted by name. A folder that is
// missing holds no scenario.
func readScenarios(fsys fs.FS, lesson, dir string, hidden bool) ([]*Scenario, error) {
	files, err := fs.Glob(fsys, path.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	var scenarios []*Scenario
	var errs []error
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		s, err := ParseScenario(path.Base(file), data)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.Lesson, s.Hidden = lesson, hidden
		scenarios = append(scenarios, s)
	}
	return scenarios, errors.Join(errs...)
}

// checkNames refuses a scenario whose name is part of another's: `go test -run`
// takes a part of a name, and a replay command must play one scenario alone.
func checkNames(lesson string, scenarios []*Scenario) error {
	for _, a := range scenarios {
		for _, b := range scenarios {
			if a != b && strings.Contains(b.Name, a.Name) {
				return fmt.Errorf("%s: scenario %q: its name is part of %q; rename one, so that each can be played alone", lesson, a.Name, b.Name)
			}
		}
	}
	return nil
}
