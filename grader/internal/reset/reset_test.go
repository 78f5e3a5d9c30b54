package reset

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/source"
)

// read returns the files in dir.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(text)
	}
	return files
}

// What was given is there again, what the student wrote stands beside it, and no file
// is overwritten, however often one begins anew.
func TestLesson(t *testing.T) {
	dir := t.TempDir()
	given := source.Files{"main.go": []byte("main"), "chat.go": []byte("stub")}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"main.go": "main", "chat.go": "mine", "chat.go.1": "from before", "lines.go": "lines",
		"lines_test.go": "my test", "main_test.go": "the lesson's test", "README.md": "text",
	} {
		put(name, text)
	}
	kept, err := Lesson(dir, given)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Kept{{"chat.go", "chat.go.2"}, {"lines.go", "lines.go.1"}, {"lines_test.go", "lines_test.go.1"}}, kept); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want := map[string]string{
		"main.go": "main", "chat.go": "stub", "chat.go.1": "from before", "chat.go.2": "mine", "lines.go.1": "lines",
		"lines_test.go.1": "my test", "main_test.go": "the lesson's test", "README.md": "text",
	}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if err := os.Remove(filepath.Join(dir, "main.go")); err != nil { // one that was lost comes back
		t.Fatal(err)
	}
	if kept, err = Lesson(dir, given); err != nil || len(kept) > 0 {
		t.Errorf("a second time: %v, %v", kept, err)
	}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Errorf("a second time (-want +got)\n%s", diff)
	}
}
