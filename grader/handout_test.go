package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	out, err = call("go", "test", "./exercises/chat", "-run", "/double-cr")
	if err == nil || !strings.Contains(out, "nothing is written here yet") && !strings.Contains(out, `"double-cr" is a hidden scenario`) {
		t.Errorf("a hidden scenario: %v\n%s", err, out)
	}
	watchCopy(t, dir, grader)
}

// watchCopy watches a lesson of the copy until it has said what is to be done.
func watchCopy(t *testing.T, dir, grader string) {
	cmd := exec.CommandContext(t.Context(), grader, "watch", "chat")
	cmd.Dir, cmd.WaitDelay = dir, time.Minute
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for buffer := make([]byte, 1024); !strings.Contains(said.String(), "Save, and it is played."); {
		n, err := out.Read(buffer)
		said.Write(buffer[:n])
		if err != nil {
			t.Fatalf("watch: %v\n%s", err, &said)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
}
