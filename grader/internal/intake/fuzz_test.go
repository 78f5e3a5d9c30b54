package intake

import (
	"strings"
	"testing"
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
	bounds = limits{entries: 50, depth: 4, expansion: 1 << 20, inner: 1 << 16, file: 2_000, files: 3, program: 4_000}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := takeFrom("ann", func() (*tree, error) { return openArchive("ann.zip", data) }, known, known)
		if err != nil {
			t.Fatalf("error %v; want all that is wrong to be the student's", err)
		}
		s.Digest()
		if len(s.Notes) > maxRefused+5 {
			t.Errorf("%d notes; want a few", len(s.Notes))
		}
		for lesson, files := range s.Lessons {
			size := 0
			for name, text := range files {
				size += len(text)
				if strings.ContainsFunc(name, notInName) || !strings.HasSuffix(name, ".go") || isDevice(name) {
					t.Errorf("%s: took %q; want names that are safe everywhere", lesson, name)
				}
			}
			if len(files) > bounds.files || size > int(bounds.program) {
				t.Errorf("%s: took %d files and %d bytes; want at most %d and %d", lesson, len(files), size, bounds.files, bounds.program)
			}
		}
	})
}
