package intake

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
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
	for lesson, refused := range s.Refused {
		for _, p := range refused {
			lines = append(lines, fmt.Sprintf("refuse %q of %q: %s", p.File, lesson, p.Message))
		}
	}
	for _, n := range s.Aside {
		lines = append(lines, fmt.Sprintf("leave %q of %q: %s", n.File, n.Lesson, n.Message))
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
			[]string{`leave "main_test.go" of "chat": ignored: tests are the workbook's own`, `leave "notes.txt" of "chat": ignored: not part of the program`, `take chat/chat.go "c"`}},
		{"one lesson one folder deep", chat, []file{{path: "homework/chat.go", text: "c"}},
			[]string{`take chat/chat.go "c"`}},
		{"the folder of another lesson is not the hand-in", chat, []file{{path: "subnet/main.go", text: "s"}}, nil},
		{"exercises before the top", both, []file{{path: "chat/chat.go", text: "old"}, {path: "exercises/chat/chat.go", text: "new"}},
			[]string{`leave "chat/" of "chat": ignored: not part of the program`, `take chat/chat.go "new"`}},
		{"more than the program", both, []file{{path: "chat/chat.go", text: "c"}, {path: "chat/main_test.go"}, {path: "chat/testdata/x.txtar"}, {path: "chat/asm.s"}, {path: "chat/more/x.go"}, {path: "chat/.chat.go.swp"}, {path: "chat/_old.go"}},
			[]string{
				`leave "_old.go" of "chat": ignored: Go compiles no file whose name begins with "." or "_"`,
				`leave "asm.s, testdata/" of "chat": ignored: not part of the program`,
				`leave "main_test.go" of "chat": ignored: tests are the workbook's own`,
				`leave "more/" of "chat": ignored: it lies in a subfolder; a program is the .go files of one folder`,
				`take chat/chat.go "c"`}},
		{"links", both, []file{{path: "chat/chat.go", link: "/etc/passwd"}, {path: "chat/main.go", text: "m"}, {path: "subnet", link: "/etc"}},
			[]string{`refuse "chat.go" of "chat": it is a link; hand in the file itself`, `refuse "subnet/" of "subnet": it is a link; hand in the folder itself`, `take chat/main.go "m"`}},
		{"case twins", both, []file{{path: "chat/chat.go", text: "1"}, {path: "chat/Chat.go", text: "2"}, {path: "chat/main.go", text: "m"}},
			[]string{`refuse "Chat.go" of "chat": two files have this name, or names that look alike or differ in upper and lower case only; keep one`, `refuse "chat.go" of "chat": two files have this name, or names that look alike or differ in upper and lower case only; keep one`, `take chat/main.go "m"`}},
		{"odd names", both, []file{{path: "chat/聊天 (1).go", text: "n"}, {path: "chat/-x.go"}, {path: "chat/test_test.GO"}},
			[]string{
				`leave "test_test.GO" of "chat": ignored: tests are the workbook's own`,
				`refuse "-x.go" of "chat": its name begins with "-", as an option does; rename it`,
				`take chat/聊天 (1).go "n"`}},
		{"folders that look like a lesson's", both, []file{{path: "chаt/x.go"}, {path: "chаt/y.go"}, {path: "聊天聊天/x.go"}, {path: "чаты/x.go"}},
			[]string{
				`leave "чаты/, 聊天聊天/" of "": ignored: not in the folder of a lesson`,
				`refuse "chаt/" of "chat": its name is not "chat", but looks like it; rename it`}},
		{"one that looks so beside the lesson's", both, []file{{path: "chat/chat.go", text: "c"}, {path: "chаt/x.go"}},
			[]string{`leave "chаt/" of "chat": ignored: not part of the program`, `take chat/chat.go "c"`}},
		{"folders in whose names a lesson's stands", both, []file{{path: "hw/1-Subnet/main.go", text: "s"}, {path: "hw/第2课 chat/chat.go", text: "c"}, {path: "hw/subnet and chat/x.go"}},
			[]string{`leave "subnet and chat/" of "": ignored: not in the folder of a lesson`, `take chat/chat.go "c"`, `take subnet/main.go "s"`}},
		{"deep beside something else", both, []file{{path: "a/b/wirebook/exercises/chat/chat.go", text: "c"}, {path: "a/pictures/1.png"}, {path: "a/b/backup/old/chat/chat.go"}},
			[]string{`leave "b/" of "chat": ignored: not part of the program`, `leave "pictures/" of "": ignored: not in the folder of a lesson`, `take chat/chat.go "c"`}},
		{"two folders of one lesson", both, []file{{path: "old/chat/chat.go", text: "1"}, {path: "new/chat/chat.go", text: "2"}},
			[]string{`leave "old/" of "chat": ignored: not part of the program`, `refuse "new/chat/" of "chat": "old/chat/" may be the folder of this lesson, too; hand in one`}},
		{"nowhere", both, []file{{path: "work/chat.go"}},
			[]string{`unreadable: there are .go files in "work/", and no folder has a lesson's name; hand in exercises/LESSON/*.go`}},
		{"too large", both, []file{{path: "chat/chat.go", text: strings.Repeat("x", 1<<20+1)}, {path: "chat/main.go", text: "m"}},
			[]string{`refuse "chat.go" of "chat": it has more than 1048576 bytes`, `take chat/main.go "m"`}},
		{"backslashes for slashes", both, []file{{path: `exercises\chat\chat.go`, text: "c"}}, []string{`take chat/chat.go "c"`}},
		{"nothing", both, []file{{path: "notes.txt"}}, []string{`leave "notes.txt" of "": ignored: not in the folder of a lesson`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open(folderOf(t, test.files...), test.graded)
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
		{"three archives deep", "ann.zip", zipOf(t, file{path: "a.zip", text: string(zipOf(t, file{path: "b.zip", text: string(zipOf(t, chat))}))}), taken},
		{"five archives deep", "ann.zip", zipOf(t, file{path: "a.zip", text: string(zipOf(t, file{path: "b.zip", text: string(zipOf(t, file{path: "c.zip", text: string(zipOf(t, file{path: "d.zip"}))}))}))}),
			[]string{"unreadable: it is packed more than 3 times; " + instead}},
		{"one that is broken beside one that is not", "ann.zip", zipOf(t, file{path: "a.zip", text: string(zipOf(t, chat))}, file{path: "b.zip"}),
			[]string{`leave "b.zip" of "": ignored: "b.zip" is empty; ` + instead, `take chat/chat.go "c"`}},
		{"an archive a lesson", "ann.zip", zipOf(t, file{path: "chat.zip", text: string(zipOf(t, file{path: "x.go", text: "c"}))}, file{path: "2 subnet.tgz", text: string(gzipOf(t, tarOf(t, file{path: "src/y.go", text: "s"})))}),
			[]string{`take chat/x.go "c"`, `take subnet/y.go "s"`}},
		{"two of one lesson", "ann.zip", zipOf(t, file{path: "hw-v1.zip", text: string(zipOf(t, chat))}, file{path: "hw-v2.zip", text: string(zipOf(t, chat))}),
			[]string{`leave "hw-v2.zip/" of "chat": ignored: not part of the program`, `refuse "hw-v1.zip/chat/" of "chat": "hw-v2.zip/chat/" may be the folder of this lesson, too; hand in one`}},
		{"what is named inside counts before the archive's name", "ann.zip", zipOf(t, file{path: "subnet.zip", text: string(zipOf(t, chat))}), taken},
		{"a wrong ending", "ann.zip", gzipOf(t, tarOf(t, chat)), taken},
		{"climbing", "ann.zip", zipOf(t, chat, file{path: "../chat/x.go"}, file{path: "/chat/y.go"}, file{path: `chat\z.go`}, file{path: "C:/chat/w.go"}, file{path: "chat/\xff.go"}), []string{
			`refuse "%FF.go" of "chat": its name holds more than letters, digits and "-_.", or in mid-name "+,()" and spaces; rename it`,
			`refuse "w.go" of "chat": its path leads out of the hand-in, "C:/chat/w.go"`,
			`refuse "x.go" of "chat": its path leads out of the hand-in, "../chat/x.go"`,
			`refuse "y.go" of "chat": its path leads out of the hand-in, "/chat/y.go"`,
			`refuse "z.go" of "chat": its name holds a backslash, "chat\\z.go"; pack with "/" between folders`,
			`take chat/chat.go "c"`}},
		{"a folder named in another encoding", "ann.zip", zipOf(t, file{path: "\xd7\xf7\xd2\xb5\u200d/chat/chat.go", text: "c"}, file{path: "\xd7\xf7\xd2\xb5\u200d/\xd7\xf7.doc"}),
			[]string{`leave "%D7%F7.doc" of "": ignored: not in the folder of a lesson`, `take chat/chat.go "c"`}},
		{"a backslash that is half of a character", "ann.zip", zipOf(t, file{path: "\xd5\\/chat/\xd5\\.go", text: "c"}), []string{`take chat/xD5x5C.go "c"`}},
		{"backslashes for slashes", "ann.zip", zipOf(t, file{path: "\xd5\\\\chat\\chat.go", text: "c"}), taken},
		{"a link in a zip", "ann.zip", zipOf(t, file{path: "chat/chat.go", link: "/etc/passwd"}),
			[]string{`refuse "chat.go" of "chat": it is a link; hand in the file itself`}},
		{"a link in a tar", "ann.tar", tarOf(t, file{path: "chat/chat.go", link: "/etc/passwd"}),
			[]string{`refuse "chat.go" of "chat": it is a link; hand in the file itself`}},
		{"one path twice", "ann.tar", tarOf(t, file{path: "chat/chat.go", text: "old"}, file{path: "./chat/chat.go", text: "c"}), taken},
		{"one path twice, a link last", "ann.zip", zipOf(t, chat, file{path: "chat/chat.go", link: "/etc/passwd"}),
			[]string{`refuse "chat.go" of "chat": it is a link; hand in the file itself`}},
		{"rar", "ann.rar", []byte("Rar!\x1a\x07"), []string{`unreadable: "ann.rar" is a rar archive; ` + instead}},
		{"7z in a zip", "ann.zip", zipOf(t, file{path: "hw/ann.7z", text: "7z\xbc\xaf\x27\x1c"}), []string{`unreadable: "ann.7z" is a 7z archive; ` + instead}},
		{"nothing in it", "ann.zip", zipOf(t), []string{`unreadable: "ann.zip" is empty; ` + instead}},
		{"no byte", "ann.zip", nil, []string{`unreadable: "ann.zip" is empty; ` + instead}},
		{"no archive", "ann.zip", []byte("<html>"),
			[]string{`unreadable: "ann.zip" is not a zip, tar or tar.gz that can be read: unexpected EOF`}},
		{"a large file in a tar", "ann.tar", tarOf(t, chat, file{path: "chat/large.go", text: strings.Repeat(" ", 2<<20)}),
			[]string{`refuse "large.go" of "chat": it has more than 1048576 bytes`, `take chat/chat.go "c"`}},
		{"cut", "ann.zip", zipOf(t, chat)[:40],
			[]string{`unreadable: "ann.zip" is not a zip, tar or tar.gz that can be read: zip: not a valid zip file`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open(archived(t, test.file, test.data), known)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, s.describe()); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
		})
	}
}

// Archives in a hand-in share the room of one.
func TestArchivesShareRoom(t *testing.T) {
	lower(t, func(l *limits) { *l = limits{entries: 1000, depth: 3, expansion: 100_000, inner: 20_000} })
	bomb := string(gzipOf(t, tarOf(t, file{path: "a.go", text: strings.Repeat(" ", 15_000)})))
	var files []file
	for i := range 40 {
		files = append(files, file{path: fmt.Sprintf("%02d.tgz", i), text: bomb})
	}
	s, err := open(archived(t, "ann.zip", zipOf(t, files...)), known)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s.Unreadable, "the files in it have more than 40000 bytes") {
		t.Errorf("taken %q; want that there is no room for all", s.describe())
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
		*l = limits{entries: 5, depth: 3, expansion: 10_000, inner: 5_000}
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
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open(test.open(t), known)
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
	entries, aside := class(t, dir)
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
	if _, err := entries[0].Open(Want{Known: known, Lessons: known}); err == nil || !strings.Contains(err.Error(), "two hand-ins of one name") {
		t.Errorf("Ann and ann.zip: error %v; want that they are two hand-ins of one name", err)
	}
	s, err := entries[3].Open(Want{Known: known, Lessons: known})
	if err != nil || len(s.Lessons["chat"]) != 1 {
		t.Errorf("the teacher's link: %v, %v; want what it leads to", s, err)
	}
}

// What cannot be told is an error, and no student's fault.
func TestClassErrors(t *testing.T) {
	dir := folderOf(t, file{path: "zed_1_chat.go"}, file{path: "zac", link: "nowhere"})
	entries, _ := class(t, dir)
	for i, want := range []string{"no such file", `"zed_1_chat.go" lies by itself`} {
		if _, err := entries[i].Open(Want{Known: known, Lessons: known}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v; want %q", entries[i].Name, err, want)
		}
	}
}

// Canvas packs the files of a class flat: those of one student are one hand-in.
func TestCanvas(t *testing.T) {
	dir := folderOf(t, file{path: "liwei_111_222_chat-1.go"}, file{path: "liwei_111_223_more.go"}, file{path: "liwei_112_224_chat.go"},
		file{path: "ann_LATE_5_6_work.zip", text: string(zipOf(t, file{path: "chat/chat.go"}))})
	entries, aside := class(t, dir)
	if len(aside) > 0 {
		t.Fatal(aside)
	}
	var got []string
	for _, e := range entries {
		s, err := e.Open(Want{Known: known, Lessons: []string{"chat"}, Alone: "chat"})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(e.Name, slices.Sorted(maps.Keys(s.Lessons["chat"])), s.Origin))
	}
	if diff := cmp.Diff([]string{"ann_5[chat.go]ann_LATE_5_6_work.zip", "liwei_111[chat.go more.go]liwei_111_222_chat-1.go", "liwei_112[chat.go]liwei_112_224_chat.go"}, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// A student chooses what a hand-in is called, and no choice is the class's
// problem.
func TestClassNames(t *testing.T) {
	dir := folderOf(t, file{path: "Index.html.zip"}, file{path: "index.html%/x"}, file{path: "ann..zip"}, file{path: "bob /x"}, file{path: "chat.zip"})
	entries, _ := class(t, dir, "index.html")
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
	if _, err := entries[0].Open(Want{Known: known, Lessons: known}); err == nil || !strings.Contains(err.Error(), "two hand-ins of one name") {
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
		s, err := open(test.path, known)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{test.want}, s.describe()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// class lists the class at path.
func class(t *testing.T, path string, reserved ...string) ([]Entry, []Note) {
	t.Helper()
	c, err := OpenClass(path, reserved...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.Entries, c.Aside
}

// open takes lessons from what lies at path.
func open(path string, lessons []string) (*Submission, error) {
	w := Want{Known: known, Lessons: lessons}
	if len(lessons) == 1 {
		w.Alone = lessons[0]
	}
	c, err := OpenClass(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer c.Close()
	return c.Entries[0].Open(w)
}
