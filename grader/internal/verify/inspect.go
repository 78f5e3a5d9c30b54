package verify

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"wirebook/harness"

	"wirebook/grader/internal/workbook"
)

// problem adds a surprise that no play shows.
func (r *Report) problem(format string, args ...any) {
	r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
}

// inspect finds what is wrong with a lesson without playing it.
func (r *Report) inspect(w *workbook.Workbook, lesson *workbook.Lesson) error {
	r.inspectMutants(lesson)
	return errors.Join(r.inspectGiven(w, lesson), r.inspectFolder(w, lesson), r.inspectReadmes(w, lesson))
}

// inspectMutants checks that mutants name scenarios that exist, and that every
// scenario earns its place: it is the one that some mutant is there for.
func (r *Report) inspectMutants(lesson *workbook.Lesson) {
	earned := make(map[string]bool)
	for _, m := range lesson.Mutants {
		earned[m.Want[0]] = true
		for _, want := range slices.Concat(m.Want, m.May) {
			if want != "*" && !hasScenario(lesson, want) {
				r.problem("mutant %s: # want: %s: no such scenario", m.Name, want)
			}
		}
	}
	var idle []string
	for _, s := range lesson.Scenarios {
		if !earned[s.Name] {
			idle = append(idle, s.Name)
		}
	}
	if len(idle) > 0 && len(lesson.Solution) > 0 {
		r.problem("no mutant has these scenarios first in its want line; for each write the program that it is there for, or remove it: %s", strings.Join(idle, " "))
	}
}

func hasScenario(lesson *workbook.Lesson, name string) bool {
	return slices.ContainsFunc(lesson.Scenarios, func(s *harness.Scenario) bool { return s.Name == name })
}

// unfinished is what a file says, or calls, that a student has to fill in.
var unfinished = regexp.MustCompile(`(?i)not ?written`)

// inspectGiven checks that the archive of given files is the stub, and that the
// files which a student need not touch are the solution's.
func (r *Report) inspectGiven(w *workbook.Workbook, lesson *workbook.Lesson) error {
	stub, err := w.Stub(lesson.Name)
	if err != nil {
		return err
	}
	if !stub.Equal(lesson.Given) {
		r.problem("exercises/%s/testdata/given/given.txtar: it is not the lesson's .go files; run: go run ./grader verify --update %[1]s", lesson.Name)
	}
	for _, name := range stub.Names() {
		solved, ok := lesson.Solution[name]
		switch {
		case unfinished.Match(stub[name]) || len(lesson.Solution) == 0:
		case !ok:
			r.problem("exercises/%s/%s: the solution has no such file", lesson.Name, name)
		case !bytes.Equal(stub[name], solved):
			r.problem("exercises/%s/%s: it differs from the solution's and says nowhere that something \"is not written yet\"; make the two the same", lesson.Name, name)
		}
	}
	return nil
}

// places are where the files of a lesson stand. A folder proof holds tests of
// what no scenario can see, a folder fuzz what a fuzzer once found worth keeping. A
// worksheet has a key, questions.json, and without its answers sheet.json.
var places = []string{
	"exercises/*/README.md", "exercises/*/README.zh-CN.md", "exercises/*/*.go",
	"exercises/*/testdata/*.txtar", "exercises/*/testdata/given/given.txtar", "exercises/*/testdata/sheet.json",
	"solutions/*/*.go", "solutions/*/questions.json", "solutions/*/generate/*.go", "solutions/*/proof/*.go", "solutions/*/testdata/fuzz/*/*",
	"solutions/*/testdata/sandbox", "solutions/*/testdata/hidden/*.txtar", "solutions/*/testdata/mutants/*.txtar", "solutions/*/testdata/variants/*.txtar",
}

func (r *Report) inspectFolder(w *workbook.Workbook, lesson *workbook.Lesson) error {
	paths, err := w.Paths(lesson.Name)
	for _, p := range paths {
		expected := slices.ContainsFunc(places, func(place string) bool {
			ok, _ := path.Match(place, p)
			return ok
		})
		if !expected || strings.HasPrefix(path.Base(p), ".") {
			r.problem("%s: a lesson has no such file; remove it", p)
		}
	}
	return err
}

func (r *Report) inspectReadmes(w *workbook.Workbook, lesson *workbook.Lesson) error {
	var rules [2][]rule
	for i, file := range []string{"README.md", "README.zh-CN.md"} {
		where := "exercises/" + lesson.Name + "/" + file
		text, err := w.Readme(lesson.Name, file)
		switch {
		case err != nil:
			return err
		case text == "" && i == 0:
			r.problem("%s: the lesson has no README", where)
			return nil
		case text == "":
			return nil
		}
		rules[i] = r.readRules(where, text)
		if i == 0 {
			r.inspectRules(where, rules[i], lesson)
		}
		r.inspectMarks(where, rules[i], lesson)
		if i > 0 {
			r.compareRules(where, rules[0], rules[i])
		}
	}
	return nil
}

// inspectHints checks that a student finds a hint where a mutant fails: in each
// block of a public scenario.
func (r *Report) inspectHints() {
	told := make(map[string]bool)
	for _, row := range r.Rows {
		for i, c := range row.Cells {
			s := r.Scenarios[i]
			if row.Kind != "mutant" || c.Last.Failure == nil || s.Hidden || len(s.Hints(c.Last.Failure.Block)) > 0 {
				continue
			}
			block := c.Last.Failure.Block
			missing := fmt.Sprintf("exercises/%s/testdata/%s.txtar: the block %q has no hint; write one into hint.md, below the line %q", s.Lesson, s.Name, block, "# "+block)
			if block == s.Title {
				missing = fmt.Sprintf("exercises/%s/testdata/%s.txtar: the title's block has no hint; begin hint.md with one", s.Lesson, s.Name)
			}
			if !told[missing] {
				told[missing] = true
				r.problem("%s fails here: %s", row.name(), missing)
			}
		}
	}
}
