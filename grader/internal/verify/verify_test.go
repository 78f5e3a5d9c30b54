package verify

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/workbook"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	stub = `package main

import "log"

func main() { log.Fatal("main.go: main is not written yet") }
`
	solution = `package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Println("hello", os.Args[1])
		return
	}
	fmt.Println("hello")
}
`
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// newBook returns a sound workbook of one lesson, as changed.
func newBook(t *testing.T, changes fstest.MapFS) *workbook.Workbook {
	all := fstest.MapFS{
		"exercises/README.md":                         file("| [greet](greet/README.md) | A greeting | none |\n"),
		"exercises/greet/README.md":                   file("# Greet\n\n## The program\n\n1. It greets. (`world`)\n2. It greets whom it is told. (`name`†)\n"),
		"exercises/greet/main.go":                     file(stub),
		"exercises/greet/main_test.go":                file("package main\n"),
		"exercises/greet/testdata/given/given.txtar":  file("-- main.go --\n" + stub),
		"exercises/greet/testdata/world.txtar":        file("# It greets. (1 point)\nrun\nscreen program 'hello\\n'\n-- hint.md --\nSay hello.\n"),
		"solutions/greet/main.go":                     file(solution),
		"solutions/greet/testdata/hidden/name.txtar":  file("# It greets whom it is told. (2 points)\nrun ann\nscreen program 'hello ann\\n'\n"),
		"solutions/greet/testdata/mutants/deaf.txtar": file("# It does not listen.\n# want: name\n-- main.go: replace --\n\t\tfmt.Println(\"hello\", os.Args[1])\n-- main.go: with --\n\t\tfmt.Println(\"hello\")\n"),
		"solutions/greet/testdata/mutants/mute.txtar": file("# It says nothing.\n# want: world name\n-- main.go --\npackage main\n\nfunc main() {}\n"),
		"solutions/greet/testdata/variants/raw.txtar": file("# Without fmt.\n-- main.go --\npackage main\n\nimport (\n\t\"os\"\n\t\"strings\"\n)\n\nfunc main() {\n\tos.Stdout.WriteString(strings.Join(append([]string{\"hello\"}, os.Args[1:]...), \" \") + \"\\n\")\n}\n"),
	}
	for name, f := range changes {
		if f == nil {
			delete(all, name)
			continue
		}
		all[name] = f
	}
	sides := map[string]fstest.MapFS{"exercises": {}, "solutions": {}}
	for name := range maps.Keys(all) {
		side, rest := filepath.ToSlash(name[:9]), name[10:]
		sides[side][rest] = all[name]
	}
	w, err := workbook.New(sides["exercises"], sides["solutions"])
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestLesson(t *testing.T) {
	tools, err := build.Find(t.Context(), build.Options{Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		changes fstest.MapFS
		sound   bool
	}{
		{"sound", nil, true},
		{"unsound", fstest.MapFS{
			// A mutant that survives where it must not, and fails where it must not.
			"solutions/greet/testdata/mutants/deaf.txtar": file("# It does not listen.\n# want: world\n-- main.go: replace --\n\t\tfmt.Println(\"hello\", os.Args[1])\n-- main.go: with --\n\t\tfmt.Println(\"hello\")\n"),
			// A mutant for a scenario that is not there.
			"solutions/greet/testdata/mutants/mute.txtar": file("# It says nothing.\n# want: silence\n-- main.go --\npackage main\n\nfunc main() {}\n"),
			// A variant that is not built.
			"solutions/greet/testdata/variants/raw.txtar": file("# Without fmt.\n-- main.go --\npackage main\n\nfunc main() { x }\n"),
			// A stub that earns something.
			"exercises/greet/main.go": file("package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n"),
			// A rule without a scenario, a scenario without a rule, and one without its mark.
			"exercises/greet/README.md": file("# Greet\n\n## The program\n\n1. It greets. (`name`)\n2. It greets well.\n"),
			"exercises/greet/notes.txt": file("?"),
			// A block without a hint, in which a mutant fails.
			"exercises/greet/testdata/world.txtar": file("# It greets. (1 point)\nrun\nscreen program 'hello\\n'\n"),
		}, false},
		{"without a solution", fstest.MapFS{
			"solutions/greet/main.go":                     nil,
			"solutions/greet/testdata/hidden/name.txtar":  nil,
			"solutions/greet/testdata/mutants/deaf.txtar": nil,
			"solutions/greet/testdata/mutants/mute.txtar": nil,
			"solutions/greet/testdata/variants/raw.txtar": nil,
		}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			report, err := Lesson(t.Context(), newBook(t, test.changes), "greet", tools, Options{Repeat: 2, Seed: 1, Slots: harness.NewSlots(4)})
			if err != nil {
				t.Fatal(err)
			}
			if report.Sound() != test.sound {
				t.Errorf("sound: %v; want %v", report.Sound(), test.sound)
			}
			var b bytes.Buffer
			if err := report.Write(&b); err != nil {
				t.Fatal(err)
			}
			got := withoutPages(b.String())
			golden := filepath.Join("testdata", filepath.Base(t.Name())+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNarrowed(t *testing.T) {
	tools, err := build.Find(t.Context(), build.Options{Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	report, err := Lesson(t.Context(), newBook(t, nil), "greet", tools, Options{Repeat: 3, Mutants: []string{"de*"}, Scenarios: []string{"name"}, Slots: harness.NewSlots(4)})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Rows) != 1 || len(report.Scenarios) != 1 || report.Plays() != 3 || !report.Sound() {
		t.Errorf("%d programs, %d scenarios, %d plays, sound %v; want 1, 1, 3, true", len(report.Rows), len(report.Scenarios), report.Plays(), report.Sound())
	}
	if _, err := Lesson(t.Context(), newBook(t, nil), "greet", tools, Options{Mutants: []string{"none"}, Slots: harness.NewSlots(1)}); err == nil {
		t.Error("no error for a mutant that does not exist")
	}
}

// Each way of choosing plays what it says, as often as it says.
func TestChosen(t *testing.T) {
	tools, err := build.Find(t.Context(), build.Options{Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		options Options
		want    string
	}{
		"all":          {Options{Repeat: 3}, "stub 1 1, solution 3 3, variant raw 3 3, mutant deaf 1 1, mutant mute 1 1"},
		"good":         {Options{Repeat: 3, KnownGood: true}, "solution 3 3, variant raw 3 3"},
		"bad":          {Options{Repeat: 3, KnownBad: true}, "mutant deaf 0 3, mutant mute 3 3"},
		"both":         {Options{Repeat: 2, KnownGood: true, KnownBad: true}, "solution 2 2, variant raw 2 2, mutant deaf 0 2, mutant mute 2 2"},
		"bad, a few":   {Options{Repeat: 3, KnownBad: true, Scenarios: []string{"world", "none"}}, "mutant mute 3"},
		"two patterns": {Options{Scenarios: []string{"na*", "world"}, Mutants: []string{"deaf", "x"}}, "mutant deaf 1 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.options.Slots, test.options.Seed = harness.NewSlots(4), 1
			report, err := Lesson(t.Context(), newBook(t, nil), "greet", tools, test.options)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, row := range report.Rows {
				text := row.name()
				for _, c := range row.Cells {
					text += fmt.Sprint(" ", c.Plays)
				}
				got = append(got, text)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, ", ")); diff != "" || !report.Sound() {
				t.Errorf("plays, sound %v (-want +got):\n%s", report.Sound(), diff)
			}
		})
	}
}

// withoutPages leaves out the pages of failures, which are the harness's.
func withoutPages(report string) string {
	matrix, surprises, _ := strings.Cut(report, "\n\nSURPRISE")
	if surprises == "" {
		return report
	}
	kept := []string{matrix, ""}
	for line := range strings.Lines("SURPRISE" + surprises) {
		if strings.HasPrefix(line, "SURPRISE") {
			kept = append(kept, strings.TrimSuffix(line, "\n"))
		}
	}
	return strings.Join(kept, "\n") + "\n"
}
