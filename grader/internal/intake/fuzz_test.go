package intake

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzOpen opens hand-ins of any bytes. None is more than a note, and nothing
// is taken beyond the bounds.
func FuzzOpen(f *testing.F) {
	chat := file{path: "exercises/chat/chat.go", text: "package main\n"}
	for _, seed := range [][]byte{
		zipOf(f, chat), tarOf(f, chat), gzipOf(f, tarOf(f, chat)),
		zipOf(f, file{path: "hw/ann.tar.gz", text: string(gzipOf(f, tarOf(f, chat, chat)))}),
		zipOf(f, file{path: "../chat/chat.go"}, file{path: "chаt/chat.go"}, file{path: "chat/con.go"}),
		[]byte("# v2 git bundle\n"), []byte("PK\x05\x06"), nil,
	} {
		f.Add(seed)
	}
	old := bounds
	f.Cleanup(func() { bounds = old })
	bounds = limits{entries: 50, depth: 4, expansion: 1 << 20, inner: 1 << 16}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := takeFrom("ann", func() (*tree, error) { return openArchive("ann.zip", data, newRoom()) }, Want{Known: known, Lessons: known})
		if err != nil {
			t.Fatalf("error %v; want all that is wrong to be the student's", err)
		}
		s.Digest("chat")
		for lesson, refused := range s.Refused {
			if len(refused) == 0 || len(refused) > maxRefused+1 || lesson != "chat" && lesson != "subnet" {
				t.Errorf("%s: %d files are refused by name; want a few", lesson, len(refused))
			}
		}
		for lesson, files := range s.Lessons {
			for name := range files {
				if strings.ContainsAny(name, "/\\:\x00\n\"<>|*?") || !strings.HasSuffix(name, ".go") || !utf8.ValidString(name) {
					t.Errorf("%s: took %q; want names that are safe everywhere", lesson, name)
				}
			}
			if len(files) == 0 {
				t.Errorf("%s is taken, and has no file", lesson)
			}
		}
	})
}

// FuzzClass opens classes of any bytes. Each student has a name that can be that of a
// folder, and none is the class's problem.
func FuzzClass(f *testing.F) {
	chat := "package main\n"
	for _, seed := range [][]byte{
		zipOf(f, file{path: "李 伟_123_assignsubmission_file/chat/chat.go", text: chat}, file{path: "Ann_124_assignsubmission_onlinetext/onlinetext.html"}),
		zipOf(f, file{path: "ann_LATE_1_2_chat.go", text: chat}, file{path: "ann_1_3_chat-1.go", text: chat}, file{path: "bob_2_text.html"}),
		zipOf(f, file{path: "hw1-submissions/hw1-ann/chat/chat.go", text: chat}, file{path: "hw1-submissions/hw1-..", text: chat}),
		zipOf(f, file{path: "scores.csv", text: "username,score\nann,1\n"}, file{path: "a-b-ann/chat/chat.go", text: chat}),
		zipOf(f, file{path: "../\xc0\xee/chat/chat.go", text: chat}, file{path: "eve", link: "/etc"}), zipOf(f), nil,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "class.zip")
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		class, err := OpenClass(path, "index.html")
		if err != nil {
			return // no zip
		}
		defer class.Close()
		seen := make(map[string]bool)
		for _, e := range class.Entries {
			key := strings.ToLower(e.Name)
			if strings.ContainsAny(e.Name, "/\x00\n") || !filepath.IsLocal(e.Name) || !utf8.ValidString(e.Name) || key == "index.html" || seen[key] {
				t.Errorf("a student is called %q", e.Name)
			}
			seen[key] = true
			if s, err := e.Open(Want{Known: known, Lessons: known}); err == nil && s.Name != e.Name {
				t.Errorf("%q has handed in as %q", e.Name, s.Name)
			}
		}
	})
}
