package intake

import (
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
