package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Whatever is wrong with a command line is one clear line and exit status 2,
// and nothing is written.
func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"class/ann/chat/chat.go": "package main\n",
		"empty/notes.txt":        "",
		"old/class.json":         `{"schema":"wirebook/class/v1","workbook":"another","seed":7}`,
		"thesis/thesis.tex":      "",
		"file":                   "",
	} {
		err := os.MkdirAll(filepath.Dir(path(name)), 0o777)
		if err == nil {
			err = os.WriteFile(path(name), []byte(text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	out := path("out")
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no such command", []string{"grad"}, `"grad": no such command`},
		{"no such flag", []string{"check", "--speed", "9"}, "unknown flag: --speed"},
		{"no such format", []string{"check", "--format", "pdf"}, `--format "pdf": no such format`},
		{"a format to nowhere", []string{"check", "--format", "csv="}, "--format csv=: the name of a file is missing"},
		{"two formats to standard output", []string{"check", "--format", "csv", "--format", "json"}, "--format json: another format goes to standard output"},
		{"two formats to one file", []string{"check", "--format", "csv=" + path("x"), "--format", "json=" + path("x")}, "another format goes to this file"},
		{"a format to no folder", []string{"check", "--format", "csv=" + path("none/x.csv")}, "there is no folder"},
		{"no such roster", []string{"report", path("old"), "--format", "canvas", "--roster", path("none.csv")}, "none.csv: "},
		{"a roster of nobody", []string{"report", path("old"), "--format", "canvas", "--roster", path("empty/notes.txt")}, "notes.txt: it holds no student"},
		{"hidden is shown how", []string{"report", path("old"), "--show-hidden", "some"}, `--show-hidden "some": it is got or all`},
		{"check of no lesson", []string{"check", "chess"}, `"chess": no such lesson; the lessons are `},
		{"check of no scenario", []string{"check", "subnet", "--scenario", "none"}, `--scenario "none": no scenario`},
		{"verify of no lesson", []string{"verify", "chess"}, `"chess": no such lesson`},
		{"hint for nothing", []string{"hint"}, "hint: for which lesson, and perhaps scenario?"},
		{"list of something", []string{"list", "chat"}, "list: it takes no argument"},
		{"a program that is missing", []string{"check", "chat", "--"}, "check: no program stands behind --"},
		{"a program that is not there", []string{"check", "chat", "--", "no-such-program"}, "-- no-such-program: no such program"},
		{"a race of another language", []string{"check", "chat", "--race", "--", "go"}, "--race builds your program in Go"},
		{"a program for the solution", []string{"check", "chat", "--solution", "--", "go"}, "--solution scores the model program"},
		{"no play", []string{"check", "chat", "--repeat", "0"}, "--repeat 0: a scenario is played once at least"},
		{"watch of two lessons", []string{"watch", "chat", "hello"}, "watch: one lesson at a time"},
		{"watch of a program for no lesson", []string{"watch", "--", "go"}, "watch: which lesson is -- go for?"},
		{"reset of everything", []string{"reset"}, "reset: which lesson?"},
		{"submit of nothing", []string{"submit"}, "submit: which lessons?"},
		{"submit over a program", []string{"submit", "chat", "-o", path("class/ann/chat/chat.go")}, "it is a zip that is written"},
		{"handout to nowhere", []string{"handout"}, "handout: where to?"},
		{"handout over something", []string{"handout", path("thesis")}, "thesis: it is not empty"},
		{"sample to nowhere", []string{"sample"}, "sample: where to?"},
		{"sample over something", []string{"sample", path("thesis")}, "thesis: it is not empty"},
		{"update from nowhere", []string{"update"}, "update: from where?"},
		{"update of what is no student's copy", []string{"update", path("thesis")}, "it is no handout: it has no handout.json"},
		{"shards without a seed", []string{"grade", path("class"), "-o", out, "--shard", "1/2"}, "add --seed N"},
		{"a shard that is none", []string{"grade", path("class"), "-o", out, "--shard", "3/2"}, `--shard "3/2": the shards are counted from 1 to 2`},
		{"merge of nothing", []string{"merge", "-o", out}, "merge: which folders?"},
		{"merge to nowhere", []string{"merge", path("old")}, "merge: where to?"},
		{"merge into a part", []string{"merge", path("old"), "-o", path("old")}, "it is one of the folders to merge"},
		{"merge of no results", []string{"merge", path("thesis"), "-o", out}, "thesis: it is no folder of results"},
		{"merge of no folder", []string{"merge", path("nowhere"), "-o", out}, "nowhere: it is no folder of results"},
		{"diff of one", []string{"diff", path("old")}, "diff: which two folders of results?"},
		{"report of nothing", []string{"report"}, "report: which folder of results?"},
		{"report of no results", []string{"report", path("class")}, "class: it is no folder of results"},
		{"report in no format", []string{"report", path("old"), "--format", "pdf"}, `--format "pdf": no such format`},
		{"grade of nothing", []string{"grade"}, "grade: which class?"},
		{"grade to nowhere", []string{"grade", path("class")}, "grade: where to?"},
		{"no such folder", []string{"grade", path("nowhere"), "-o", out}, "nowhere: no such folder of submissions"},
		{"a file", []string{"grade", path("file"), "-o", out}, "file: not a zip that can be read"},
		{"an empty class", []string{"grade", path("empty"), "-o", out}, "empty: no submission in it"},
		{"one submission", []string{"grade", path("class/ann"), "-o", out}, `class/ann: it looks like one submission, for it holds "chat"`},
		{"grade of no lesson", []string{"grade", path("class"), "chess", "-o", out}, `"chess": no such lesson`},
		{"results among the submissions", []string{"grade", path("class"), "-o", path("class/out")}, "the results would lie among the submissions"},
		{"an output that is a file", []string{"grade", path("class"), "-o", path("file")}, "file: "},
		{"an unwritable output", []string{"grade", path("class"), "-o", path("file/out")}, "file/out: "},
		{"an output of something else", []string{"grade", path("class"), "-o", path("thesis")}, "thesis: it is no folder of results"},
		{"results of another workbook", []string{"grade", path("class"), "-o", path("old")}, "give --regrade"},
	}
	before := listing(t, dir)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(t.Context(), test.args, &stdout, &stderr)
			said := strings.TrimSuffix(stderr.String(), "\n")
			lines := strings.Split(said, "\n")
			last := lines[len(lines)-1]
			if status != exitUsage || !strings.HasPrefix(last, "grader: ") || !strings.Contains(last, filepath.FromSlash(test.want)) {
				t.Errorf("exit status %d, said %q; want %d and %q", status, said, exitUsage, test.want)
			}
			if len(lines) > 1 && test.name != "an empty class" { // which names what it ignored
				t.Errorf("said %d lines; want one:\n%s", len(lines), said)
			}
			if stdout.Len() > 0 {
				t.Errorf("printed %q; want nothing", &stdout)
			}
			if after := listing(t, dir); after != before {
				t.Errorf("files are now\n%s\nand were\n%s", after, before)
			}
		})
	}
}

// Where nothing has been touched, the list is the syllabus with nothing earned,
// and the first lesson is next.
func TestStanding(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"list"}, &stdout, &stderr); status != exitGraded {
		t.Fatalf("list: exit status %d\n%s", status, &stderr)
	}
	for _, want := range []string{"First programs", "chat", "not started"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("list: %q is not in\n%s", want, &stdout)
		}
	}
	stdout.Reset()
	if status := run(t.Context(), nil, &stdout, &stderr); status != exitGraded || !strings.Contains(stdout.String(), "\nNext: ") {
		t.Errorf("exit status %d, printed %q; want what is next\n%s", status, &stdout, &stderr)
	}
}

// Graders that share a working tree wait for one another: each shows the list, and
// no hint that was asked for is forgotten.
func TestTogether(t *testing.T) {
	cache := t.TempDir()
	for _, variable := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} { // on the three systems
		t.Setenv(variable, cache)
	}
	t.Setenv(asGrader, "1")
	const graders = 4
	var wait sync.WaitGroup
	for range graders {
		for _, args := range [][]string{{"hint", "subnet"}, {"list"}} {
			wait.Go(func() {
				said, err := exec.Command(os.Args[0], args...).CombinedOutput()
				if err != nil {
					t.Errorf("%q: %v\n%s", args, err, said)
				}
			})
		}
	}
	wait.Wait()
	var told int
	err := filepath.WalkDir(cache, func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Base(path) != "hints.json" {
			return err
		}
		text, err := os.ReadFile(path)
		counts := make(map[string]int)
		err = errors.Join(err, json.Unmarshal(text, &counts))
		for _, n := range counts {
			told += n
		}
		return err
	})
	if err != nil || told != graders {
		t.Errorf("%d hints are remembered (%v); want %d", told, err, graders)
	}
}

// listing lists all files below dir.
func listing(t *testing.T, dir string) string {
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		b.WriteString(path + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
