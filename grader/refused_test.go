package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/grader/internal/result"
)

// What grading refuses in a folder, `go test` and `check` refuse with the same words.
func TestRefusedAlike(t *testing.T) {
	tree, class, out := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "out")
	copyTree := func(from, to string) {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path, text string) {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		write(filepath.Join(tree, name), string(text))
	}
	for _, dir := range []string{"harness", "exercises"} {
		copyTree(filepath.Join("..", dir), filepath.Join(tree, dir))
	}
	lesson := filepath.Join(tree, "exercises", "subnet")
	write(filepath.Join(lesson, "imports.go"), "package main\n\nimport _ \"net/netip\"\n\nvar _ = \"\\u202e\"\n")
	write(filepath.Join(lesson, "linked.go"), "package main\n\nimport _ \"unsafe\"\n\n//go:linkname now main.later\nfunc now() {}\n")
	write(filepath.Join(lesson, "large.go"), "package main\n\n//"+strings.Repeat("x", 2<<20)+"\n")
	write(filepath.Join(lesson, "пример_windows.go"), "version https://git-lfs.github.com/spec/v1\n")
	copyTree(lesson, filepath.Join(class, "ann", "subnet"))

	var quiet bytes.Buffer
	run(t.Context(), []string{"grade", class, "subnet", "-o", out, "--allow-unsandboxed"}, &quiet, &quiet)
	data, err := os.ReadFile(filepath.Join(out, "ann", "result.json"))
	if err != nil {
		t.Fatalf("%v\n%s", err, &quiet)
	}
	s, err := result.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	var refused []string
	for _, f := range s.Findings {
		if f.Severity == result.Essential {
			refused = append(refused, f.Message)
		}
	}
	if s.Lessons[0].Status != result.Rejected || len(refused) < 4 {
		t.Fatalf("the lesson is %s, for %q; want it rejected for each of four files", s.Lessons[0].Status, refused)
	}

	cmd := exec.Command("go", "test", "./exercises/subnet")
	cmd.Dir = tree
	// Go makes an index of a folder whose files are older than two seconds, and in it
	// fails for a file that is no Go even where the file's name is for another system.
	cmd.Env = append(os.Environ(), "GODEBUG=goindex=0")
	tested, _ := cmd.CombinedOutput() // it fails
	t.Chdir(tree)
	var checked bytes.Buffer
	run(t.Context(), []string{"check", "subnet"}, &checked, &quiet)
	for _, words := range refused {
		for by, said := range map[string]string{"go test": string(tested), "check": checked.String()} {
			if !strings.Contains(said, words) {
				t.Errorf("%s does not say %s in\n%s", by, words, said)
			}
		}
	}
}
