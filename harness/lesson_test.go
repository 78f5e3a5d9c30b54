package harness_test

import (
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"wirebook/harness"
)

// tree is a file system of these files.
func tree(files map[string]string) fstest.MapFS {
	fsys := make(fstest.MapFS)
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const twoLessons = "# Lessons\n\n| Lesson | You build | Without |\n|---|---|---|\n" +
	"| [one](one/README.md) | A first program | `net/http`, `net/rpc/...` |\n" +
	"| [two](two/README.md) | A second | none |\n"

func TestSyllabus(t *testing.T) {
	lessons, err := harness.Syllabus(tree(map[string]string{"README.md": twoLessons, "one/main.go": "", "two/main.go": ""}))
	if err != nil {
		t.Fatal(err)
	}
	if len(lessons) != 2 || lessons[0].Name != "one" || lessons[0].Title != "A first program" || lessons[1].Name != "two" {
		t.Fatalf("%+v", lessons)
	}
	for path, want := range map[string]bool{"net/http": true, "net/http/httptest": false, "net/rpc": true, "net/rpc/jsonrpc": true, "net/rpcx": false, "net": false} {
		if got := lessons[0].Forbids(path); got != want {
			t.Errorf("it forbids %s: %v, want %v", path, got, want)
		}
	}
}

func TestWrongSyllabus(t *testing.T) {
	const row = "| [one](one/README.md) | One | none |\n"
	for _, test := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"one/main.go": ""}, "syllabus: open README.md: file does not exist"},
		{map[string]string{"README.md": "# Lessons\n"}, "README.md: no lesson; a lesson is a line such as"},
		{map[string]string{"README.md": row}, `README.md:1: lesson "one" has no folder`},
		{map[string]string{"README.md": "\n" + row + row, "one/main.go": ""}, `README.md:3: lesson "one" stands twice`},
		{map[string]string{"README.md": "| [one](two/README.md) | One | none |\n"}, `README.md:1: lesson "one" links to the folder "two"`},
	} {
		if _, err := harness.Syllabus(tree(test.files)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

const demoScenario = "# A demo. (1 point)\nstart server\n"

// Public scenarios come in the order of the README, hidden ones behind them.
func TestScenarios(t *testing.T) {
	lesson := &harness.Lesson{Name: "one"}
	exercises := tree(map[string]string{
		"one/README.md":            "A token is ``a`b``.\n```sh\nrun `other`\n```\nPlay `middle` before `late`, then `middle` again.",
		"one/testdata/other.txtar": demoScenario, "one/testdata/late.txtar": demoScenario, "one/testdata/middle.txtar": demoScenario,
		"one/testdata/notes.txt": "no scenario",
	})
	solutions := tree(map[string]string{"one/testdata/hidden/z.txtar": demoScenario, "one/testdata/hidden/secret.txtar": demoScenario})
	scenarios := func(solutions fs.FS) (names []string) {
		all, err := lesson.Scenarios(exercises, solutions)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			name := s.Lesson + "/" + s.Name
			if s.Hidden {
				name += " (hidden)"
			}
			names = append(names, name)
		}
		return names
	}
	if got := strings.Join(scenarios(nil), ", "); got != "one/middle, one/late, one/other" {
		t.Errorf("public: %s", got)
	}
	if got := strings.Join(scenarios(tree(nil)), ", "); got != "one/middle, one/late, one/other" {
		t.Errorf("with solutions that do not have it: %s", got)
	}
	if got := strings.Join(scenarios(solutions), ", "); got != "one/middle, one/late, one/other, one/secret (hidden), one/z (hidden)" {
		t.Errorf("all: %s", got)
	}
}

// A rule is the item of a list that first names the scenario.
func TestRules(t *testing.T) {
	lesson := &harness.Lesson{Name: "one"}
	files := map[string]string{"one/README.md": strings.Join([]string{
		"See `early` by hand.", "", "1. A rule. (`first`,", "   `wrapped`\u2020)", "12. Another. (`first`, `twelfth`)", "", "    nc `indented`", "", "Then `behind`.",
	}, "\r\n")}
	want := map[string]int{"early": 0, "first": 1, "wrapped": 1, "twelfth": 12, "indented": 12, "behind": 0, "nowhere": 0}
	for name := range want {
		files["one/testdata/"+name+".txtar"] = demoScenario
	}
	all, err := lesson.Scenarios(tree(files), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]int)
	for _, s := range all {
		got[s.Name] = s.Rule
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestWrongScenarios(t *testing.T) {
	lesson := &harness.Lesson{Name: "one"}
	for _, test := range []struct {
		public, hidden map[string]string
		want           []string
	}{
		{map[string]string{"one/testdata/a.txtar": "nothing", "one/testdata/b.txtar": "# B. (1 point)\nfly\n"}, nil, []string{"a.txtar:1: ", "b.txtar:2: "}},
		{nil, map[string]string{"one/testdata/hidden/h.txtar": "nothing"}, []string{"h.txtar:1: "}},
		{map[string]string{"one/testdata/line.txtar": demoScenario}, map[string]string{"one/testdata/hidden/long-line.txtar": demoScenario}, []string{`one: scenario "line": its name is part of "long-line"`}},
	} {
		_, err := lesson.Scenarios(tree(test.public), tree(test.hidden))
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %s", err, want)
			}
		}
	}
}
