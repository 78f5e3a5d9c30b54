package handin

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"

	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// lesson writes a lesson's folder and returns it with the lesson.
func lesson(t *testing.T, files map[string]string) (string, *workbook.Lesson) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir, &workbook.Lesson{
		Lesson: &harness.Lesson{Name: "chat", Forbidden: []string{"net/http"}},
		Given:  source.Files{"main.go": []byte("package main\n\nfunc main() { chat() }\n"), "chat.go": []byte("package main\n\nfunc chat() {}\n")},
	}
}

// What is packed is what grading takes, and no more.
func TestRoundTrip(t *testing.T) {
	mine := "package main\n\nfunc chat() { talk() }\n"
	dir, l := lesson(t, map[string]string{
		"main.go": "package main\n\nfunc main() { chat() }\n", "chat.go": mine, "talk.go": "package main\n\nfunc talk() {}\n",
		"talk_test.go": "package main\n", "README.md": "text", "chat.go.1": "old",
	})
	part, err := Take(dir, l)
	if err != nil {
		t.Fatal(err)
	}
	if part.Given {
		t.Error("it is told to be as it was given")
	}
	dir = t.TempDir()
	var b, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &again} {
		if err := Write(w, []*Part{part}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("two packings differ")
	}
	if err := os.WriteFile(filepath.Join(dir, "ann.zip"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	class, err := intake.OpenClass(dir)
	if err != nil || len(class.Entries) != 1 {
		t.Fatal(class, err)
	}
	defer class.Close()
	s, err := class.Entries[0].Open(intake.Want{Known: []string{"chat"}, Lessons: []string{"chat"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(part.Files, s.Lessons["chat"]); diff != "" || len(s.Refused["chat"])+len(s.Aside) > 0 || s.Unreadable != "" {
		t.Errorf("taken (-packed +taken)\n%s\nrefused %v, aside %v, unreadable %q", diff, s.Refused, s.Aside, s.Unreadable)
	}
}

// What grading would refuse is told before anything is packed.
func TestRefused(t *testing.T) {
	for _, test := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{"chat.go": "package main\n\nimport _ \"net/http\"\n\nfunc chat() {}\n"}, `exercises/chat/chat.go:3: the import "net/http" is forbidden`},
		{map[string]string{"con.go": "package main\n"}, "exercises/chat/con.go: Windows takes its name for a device"},
		{map[string]string{"README.md": "text"}, "exercises/chat: there is no .go file to hand in"},
	} {
		dir, l := lesson(t, test.files)
		if _, err := Take(dir, l); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v; want %s", err, test.want)
		}
	}
	dir, l := lesson(t, map[string]string{"main.go": "package main\r\n\r\nfunc main() { chat() }\r\n", "chat.go": "package main\n\nfunc chat() {}\n"})
	if part, err := Take(dir, l); err != nil || !part.Given {
		t.Errorf("%v, %v; want one that is as it was given", part, err)
	}
}
