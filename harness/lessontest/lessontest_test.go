package lessontest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// The test binary is a lesson's: its program prints what is typed, and whispers
// what should be shouted.
func TestMain(m *testing.M) {
	Main(m, func() {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			if rest, loud := strings.CutPrefix(s.Text(), "!"); loud {
				fmt.Println(strings.ToLower(rest))
				continue
			}
			fmt.Println(s.Text())
		}
	})
}

const (
	syllabus = "| [shout](shout/README.md) | A program that shouts | `net/...` |\n| [after](after/README.md) | Another | none |\n"
	stub     = "package main\n\nfunc shout() {\n\tpanic(\"shout is not written yet\")\n}\n"
	solved   = "package main\n\nfunc shout() {}\n"
	mainFile = "package main\n\nfunc main() { shout() }\n"
	says     = "# It prints what is typed. (2 points)\nstart cat\ntype cat 'hello\\n'\nscreen cat 'hello\\n'\nend cat\nexits cat\n"
	shouts   = "# It shouts. (3 points)\nstart cat\ntype cat '!hello\\n'\nscreen cat 'HELLO\\n'\nend cat\nexits cat\n-- hint.md --\nCapital letters.\n"
	skips    = "# It cannot be played. (5 points)\nskip 'not here'\n"
)

// lesson makes a workbook whose lesson shout has these files too, and goes there.
func lesson(t *testing.T, part string, files map[string]string) {
	t.Helper()
	root := t.TempDir()
	all := map[string]string{
		"exercises/README.md":                        syllabus,
		"exercises/after/README.md":                  "",
		"exercises/shout/README.md":                  "First `says`, then `shouts`. When it is graded: `whispers`†.",
		"exercises/shout/testdata/says.txtar":        says,
		"exercises/shout/testdata/given/given.txtar": "-- main.go --\n" + mainFile + "-- shout.go --\n" + stub,
		part + "/shout/main.go":                      mainFile,
		part + "/shout/shout.go":                     solved,
	}
	for name, text := range files {
		all[name] = text
	}
	for name, text := range all {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(root, part, "shout"))
}

// begun is the run of the lesson in which we are.
func begun(t *testing.T) *run {
	t.Helper()
	r, err := newRun()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A lesson that is whole passes.
func TestASolvedLesson(t *testing.T) {
	lesson(t, "exercises", nil)
	Test(t)
}

// A solution's hidden scenarios are played, too.
func TestASolution(t *testing.T) {
	lesson(t, "solutions", map[string]string{"solutions/shout/testdata/hidden/whispers.txtar": strings.Replace(says, "hello", "psst", 2)})
	r := begun(t)
	if len(r.scenarios) != 2 || r.player.Reference == nil {
		t.Errorf("%d scenarios; want the hidden one, too, and the reference", len(r.scenarios))
	}
	Test(t)
}

// TestALesson is what the tests below start in a lesson's folder, as `go test` would.
func TestALesson(t *testing.T) {
	if os.Getenv(lessonVariable) == "" {
		t.Skip("played by other tests")
	}
	Test(t)
}

const lessonVariable = "WIREBOOK_TEST_LESSON"

// goTest plays the lesson in which we are with a -run pattern, and returns what is
// printed.
func goTest(t *testing.T, pattern string) (output string, ok bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestALesson$"+pattern)
	cmd.Env = append(os.Environ(), lessonVariable+"=1")
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

func TestWhatGoTestPrints(t *testing.T) {
	for _, test := range []struct {
		name    string
		files   map[string]string
		pattern string
		ok      bool
		want    []string // in this order
		not     []string
	}{
		{"all passes", nil, "", true, nil, []string{"FAIL"}},
		{"one of them", map[string]string{"exercises/shout/testdata/shouts.txtar": shouts}, "/says", true, nil, []string{"shouts"}},
		{"a failure", map[string]string{"exercises/shout/testdata/shouts.txtar": shouts}, "", false, []string{
			"cat should print", // in a line, under the subtest's name
			"shouts: It shouts. (0 of 3)", `want  "HELLO\n"`, `got   "hello\n"`,
			"Capital letters.", "go test ./exercises/shout -run /shouts",
			"2 of 5 points, 1 of 2 scenarios; next: shouts",
		}, nil},
		{"a failure alone", map[string]string{"exercises/shout/testdata/shouts.txtar": shouts}, "/shouts", false, []string{"shouts: It shouts."}, []string{"scenarios; next"}},
		{"an error of ours", map[string]string{"exercises/shout/testdata/wrong.txtar": "# Wrong. (1 point)\nclose nobody\n"}, "", false,
			[]string{"the harness could not play this scenario; that is not the program's fault", `no peer named "nobody"`}, nil},
		{"nothing is written yet", map[string]string{"exercises/shout/shout.go": stub}, "", false, []string{
			"nothing is written here yet: A program that shouts", "read   exercises/shout/README.md", "write  exercises/shout/shout.go", "play   go test ./exercises/shout -run /says",
		}, []string{"points"}},
		{"an unknown name", nil, "/sings", false, []string{`no scenario of shout matches "sings"; the names are those of the files in exercises/shout/testdata`}, nil},
		{"a hidden name", nil, "/whispers", false, []string{`"whispers" is a hidden scenario: it is played when your work is graded, and is not here`}, nil},
		{"a package that is forbidden", map[string]string{"exercises/shout/more.go": "package main\n\nimport _ \"net/http\"\n"}, "", false,
			[]string{"this would be refused when your work is graded:", "net/http"}, []string{"points"}},
		{"a file that is refused", map[string]string{"exercises/shout/con.go": "package main\n"}, "", false, []string{"this would be refused when your work is graded:", "con.go"}, nil},
		{"no scenario", map[string]string{"exercises/shout/testdata/says.txtar": "nothing\n"}, "", false, []string{"says.txtar:1: "}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			lesson(t, "exercises", test.files)
			out, ok := goTest(t, test.pattern)
			if ok != test.ok {
				t.Errorf("it passes: %v, want %v", ok, test.ok)
			}
			rest := out
			for _, want := range test.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Errorf("%q is missing, or stands too early", want)
					continue
				}
				rest = after
			}
			for _, not := range test.not {
				if strings.Contains(out, not) {
					t.Errorf("%q should not be there", not)
				}
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}

// A skipped scenario counts neither in the score nor in its maximum; who is done is
// told what comes next.
func TestStanding(t *testing.T) {
	lesson(t, "exercises", map[string]string{"exercises/shout/testdata/shouts.txtar": shouts, "exercises/shout/testdata/cannot.txtar": skips})
	r := begun(t)
	result := func(name string, status harness.Status) harness.Result {
		s := r.scenarios[slices.IndexFunc(r.scenarios, func(s *harness.Scenario) bool { return s.Name == name })]
		res := harness.Result{Scenario: s, Status: status}
		if status == harness.Pass {
			res.Score = s.Points
		}
		if status == harness.Fail {
			res.Failure = new(telling.Failure)
		}
		return res
	}
	for _, test := range []struct {
		results []harness.Result
		want    string
	}{
		{[]harness.Result{result("says", harness.Pass), result("shouts", harness.Fail)}, "2 of 5 points, 1 of 2 scenarios; next: shouts"},
		{[]harness.Result{result("says", harness.Error), result("shouts", harness.Fail)}, "0 of 5 points, 0 of 2 scenarios; next: shouts"},
		{[]harness.Result{result("says", harness.Pass), result("cannot", harness.Skip), result("shouts", harness.Fail)}, "2 of 5 points, 1 of 2 scenarios; next: shouts"},
		{[]harness.Result{result("says", harness.Pass), result("cannot", harness.Skip), result("shouts", harness.Pass)},
			"Well done: all 2 scenarios of shout pass, 5 points.\nThe README marks the scenarios that are played when your work is graded: think through them, too.\nThe next lesson is after: read exercises/after/README.md."},
	} {
		if got := r.standing(test.results); got != test.want {
			t.Errorf("standing\n%s\nwant\n%s", got, test.want)
		}
	}
}

// A lesson without hidden scenarios speaks of none.
func TestStandingWithoutMarks(t *testing.T) {
	lesson(t, "exercises", map[string]string{"exercises/shout/README.md": "`says`"})
	r := begun(t)
	const want = "Well done: all 1 scenarios of shout pass, 2 points.\nThe next lesson is after: read exercises/after/README.md."
	if got := r.standing([]harness.Result{{Scenario: r.scenarios[0], Status: harness.Pass, Score: 2}}); got != want {
		t.Errorf("standing\n%s\nwant\n%s", got, want)
	}
}

// Mistakes in the workbook are told, and where they are.
func TestWrongWorkbook(t *testing.T) {
	for _, test := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"exercises/README.md": "| [after](after/README.md) | Another | none |\n"}, `no line of exercises/README.md names the lesson "shout"`},
		{map[string]string{"exercises/README.md": "nothing"}, "README.md: no lesson"},
	} {
		lesson(t, "exercises", test.files)
		if _, err := newRun(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

func TestSeed(t *testing.T) {
	lesson(t, "exercises", nil)
	if r := begun(t); r.player.Seed != 1 {
		t.Errorf("the seed is %d, want 1", r.player.Seed)
	}
	t.Setenv(seedVariable, "42")
	if r := begun(t); r.player.Seed != 42 {
		t.Errorf("the seed is %d, want 42", r.player.Seed)
	}
	t.Setenv(seedVariable, "x")
	if _, err := newRun(); err == nil || !strings.Contains(err.Error(), `WIREBOOK_SEED="x": not a number`) {
		t.Error(err)
	}
}

func TestMatchesRun(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "says", true},
		{"TestScenarios", "says", true},
		{"/", "says", true},
		{"/says", "says", true},
		{"/say", "says", true},
		{"/shouts", "says", false},
		{"/^(says|shouts)$", "shouts", true},
		{"/(", "says", true}, // go test itself refuses it
	} {
		if got := matchesRun(test.pattern, test.name); got != test.want {
			t.Errorf("-run %s plays %s: %v, want %v", test.pattern, test.name, got, test.want)
		}
	}
}
