package lessonfile

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func take(t *testing.T, files ...File) []string {
	t.Helper()
	f, err := Take(files)
	if err != nil {
		t.Fatal(err)
	}
	return f.describe()
}

// describe says in lines what became of each file.
func (f *Folder) describe() []string {
	var lines []string
	for name := range f.Program {
		lines = append(lines, "take "+name)
	}
	for _, p := range f.Refused {
		lines = append(lines, "refuse "+p.String())
	}
	for _, p := range f.Aside {
		lines = append(lines, "leave "+p.String())
	}
	slices.Sort(lines)
	return lines
}

// holding is a regular file.
func holding(name, text string) File {
	return File{Name: name, Read: func(most int64) ([]byte, error) { return ReadAll(strings.NewReader(text), most) }}
}

const (
	twin   = "two files have this name, or names that look alike or differ in upper and lower case only; keep one"
	signs  = `its name holds more than letters, digits and "-_.", or in mid-name "+,()" and spaces; rename it`
	device = "Windows takes its name for a device; rename it"
	none   = "not part of the program"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("聊", 67) + ".go"
	for name, want := range map[string]string{
		"chat.go": "", "批处理.go": "", "실험.go": "", "задача.go": "", "é.go": "", "e\u0301.go": "", "聊天（1）.go": "",
		"chat (1).go": "", "a,b+c-d_e.f.go": "", "null.go": "", "com10.go": "", "test.go": "", "lock_windows.go": "",
		"notes.txt": none, "asm.s": none, "go": none, "main.go~": none, "main.go.swp": none, "testdata/x.go.txt": none,
		"more/x.go": "it lies in a subfolder; a program is the .go files of one folder",
		".x.go":     `Go compiles no file whose name begins with "." or "_"`, "_old.go": `Go compiles no file whose name begins with "." or "_"`,
		"main_test.go": "tests are the workbook's own", "test_test.GO": "tests are the workbook's own",
		"x_TEST.go": "its name looks like a test's, but Go takes it for a part of the program; rename it",
		"-x.go":     `its name begins with "-", as an option does; rename it`,
		"@x.go":     signs, "(x.go": signs, "a$b.go": signs, "a;b.go": signs, "<b>.go": signs, "a:b.go": signs, `a\b.go`: signs, "\xff.go": signs, "a\u3000.go": signs,
		"a\x1b[2J.go":   "its name holds characters that cannot be seen; rename it",
		"\u202eog.x.go": "its name holds characters that cannot be seen; rename it",
		"сhat.go":       `its name holds a letter that is not ASCII, and looks like "chat.go"; rename it`,
		"ｃｈａｔ.go":       `its name holds a letter that is not ASCII, and looks like "chat.go"; rename it`,
		"z.gо":          `its name holds a letter that is not ASCII, and looks like "z.go"; rename it`,
		"x.GO":          `its name does not end with ".go", but looks so; rename it`,
		"y.go. ":        `its name does not end with ".go", but looks so; rename it`,
		"NUL.go":        device, "com1.x.go": device, "lpt¹.go": device,
		long: "its name has more than 200 bytes; rename it",
	} {
		got := aside(name)
		if got == "" {
			got = nameProblem(name)
		}
		if got != want {
			t.Errorf("%q: %q; want %q", name, got, want)
		}
	}
}

func TestTake(t *testing.T) {
	const program, ignored = "package main\n", "leave %s: a build constraint keeps it out on every system"
	tests := []struct {
		name  string
		files []File
		want  []string
	}{
		{"twins", []File{holding("chat.go", program), holding("Chat.go", program), holding("main.go", program)},
			[]string{"refuse Chat.go: " + twin, "refuse chat.go: " + twin, "take main.go"}},
		{"names that look alike", []File{holding("чaт.go", program), holding("чат.go", program)},
			[]string{"refuse чaт.go: " + twin, "refuse чат.go: " + twin}},
		{"no regular files", []File{{Name: "link.go", Odd: "a link"}, {Name: "x.go", Fault: "it is encrypted; pack without a password"}, {Name: "notes", Odd: "a pipe"}},
			[]string{`leave "notes": ` + none, "refuse link.go: it is a link; hand in the file itself", "refuse x.go: it is encrypted; pack without a password"}},
		{"a file that is too large", []File{holding("chat.go", program), holding("large.go", strings.Repeat(" ", maxFile+1))},
			[]string{"refuse large.go: it has more than 1048576 bytes", "take chat.go"}},
		{"out of every build", []File{holding("ignore.go", "// Try it.\n\n//go:build ignore\n\npackage main\n"), holding("tool.go", "//go:build tools && (linux || windows)\r\n\r\npackage main\r\n"), holding("both.go", "//go:build !linux && ignore || race\npackage main\n")},
			[]string{fmt.Sprintf(ignored, "both.go"), fmt.Sprintf(ignored, "ignore.go"), fmt.Sprintf(ignored, "tool.go")}},
		{"in some builds", []File{holding("a.go", "//go:build linux\n\npackage main\n"), holding("b.go", "//go:build !ignore\n\npackage main\n"), holding("c.go", "//go:build go1.21 && cgo\n\npackage main\n"), holding("d.go", "// +build ignore\n\npackage main\n"), holding("e.go", "package main\n//go:build ignore\n"), holding("f.go", "//go:build (\n\npackage main\n"), holding("g_linux.go", program)},
			[]string{"take a.go", "take b.go", "take c.go", "take d.go", "take e.go", "take f.go", "take g_linux.go"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, take(t, test.files...)); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTakeIsBounded(t *testing.T) {
	const tooMuch = ": a lesson's program has at most 100 files and 4194304 bytes"
	var many, large []File
	for i := range maxFiles + 2 {
		many = append(many, holding(fmt.Sprintf("f%d.go", i), "package main\n"))
	}
	for i := range 5 {
		large = append(large, holding(fmt.Sprintf("f%d.go", i), strings.Repeat(" ", maxFile)))
	}
	if got := take(t, many...); got[0] != "refuse f100.go"+tooMuch || len(got) != maxFiles+1 {
		t.Errorf("of %d files: %q", len(many), got)
	}
	if got := take(t, large...); got[0] != "refuse f4.go"+tooMuch {
		t.Errorf("of 5 MiB: %q", got)
	}
}

func TestRead(t *testing.T) {
	f, err := Read(fstest.MapFS{
		"chat.go": {Data: []byte("package main\n")}, "link.go": {Mode: fs.ModeSymlink, Data: []byte("chat.go")}, "more/x.go": {},
		"large.go": {Data: make([]byte, maxFile+1)},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"refuse large.go: it has more than 1048576 bytes", "refuse link.go: it is a link; hand in the file itself", "take chat.go"}
	if diff := cmp.Diff(want, f.describe()); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}
