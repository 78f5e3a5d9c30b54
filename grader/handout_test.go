package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"wirebook/grader/internal/workbook"
)

// A students' copy builds, with its tests; its commands work, its programs earn nothing,
// and a hidden scenario is said to be one.
func TestStudentsCopy(t *testing.T) {
	needsAll(t)
	dir := filepath.Join(t.TempDir(), "copy")
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"handout", dir}, &stdout, &stderr); status != exitGraded {
		t.Fatalf("handout: exit status %d: %s", status, &stderr)
	}
	call := func(name string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-trimpath", "GOWORK=off") // compiled like any other copy
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	grader := filepath.Join(dir, "bin", "grader.exe")
	for _, args := range [][]string{{"build", "-o", grader, "./grader"}, {"vet", "./..."}} {
		if out, err := call("go", args...); err != nil {
			t.Fatalf("go %q: %v\n%s", args, err, out)
		}
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"list"}, "Next: read exercises/subnet/README.md"},
		{[]string{"hint", "chat"}, "Play it with:  go test ./exercises/chat -run /arrival"},
		{[]string{"hint", "chat", "split-line"}, "Play it with:  go test ./exercises/chat -run /split-line"},
		{[]string{"replay", "chat", "split-line"}, "It failed at step 3, exercises/chat/testdata/split-line.txtar:4: "},
		{[]string{"submit", "chat"}, "chat: chat.go, main.go  (as it was given: nothing of it is yours yet)"},
		{[]string{"reset", "chat"}, "exercises/chat is as it was given."},
	} {
		if out, err := call(grader, test.args...); err != nil || !strings.Contains(out, test.want) {
			t.Errorf("%q: %v; want %q in\n%s", test.args, err, test.want, out)
		}
	}
	book, err := workbook.Tree(dir)
	if err != nil {
		t.Fatal(err)
	}
	out, err := call(grader, "check", "--fail-under", "0")
	for _, lesson := range book.Names() {
		if begins := "\n" + lesson + ": 0 of "; err != nil || !strings.Contains("\n"+out, begins) {
			t.Errorf("check: %v; want %q in\n%s", err, begins, out)
		}
	}
	if strings.Count(out, "(not started)") != len(book.Names()) {
		t.Errorf("check: not every lesson is not started:\n%s", out)
	}
	otherPrograms(t, dir, grader, call)
	watch := exec.CommandContext(t.Context(), grader, "watch", "chat")
	watch.Dir = dir
	runUntil(t, watch, "Save, and it is played.")
	begin(t, filepath.Join(dir, "exercises", "chat", "chat.go"))
	out, err = call("go", "test", "./exercises/chat", "-run", "/double-cr")
	if want := `"double-cr" is a hidden scenario: it is played when your work is graded, and is not here`; err == nil || !strings.Contains(out, want) {
		t.Errorf("a hidden scenario: %v; want %q in\n%s", err, want, out)
	}
}

// otherPrograms plays the programs of the copy that are no lesson's: they earn nothing.
func otherPrograms(t *testing.T, dir, grader string, call func(string, ...string) (string, error)) {
	t.Helper()
	out, err := call("go", "list", "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./...")
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	var others []string
	for _, path := range strings.Fields(out) {
		if !strings.HasPrefix(path, "wirebook/exercises/") && path != "wirebook/grader" {
			others = append(others, path)
		}
	}
	want := []string{"wirebook/harness/internal/worksheet/make", "wirebook/harness/puppet/program"}
	if !slices.Equal(others, want) {
		t.Errorf("the copy has the programs %q besides; want %q", others, want)
	}
	for _, path := range others {
		program := filepath.Join(dir, "bin", "other.exe")
		if out, err := call("go", "build", "-o", program, path); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
		if out, err := call(grader, "check", "--fail-under", "0", "hello", "--", program); err != nil || !strings.Contains("\n"+out, "\nhello: 0 of ") {
			t.Errorf("%s earns something: %v\n%s", path, err, out)
		}
	}
}

// begin writes something into a file that was given.
func begin(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(readText(t, path)+"\n// Here I begin.\n"), 0o666); err != nil {
		t.Fatal(err)
	}
}
