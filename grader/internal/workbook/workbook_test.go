package workbook

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"wirebook/grader/internal/sandbox"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// books returns the two sides of a workbook of one lesson.
func books() (exercises, solutions fstest.MapFS) {
	return fstest.MapFS{
			"README.md":                        file("| [greet](greet/README.md) | A greeting | none |\n"),
			"greet/README.md":                  file("# Greet\n"),
			"greet/README.zh-CN.md":            file("# 问候\n"),
			"greet/testdata/hello.txtar":       file("# It says hello. (2 points)\nrun\n"),
			"greet/testdata/given/given.txtar": file("-- main.go --\npackage main\n"),
		}, fstest.MapFS{
			"greet/main.go":                     file("package main\n"),
			"greet/main_test.go":                file("package main\n"),
			"greet/generate/main.go":            file("package main\n"),
			"greet/testdata/sandbox":            file("runs bin\n"),
			"greet/testdata/hidden/bye.txtar":   file("# It says goodbye. (3 points)\nrun\n"),
			"greet/testdata/mutants/mute.txtar": file("# It says nothing.\n# want: *\n-- main.go --\n"),
		}
}

func hashOf(t *testing.T, exercises, solutions fstest.MapFS) string {
	w, err := New(exercises, solutions)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := w.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

// Whatever decides grades changes the hash, and nothing else does.
func TestHash(t *testing.T) {
	exercises, solutions := books()
	before := hashOf(t, exercises, solutions)
	tests := []struct {
		file    string
		decides bool
	}{
		{"exercises/README.md", true},
		{"exercises/greet/README.md", true},
		{"exercises/greet/README.zh-CN.md", false},
		{"exercises/greet/testdata/hello.txtar", true},
		{"exercises/greet/testdata/given/given.txtar", true},
		{"solutions/greet/main.go", true},
		{"solutions/greet/generate/main.go", true},
		{"solutions/greet/testdata/hidden/bye.txtar", true},
		{"solutions/greet/testdata/sandbox", true},
		{"solutions/greet/main_test.go", false},
		{"solutions/greet/testdata/mutants/mute.txtar", false},
	}
	for _, test := range tests {
		exercises, solutions := books()
		side, name, _ := strings.Cut(test.file, "/")
		changed := map[string]fstest.MapFS{"exercises": exercises, "solutions": solutions}[side]
		changed[name] = file(string(changed[name].Data) + " ")
		if after := hashOf(t, exercises, solutions); (after != before) != test.decides {
			t.Errorf("a change of %s changed the hash: %v; want %v", test.file, after != before, test.decides)
		}
	}
}

func TestSelect(t *testing.T) {
	w, err := New(books())
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := w.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := lessons[0]
	if len(lessons) != 1 || l.Name != "greet" || l.MaxScore() != 5 || len(l.Given) != 1 || len(l.Solution) != 1 || len(l.Generate) != 1 || len(l.Mutants) != 1 {
		t.Errorf("%d lessons; greet has %d points, %d given files, %d of the solution, %d of the generator, %d mutants; want 1, 5, 1, 1, 1, 1",
			len(lessons), l.MaxScore(), len(l.Given), len(l.Solution), len(l.Generate), len(l.Mutants))
	}
	if (l.Profile != sandbox.Profile{Name: "runs", Folder: "bin"}) {
		t.Errorf("greet has the sandbox profile %q; want %q", l.Profile, "runs bin")
	}
	if _, err := w.Select([]string{"chess"}); err == nil || !strings.Contains(err.Error(), `"chess": no such lesson; the lessons are greet`) {
		t.Errorf("Select of chess: error %v; want that there is none", err)
	}
}

// A student's copy has no solutions; its public scenarios are there all the same.
func TestWithoutSolutions(t *testing.T) {
	exercises, _ := books()
	w, err := New(exercises, fstest.MapFS{"solutions.go": file("package solutions\n")})
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := w.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	if l := lessons[0]; len(l.Scenarios) != 1 || len(l.Solution) != 0 {
		t.Errorf("%d scenarios, %d files of the solution; want 1 and 0", len(l.Scenarios), len(l.Solution))
	}
}

func TestTree(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                             "module wirebook\n\ngo 1.26\n",
		"exercises/README.md":                "| [greet](greet/README.md) | A greeting | none |\n",
		"exercises/greet/main.go":            "package main\n\nfunc main() {}\n",
		"exercises/greet/main_test.go":       "package main\n",
		"exercises/greet/testdata/x.txtar":   "# X. (1 point)\nrun\n",
		"exercises/greet/testdata/notes.txt": "",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	w, err := Tree(filepath.Join(root, "exercises", "greet"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteGiven("greet"); err != nil {
		t.Fatal(err)
	}
	lessons, err := w.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	stub, err := w.Stub("greet")
	if err != nil || len(stub) != 1 || !stub.Equal(lessons[0].Given) {
		t.Errorf("the files given are %v; want the stub's %v, %v", lessons[0].Given.Names(), stub.Names(), err)
	}
	if _, err := Tree(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not inside the workbook") {
		t.Errorf("Tree outside: error %v; want that it is none", err)
	}
}
