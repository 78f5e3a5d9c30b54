package verify

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"wirebook/harness"

	"wirebook/grader/internal/workbook"
)

// inspect finds what is wrong with a lesson without playing it.
func inspect(w *workbook.Workbook, lesson *workbook.Lesson) ([]string, error) {
	var problems []string
	for _, look := range []func(*workbook.Workbook, *workbook.Lesson) ([]string, error){
		inspectMutants, inspectGiven, inspectFolder, inspectReadmes,
	} {
		found, err := look(w, lesson)
		if err != nil {
			return nil, err
		}
		problems = append(problems, found...)
	}
	return problems, nil
}

// inspectMutants checks that mutants name scenarios that exist, and that every
// scenario earns its place: it is the one that some mutant is there for.
func inspectMutants(_ *workbook.Workbook, lesson *workbook.Lesson) ([]string, error) {
	var problems []string
	earned := make(map[string]bool)
	var idle []string
	for _, m := range lesson.Mutants {
		earned[m.Want[0]] = true
		for _, want := range slices.Concat(m.Want, m.May) {
			if want != "*" && !hasScenario(lesson, want) {
				problems = append(problems, fmt.Sprintf("mutant %s: # want: %s: no such scenario", m.Name, want))
			}
		}
	}
	if len(lesson.Solution) == 0 {
		return problems, nil
	}
	for _, s := range lesson.Scenarios {
		if !earned[s.Name] {
			idle = append(idle, s.Name)
		}
	}
	if len(idle) > 0 {
		problems = append(problems, fmt.Sprintf("no mutant has these scenarios first in its want line; for each write the program that it is there for, or remove it: %s", strings.Join(idle, " ")))
	}
	return problems, nil
}

func hasScenario(lesson *workbook.Lesson, name string) bool {
	return slices.ContainsFunc(lesson.Scenarios, func(s *harness.Scenario) bool { return s.Name == name })
}

// unfinished is what a file says, or calls, that a student has to fill in.
var unfinished = regexp.MustCompile(`(?i)not ?written`)

// inspectGiven checks that the archive of given files is the stub, and that the
// files which a student need not touch are the solution's.
func inspectGiven(w *workbook.Workbook, lesson *workbook.Lesson) ([]string, error) {
	stub, err := w.Stub(lesson.Name)
	if err != nil {
		return nil, err
	}
	var problems []string
	if !stub.Equal(lesson.Given) {
		problems = append(problems, fmt.Sprintf("exercises/%s/testdata/given/given.txtar: it is not the lesson's .go files; run: go run ./grader verify --update %[1]s", lesson.Name))
	}
	for _, name := range stub.Names() {
		solved, ok := lesson.Solution[name]
		switch {
		case unfinished.Match(stub[name]) || len(lesson.Solution) == 0:
		case !ok:
			problems = append(problems, fmt.Sprintf("exercises/%s/%s: the solution has no such file", lesson.Name, name))
		case !bytes.Equal(stub[name], solved):
			problems = append(problems, fmt.Sprintf("exercises/%s/%s: it differs from the solution's and says nowhere that something \"is not written yet\"; make the two the same", lesson.Name, name))
		}
	}
	return problems, nil
}

// places are where the files of a lesson stand. A folder proof holds tests of
// what no scenario can see, a folder fuzz what a fuzzer once found worth keeping.
var places = []string{
	"exercises/*/README.md", "exercises/*/README.zh-CN.md", "exercises/*/*.go",
	"exercises/*/testdata/*.txtar", "exercises/*/testdata/given/given.txtar",
	"solutions/*/*.go", "solutions/*/generate/*.go", "solutions/*/proof/*.go", "solutions/*/testdata/fuzz/*/*",
	"solutions/*/testdata/sandbox", "solutions/*/testdata/hidden/*.txtar", "solutions/*/testdata/mutants/*.txtar", "solutions/*/testdata/variants/*.txtar",
}

func inspectFolder(w *workbook.Workbook, lesson *workbook.Lesson) ([]string, error) {
	paths, err := w.Paths(lesson.Name)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, p := range paths {
		expected := slices.ContainsFunc(places, func(place string) bool {
			ok, _ := path.Match(place, p)
			return ok
		})
		if !expected || strings.HasPrefix(path.Base(p), ".") {
			problems = append(problems, fmt.Sprintf("%s: a lesson has no such file; remove it", p))
		}
	}
	return problems, nil
}

func inspectReadmes(w *workbook.Workbook, lesson *workbook.Lesson) ([]string, error) {
	english, err := w.Readme(lesson.Name, "README.md")
	if err != nil {
		return nil, err
	}
	chinese, err := w.Readme(lesson.Name, "README.zh-CN.md")
	if err != nil {
		return nil, err
	}
	where := "exercises/" + lesson.Name + "/README.md"
	if english == "" {
		return []string{where + ": the lesson has no README"}, nil
	}
	rules, problems := readRules(where, english)
	problems = append(problems, inspectRules(where, rules, lesson)...)
	problems = append(problems, inspectMarks(where, rules, lesson)...)
	if chinese == "" {
		return problems, nil
	}
	inChinese := "exercises/" + lesson.Name + "/README.zh-CN.md"
	translated, more := readRules(inChinese, chinese)
	problems = append(problems, more...)
	problems = append(problems, inspectMarks(inChinese, translated, lesson)...)
	return append(problems, compareRules(inChinese, rules, translated)...), nil
}
