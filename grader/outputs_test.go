package main

import (
	"archive/zip"
	"bytes"
	"html"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wirebook/harness/telling"

	"wirebook/grader/internal/report"
	"wirebook/grader/internal/result"
)

// passedOn are the formats whose files others than the teacher read.
var passedOn = []string{"junit", "gradescope", "classroom50", "github", "gitlab", "prairielearn", "autolab", "markdown", "feedback"}

// Of a hand-in that fails each hidden scenario that there is and passes all others,
// what is passed on holds no title, block, step or hint of one.
func TestHiddenScenariosStayHidden(t *testing.T) {
	needsAll(t)
	lessons := selectLessons(t)
	s := &result.Submission{Schema: result.Schema, Submission: "ann"}
	var secrets []string
	for _, l := range lessons {
		out := result.Lesson{Lesson: l.Name, Status: result.Graded}
		for _, scenario := range l.Scenarios {
			one := result.Scenario{Scenario: scenario.Name, Title: scenario.Title, Status: telling.Pass, Score: result.Points(scenario.Points), MaxScore: float64(scenario.Points), Hidden: scenario.Hidden}
			if scenario.Hidden {
				secrets = append(secrets, scenario.Title)
				one.Status, one.Score = telling.Fail, result.Points(0)
				one.Failure = &telling.Failure{Message: scenario.Title, Block: scenario.Title, Hint: scenario.Title}
				for line := range strings.Lines(scriptOf(t, l.Name, scenario.Name)) {
					if line = strings.TrimSpace(line); len(line) > 12 && !strings.HasPrefix(line, "#") {
						one.Failure.Steps = append(one.Failure.Steps, telling.Step{Text: line})
						secrets = append(secrets, line)
					}
				}
			}
			out.Scenarios = append(out.Scenarios, one)
		}
		out.Sum()
		s.Lessons = append(s.Lessons, out)
	}
	s.Sum()
	if len(secrets) < 500 {
		t.Fatalf("there are only %d titles and steps to look for", len(secrets))
	}
	shown := func(format string, hidden report.Hidden) (found int, example string) {
		f, err := report.FormatNamed(format)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		o := &report.Options{Hidden: hidden, Commands: &b, Getenv: func(string) string { return "submit/x" }, Now: time.Now, Say: func(string, ...any) {}}
		if err := f.Write(&b, report.One(s), o); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if format == "feedback" {
			text = unzipped(t, b.Bytes())
		}
		text += html.UnescapeString(text) + strings.ReplaceAll(text, `\\`, `\`)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				found, example = found+1, secret
			}
		}
		return found, example
	}
	for _, format := range passedOn {
		for _, hidden := range []report.Hidden{report.HiddenNames, report.HiddenGot} {
			if n, example := shown(format, hidden); n > 0 {
				t.Errorf("%s %s shows %d titles and steps of hidden scenarios, as %q", format, hidden, n, example)
			}
		}
	}
	if n, _ := shown("junit", report.HiddenAll); n < len(secrets)/2 {
		t.Errorf("junit, where all is to be shown, shows %d titles and steps of %d: this test does not look well", n, len(secrets))
	}
}

// unzipped are the files of a zip, one behind the other.
func unzipped(t *testing.T, data []byte) string {
	t.Helper()
	var all strings.Builder
	for _, text := range zipFiles(t, data) {
		all.WriteString(text)
	}
	return all.String()
}

// zipFiles are the files of a zip by name.
func zipFiles(t *testing.T, data []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, f := range archive.File {
		file, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

// scriptOf is a hidden scenario as it is written, without the files behind it.
func scriptOf(t *testing.T, lesson, scenario string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "solutions", lesson, "testdata", "hidden", scenario+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	script, _, _ := strings.Cut(string(text), "\n-- ")
	return script
}

// resultOf is a result.json.
func resultOf(t *testing.T, name string) string {
	t.Helper()
	s := &result.Submission{Schema: result.Schema, Submission: name, Workbook: "w", Seed: 7, Lessons: []result.Lesson{{
		Lesson: "chat", Status: result.Graded, Scenarios: []result.Scenario{
			{Scenario: "a", Title: "A.", Status: telling.Pass, Score: result.Points(2), MaxScore: 2},
			{Scenario: "b", Title: "A secret.", Status: telling.Fail, Score: result.Points(0), MaxScore: 2, Hidden: true, Failure: &telling.Failure{Message: "no"}},
		},
	}}}
	s.Lessons[0].Sum()
	s.Sum()
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Formats go where they are told to, several at once.
func TestOutputs(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"results/class.json":      `{"schema":"wirebook/class/v1","workbook":"w","seed":7,"lessons":["chat"],"submissions":["ann","bob"]}`,
		"results/ann/result.json": resultOf(t, "ann"),
		"results/bob/result.json": resultOf(t, "bob"),
		"summary.md":              "before\n",
	} {
		err := os.MkdirAll(filepath.Dir(path(name)), 0o777)
		if err == nil {
			err = os.WriteFile(path(name), []byte(text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	results := path("results")
	said, _ := mustRun(t, exitGraded, "report", results, "--format", "text", "--format", "csv="+path("a.csv"),
		"--format", "gradescope="+path("scope"), "--format", "markdown="+path("notes"), "--format", "github="+path("summary.md"),
		"--format", "feedback="+path("feedback.zip"), "--format", "moodle="+path("moodle.csv"))
	if !strings.HasPrefix(said, "submission ") || strings.Contains(said, "::") {
		t.Errorf("standard output: %q; want the table", said)
	}
	for name, want := range map[string]string{
		"a.csv": "\ufeffsubmission,", "scope/ann/gradescope.json": "{\n", "notes/ann/markdown.md": "# `ann`\n",
		"summary.md": "before\n| submission |", "feedback.zip": "PK", "moodle.csv": "submission,",
	} {
		text, err := os.ReadFile(path(name))
		if err != nil || !strings.HasPrefix(string(text), want) {
			t.Errorf("%s: %.40q, %v; want %q in front", name, text, err, want)
		}
	}
	for _, c := range []struct {
		flags []string
		shown bool
	}{{nil, false}, {[]string{"--show-hidden", "got"}, false}, {[]string{"--show-hidden", "all"}, true}} {
		mustRun(t, exitGraded, append([]string{"report", results, "--write", "--format", "junit=" + path("junit.xml")}, c.flags...)...)
		for _, name := range []string{"junit.xml", "results/ann/index.html"} {
			text, err := os.ReadFile(path(name))
			if err != nil || strings.Contains(string(text), "A secret.") != c.shown {
				t.Errorf("%s with %v: %v; want the title of a hidden scenario: %v\n%s", name, c.flags, err, c.shown, text)
			}
		}
	}
	if left, err := filepath.Glob(path("*.unfinished")); err != nil || len(left) > 0 {
		t.Errorf("%v stayed", left)
	}
}
