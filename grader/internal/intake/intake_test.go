package intake

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var known = []string{"subnet", "chat"}

// A file is one of a hand-in: its path, what it holds, and where it is no
// regular file, what it is.
type file struct{ path, text, link string }

func zipOf(t testing.TB, files ...file) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		header := &zip.FileHeader{Name: f.path, Method: zip.Deflate}
		header.SetMode(0o644)
		text := f.text
		if f.link != "" {
			header.SetMode(0o777 | os.ModeSymlink)
			text = f.link
		}
		part, err := w.CreateHeader(header)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, files ...file) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		header := &tar.Header{Name: f.path, Mode: 0o644, Size: int64(len(f.text)), Typeflag: tar.TypeReg}
		if f.link != "" {
			header.Typeflag, header.Linkname = tar.TypeSymlink, f.link
		}
		err := w.WriteHeader(header)
		if err == nil {
			_, err = w.Write([]byte(f.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// folderOf makes a hand-in that is a folder.
func folderOf(t *testing.T, files ...file) string {
	dir := filepath.Join(t.TempDir(), "ann")
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.path))
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		if err == nil && f.link != "" {
			err = os.Symlink(f.link, path)
		} else if err == nil {
			err = os.WriteFile(path, []byte(f.text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func archived(t *testing.T, name string, data []byte) string {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// describe says in lines what was taken and what was noted.
func (s *Submission) describe() []string {
	var lines []string
	for lesson, files := range s.Lessons {
		for name, text := range files {
			lines = append(lines, fmt.Sprintf("take %s/%s %q", lesson, name, text))
		}
	}
	for _, n := range s.Notes {
		verb := "leave"
		if n.Refused {
			verb = "refuse"
		}
		lines = append(lines, fmt.Sprintf("%s %q of %q: %s", verb, n.File, n.Lesson, n.Message))
	}
	if s.Unreadable != "" {
		lines = append(lines, "unreadable: "+s.Unreadable)
	}
	slices.Sort(lines)
	return lines
}

func TestFolders(t *testing.T) {
	both := []string{"subnet", "chat"}
	chat := []string{"chat"}
	tests := []struct {
		name   string
		graded []string
		files  []file
		want   []string
	}{
		{"as in the workbook", both, []file{{path: "exercises/chat/chat.go", text: "c"}, {path: "exercises/subnet/main.go", text: "s"}, {path: "go.mod"}, {path: "harness/x.go"}, {path: "harness/y.go"}},
			[]string{`leave "go.mod, harness/" of "": ignored: not in the folder of a lesson`, `take chat/chat.go "c"`, `take subnet/main.go "s"`}},
		{"lessons at the top", both, []file{{path: "chat/chat.go", text: "c"}, {path: "notes.txt"}},
			[]string{`leave "notes.txt" of "": ignored: not in the folder of a lesson`, `take chat/chat.go "c"`}},
		{"one folder deep", both, []file{{path: "my project/chat/chat.go", text: "c"}, {path: "README"}, {path: "__MACOSX/chat/._chat.go"}, {path: ".git/config"}},
			[]string{`leave "README" of "": ignored: not in the folder of a lesson`, `take chat/chat.go "c"`}},
		{"one lesson at the top", chat, []file{{path: "chat.go", text: "c"}, {path: "main_test.go"}, {path: "notes.txt"}},
			[]string{`leave "main_test.go, notes.txt" of "chat": ignored: not part of the program`, `take chat/chat.go "c"`}},
		{"one lesson one folder deep", chat, []file{{path: "homework/chat.go", text: "c"}},
			[]string{`take chat/chat.go "c"`}},
		{"the folder of another lesson is not the hand-in", chat, []file{{path: "subnet/main.go", text: "s"}}, nil},
		{"exercises before the top", both, []file{{path: "chat/chat.go", text: "old"}, {path: "exercises/chat/chat.go", text: "new"}},
			[]string{`leave "chat/" of "chat": ignored: not part of the program`, `take chat/chat.go "new"`}},
		{"more than the program", both, []file{{path: "chat/chat.go", text: "c"}, {path: "chat/main_test.go"}, {path: "chat/testdata/x.txtar"}, {path: "chat/asm.s"}, {path: "chat/more/x.go"}, {path: "chat/.chat.go.swp"}, {path: "chat/_old.go"}},
			[]string{`leave "_old.go, asm.s, main_test.go, more/, testdata/" of "chat": ignored: not part of the program`, `take chat/chat.go "c"`}},
		{"links", both, []file{{path: "chat/chat.go", link: "/etc/passwd"}, {path: "chat/main.go", text: "m"}, {path: "subnet", link: "/etc"}},
			[]string{`leave "subnet" of "": ignored: not in the folder of a lesson`, `refuse "chat.go" of "chat": it is a link; hand in the file itself`, `take chat/main.go "m"`}},
		{"case twins", both, []file{{path: "chat/chat.go", text: "1"}, {path: "chat/Chat.go", text: "2"}, {path: "chat/main.go", text: "m"}},
			[]string{`refuse "Chat.go" of "chat": two files have this name, or differ in upper and lower case only; keep one`, `refuse "chat.go" of "chat": two files have this name, or differ in upper and lower case only; keep one`, `take chat/main.go "m"`}},
		{"odd names", both, []file{{path: "chat/chat (1).go"}, {path: "chat/-x.go"}, {path: "chat/聊天.go"}, {path: "chat/сhat.go"}, {path: "chat/NUL.go"}, {path: "chat/com1.x.go"}, {path: "chat/x.GO"}, {path: "chat/y.go. "}, {path: "chat/z.gо"}, {path: "chat/test_test.GO"}, {path: "chat/null.go", text: "n"}},
			[]string{
				`leave "test_test.GO" of "chat": ignored: not part of the program`,
				`refuse "-x.go" of "chat": its name begins with "-", as an option does; rename it`,
				`refuse "NUL.go" of "chat": Windows takes its name for a device; rename it`,
				`refuse "chat (1).go" of "chat": its name holds more than letters, digits, "-", "_" and "."; rename it`,
				`refuse "com1.x.go" of "chat": Windows takes its name for a device; rename it`,
				`refuse "x.GO" of "chat": its name does not end with ".go", but looks so; rename it`,
				`refuse "y.go. " of "chat": its name holds more than letters, digits, "-", "_" and "."; rename it`,
				`refuse "z.gо" of "chat": its name holds a letter that is not ASCII, and may look like one that is; rename it`,
				`refuse "сhat.go" of "chat": its name holds a letter that is not ASCII, and may look like one that is; rename it`,
				`refuse "聊天.go" of "chat": its name holds a letter that is not ASCII, and may look like one that is; rename it`,
				`take chat/null.go "n"`}},
		{"folders that look like a lesson's", both, []file{{path: "chat/chat.go", text: "c"}, {path: "chаt/x.go"}, {path: "chаt/y.go"}, {path: "Subnet/main.go"}, {path: "exercises/subnet. /main.go"}, {path: "聊天聊天/x.go"}, {path: "чаты/x.go"}, {path: "еxercises/chat/chat.go"}},
			[]string{
				`leave "чаты/, 聊天聊天/" of "": ignored: not in the folder of a lesson`,
				`refuse "Subnet/" of "": its name is not "subnet", but looks like it; rename it`,
				`refuse "chаt/" of "": its name is not "chat", but looks like it; rename it`,
				`refuse "exercises/subnet. /" of "": its name is not "subnet", but looks like it; rename it`,
				`refuse "еxercises/" of "": its name is not "exercises", but looks like it; rename it`,
				`take chat/chat.go "c"`}},
		{"too large", both, []file{{path: "chat/chat.go", text: strings.Repeat("x", 1<<20+1)}},
			[]string{`refuse "chat.go" of "chat": it has more than 1048576 bytes`}},
		{"nothing", both, []file{{path: "notes.txt"}}, []string{`leave "notes.txt" of "": ignored: not in the folder of a lesson`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open("ann", folderOf(t, test.files...), known, test.graded)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, s.describe()); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
		})
	}
}

func TestArchives(t *testing.T) {
	chat := file{path: "chat/chat.go", text: "c"}
	taken := []string{`take chat/chat.go "c"`}
	tests := []struct {
		name, file string
		data       []byte
		want       []string
	}{
		{"zip", "ann.zip", zipOf(t, chat), taken},
		{"tar", "ann.tar", tarOf(t, chat), taken},
		{"tar.gz", "ann.tar.gz", gzipOf(t, tarOf(t, file{path: "./hand-in/chat/chat.go", text: "c"})), taken},
		{"an archive in an archive", "ann.zip", zipOf(t, file{path: "late/ann.tar.gz", text: string(gzipOf(t, tarOf(t, chat)))}), taken},
		{"a zip in a tar.gz", "ann.tar.gz", gzipOf(t, tarOf(t, file{path: "Ann_Lee_12_assignsubmission_file_/hw 3.zip", text: string(zipOf(t, chat))})), taken},
		{"three archives deep", "ann.zip", zipOf(t, file{path: "a.zip", text: string(zipOf(t, file{path: "b.zip", text: string(zipOf(t, chat))}))}),
			[]string{`leave "b.zip" of "": ignored: not in the folder of a lesson`}},
		{"two archives in an archive", "ann.zip", zipOf(t, file{path: "a.zip", text: string(zipOf(t, chat))}, file{path: "b.zip"}),
			[]string{`leave "a.zip, b.zip" of "": ignored: not in the folder of a lesson`}},
		{"a wrong ending", "ann.zip", gzipOf(t, tarOf(t, chat)), taken},
		{"climbing", "ann.zip", zipOf(t, chat, file{path: "../chat/x.go"}, file{path: "/chat/y.go"}, file{path: `chat\z.go`}, file{path: "chat/\x1b[31m.go"}, file{path: "C:/chat/w.go"}, file{path: "chat/\u202eog.x.go"}, file{path: "chat/\xff.go"}), []string{
			`refuse "%FF.go" of "chat": its name holds more than letters, digits, "-", "_" and "."; rename it`,
			`refuse "../chat/x.go" of "": its path leads out of the hand-in`,
			`refuse "/chat/y.go" of "": its path leads out of the hand-in`,
			`refuse "C:/chat/w.go" of "": its path leads out of the hand-in`,
			`refuse "chat/\u202eog.x.go" of "": its name holds characters that cannot be seen`,
			`refuse "chat/\x1b[31m.go" of "": its name holds characters that cannot be seen`,
			`refuse "chat\\z.go" of "": its name holds a backslash; pack with "/" between folders`,
			`take chat/chat.go "c"`}},
		{"a folder named in another encoding", "ann.zip", zipOf(t, file{path: "\xd7\xf7\xd2\xb5\u200d/chat/chat.go", text: "c"}, file{path: "\xd7\xf7\xd2\xb5\u200d/\xd7\xf7.doc"}),
			[]string{`leave "%D7%F7.doc" of "": ignored: not in the folder of a lesson`, `take chat/chat.go "c"`}},
		{"a link in a zip", "ann.zip", zipOf(t, file{path: "chat/chat.go", link: "/etc/passwd"}),
			[]string{`refuse "chat.go" of "chat": it is a link; hand in the file itself`}},
		{"a link in a tar", "ann.tar", tarOf(t, file{path: "chat/chat.go", link: "/etc/passwd"}),
			[]string{`refuse "chat.go" of "chat": it is a link; hand in the file itself`}},
		{"one path twice", "ann.tar", tarOf(t, chat, chat),
			[]string{`refuse "chat.go" of "chat": two files have this name, or differ in upper and lower case only; keep one`, `refuse "chat.go" of "chat": two files have this name, or differ in upper and lower case only; keep one`}},
		{"no archive", "ann.zip", []byte("Rar!"),
			[]string{`unreadable: "ann.zip" is not a zip, tar or tar.gz that can be read: unexpected EOF`}},
		{"cut", "ann.zip", zipOf(t, chat)[:40],
			[]string{`unreadable: "ann.zip" is not a zip, tar or tar.gz that can be read: zip: not a valid zip file`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open("ann", archived(t, test.file, test.data), known, known)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, s.describe()); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
		})
	}
}

// lower sets the bounds for a test.
func lower(t *testing.T, change func(*limits)) {
	old := bounds
	change(&bounds)
	t.Cleanup(func() { bounds = old })
}

func TestBounds(t *testing.T) {
	lower(t, func(l *limits) {
		*l = limits{entries: 5, depth: 3, expansion: 10_000, inner: 5_000, file: 6_000, files: 2, program: 7_000}
	})
	blank := strings.Repeat(" ", 5_900)
	tests := []struct {
		name, want string
		open       func(t *testing.T) string
	}{
		{"entries", "unreadable: it holds more than 5 files; hand in the lessons' folders only", func(t *testing.T) string {
			return folderOf(t, file{path: "1"}, file{path: "2"}, file{path: "3"}, file{path: "4"}, file{path: "5"}, file{path: "6"})
		}},
		{"depth", `unreadable: "a/b/c/d": more than 3 folders deep`, func(t *testing.T) string { return folderOf(t, file{path: "a/b/c/d/e"}) }},
		{"size of the archive", "unreadable: it has more than 5000 bytes", func(t *testing.T) string { return archived(t, "a.tar", make([]byte, 5_001)) }},
		{"expansion of a tar", `unreadable: "a.tgz" is not a zip, tar or tar.gz that can be read: it unpacks to more than 10000 bytes`, func(t *testing.T) string {
			return archived(t, "a.tgz", gzipOf(t, tarOf(t, file{path: "x", text: blank}, file{path: "y", text: blank})))
		}},
		{"size of a program", `refuse "y.go" of "chat": a lesson's program has at most 2 files and 7000 bytes`, func(t *testing.T) string {
			return folderOf(t, file{path: "chat/x.go", text: blank}, file{path: "chat/y.go", text: blank})
		}},
		{"files of a program", `refuse "z.go" of "chat": a lesson's program has at most 2 files and 7000 bytes`, func(t *testing.T) string {
			return folderOf(t, file{path: "chat/x.go"}, file{path: "chat/y.go"}, file{path: "chat/z.go"})
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open("ann", test.open(t), known, known)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.describe(); !slices.Contains(got, test.want) {
				t.Errorf("taken %q; want %q among it", got, test.want)
			}
		})
	}
}

func TestClass(t *testing.T) {
	dir := folderOf(t, file{path: "bob/chat/chat.go"}, file{path: "ann.zip"}, file{path: "Ann/chat/chat.go"}, file{path: "eve.rar"},
		file{path: ".DS_Store"}, file{path: "grades.csv"}, file{path: "__MACOSX/x"}, file{path: "zoe", link: "bob"})
	entries, aside, err := Class(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	if diff := cmp.Diff([]string{"Ann", "bob", "eve", "zoe"}, names); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if len(aside) != 1 || aside[0].File != "grades.csv" {
		t.Errorf("left aside %v; want grades.csv", aside)
	}
	if _, err := entries[0].Open(known, known); err == nil || !strings.Contains(err.Error(), "two hand-ins of one name") {
		t.Errorf("Ann and ann.zip: error %v; want that they are two hand-ins of one name", err)
	}
	s, err := entries[3].Open(known, known)
	if err != nil || s.Unreadable != "it is a link; hand in a folder or an archive" {
		t.Errorf("a link: %v, %v; want it refused", s, err)
	}
}

// A student chooses what a hand-in is called, and no choice is the class's
// problem.
func TestClassNames(t *testing.T) {
	dir := folderOf(t, file{path: "Index.html.zip"}, file{path: "index.html%/x"}, file{path: "ann..zip"}, file{path: "bob /x"}, file{path: "chat.zip"})
	entries, _, err := Class(dir, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
		if e.Plain() {
			t.Errorf("%q counts as a folder of that name", e.Name)
		}
	}
	if diff := cmp.Diff([]string{"Index.html%", "ann%2E", "bob%20", "chat"}, names); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if _, err := entries[0].Open(known, known); err == nil || !strings.Contains(err.Error(), "two hand-ins of one name") {
		t.Errorf("two that get one name: error %v; want that they are two hand-ins of one name", err)
	}
}

// What git keeps by itself is no program: its reader is told what to hand in.
func TestGitAlone(t *testing.T) {
	const instead = "hand in the files themselves: their folder, or a zip, tar or tar.gz of it"
	bare := []file{{path: "HEAD", text: "ref: refs/heads/main\n"}, {path: "objects/ab/cd"}, {path: "refs/heads/main"}}
	tests := []struct{ name, path, want string }{
		{"a bare repository", folderOf(t, bare...), "unreadable: it is a git repository without its files; " + instead},
		{"a bundle", archived(t, "ann.bundle", []byte("# v2 git bundle\n")), `unreadable: "ann.bundle" is a git bundle; ` + instead},
		{"a bundle in a zip", archived(t, "ann.zip", zipOf(t, file{path: "hw.bundle", text: "# v3 git bundle\n"})), `unreadable: "hw.bundle" is a git bundle; ` + instead},
		{"a folder with .git", folderOf(t, file{path: "chat/chat.go", text: "c"}, file{path: ".git/HEAD"}), `take chat/chat.go "c"`},
	}
	for _, test := range tests {
		s, err := open("ann", test.path, known, known)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{test.want}, s.describe()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
