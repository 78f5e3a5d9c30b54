package lessonfile

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	lock := []byte("//go:build unix\n\npackage main\n")
	rules := Rules{
		Lesson:  "chat",
		Forbids: func(path string) bool { return path == "net/http" },
		Given:   map[string][]byte{"lock_linux.go": lock},
	}
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"plain", "chat.go", "package main\n\nimport \"net\"\n", nil},
		{"forbidden", "chat.go", "package main\n\nimport (\n\t\"net\"\n\tx \"net/http\"\n)\n",
			[]string{`chat.go:5: the import "net/http" is forbidden in the lesson chat; write that part yourself`}},
		{"cgo", "chat.go", "package main\nimport \"C\"\n",
			[]string{`chat.go:2: the import "C" is cgo, which is not allowed; write the program in Go alone`}},
		{"not standard", "chat.go", "package main\nimport _ `example.com/x`\n",
			[]string{`chat.go:2: the import "example.com/x" is not in Go's standard library; use the standard library only`}},
		{"our own packages", "chat.go", "package main\nimport \"wirebook/solutions\"\n",
			[]string{`chat.go:2: the import "wirebook/solutions" is not in Go's standard library; use the standard library only`}},
		{"embed", "chat.go", "package main\nimport _ \"embed\"\n//go:embed x\nvar x string\n",
			[]string{`chat.go:2: the import "embed" embeds files, which is not allowed; read them when the program runs`,
				`chat.go:3: "//go:embed x": files cannot be embedded; remove the line`}},
		{"linkname behind a syntax error", "chat.go", "package main\nfunc (\n//go:linkname a b\n",
			[]string{`chat.go:3: "//go:linkname a b": a program keeps to what packages export; remove the line`}},
		{"line directive", "chat.go", "package main\n//line other.go:7\n//go:debug x=1\n",
			[]string{`chat.go:2: "//line other.go:7": a line directive makes messages point elsewhere; remove it`,
				`chat.go:3: "//go:debug x=1": a program does not change Go's settings; remove the line`}},
		{"build constraint", "chat.go", "//go:build linux\r\n\r\npackage main\r\n",
			[]string{`chat.go:1: "//go:build linux": a build constraint hides a file from some systems; remove the line`}},
		{"a directive in a string", "chat.go", "package main\nconst s = \"//go:embed x\"\n", nil},
		{"a system in the name", "chat_windows.go", "package main\n",
			[]string{"chat_windows.go: its name makes Go build it on some systems only; rename it, so that everyone's program is the same"}},
		{"given unchanged", "lock_linux.go", string(lock), nil},
		{"given changed", "lock_linux.go", "//go:build !unix\n\npackage main\n",
			[]string{"lock_linux.go: its name makes Go build it on some systems only; rename it, so that everyone's program is the same",
				`lock_linux.go:1: "//go:build !unix": a build constraint hides a file from some systems; remove the line`}},
		{"another package", "chat.go", "// Package x.\n\npackage exercises\n",
			[]string{`chat.go:3: the file is of package exercises, and a program is package main; begin it with the line "package main"`}},
		{"no package", "chat.go", "func main() {}\n", nil},
		{"not UTF-8", "chat.go", "package main\n\n// \xc4\xe3\xba\xc3\n//go:embed x\n",
			[]string{"chat.go:3: it is not UTF-8; save the file as UTF-8"}},
		{"UTF-16", "chat.go", "\xff\xfep\x00a\x00",
			[]string{"chat.go:1: it is not UTF-8; save the file as UTF-8"}},
		{"U+FFFD is a character", "chat.go", "package main\n\nconst bad = \"\ufffd\"\n", nil},
		{"reserved for cgo", "chat.go", "package main\n\n// #cgo LDFLAGS: -lx\nimport `C`\n\n//export f\nfunc f() {}\n",
			[]string{`chat.go:3: "// #cgo LDFLAGS: -lx": cgo is not allowed; remove the line`,
				`chat.go:4: the import "C" is cgo, which is not allowed; write the program in Go alone`,
				`chat.go:6: "//export f": cgo is not allowed; remove the line`}},
		{"prose without a space", "chat.go", "package main\n\n//export the list\n//line by line\nvar x int //line 7: the answer\n// #cgo is not for us\n//go: a language\n", nil},
		{"a line directive in mid-line", "chat.go", "package main\n\nvar x = /*line main.go:99*/ y\n",
			[]string{`chat.go:3: "/*line main.go:99*/": a line directive makes messages point elsewhere; remove it`}},
		{"old build constraints", "chat.go", "//+build linux\n//\t+build x\n\npackage main\n\n// +build is a tag\n",
			[]string{`chat.go:1: "//+build linux": a build constraint hides a file from some systems; remove the line`,
				`chat.go:2: "//\t+build x": a build constraint hides a file from some systems; remove the line`}},
		{"directives of all kinds", "chat.go", "package main\n\n//go:noinline\nfunc f() {}\n//go:nosplit\nfunc g() {}\n//go:generate rm -r .\n//go:cgo_ldflag \"-x\"\n//go:noinlined\n//go:linkname\n",
			[]string{`chat.go:5: "//go:nosplit": a program does not steer the compiler; remove the line`,
				`chat.go:7: "//go:generate rm -r .": nothing is generated from a submission; remove the line`,
				`chat.go:8: "//go:cgo_ldflag \"-x\"": cgo is not allowed; remove the line`,
				`chat.go:9: "//go:noinlined": a program does not steer the compiler; remove the line`,
				`chat.go:10: "//go:linkname": a program keeps to what packages export; remove the line`}},
		{"empty", "chat.go", "\ufeff\r\n", []string{"chat.go: it is empty; write the program into it, or remove it"}},
		{"Git LFS", "chat.go", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
			[]string{`chat.go: it is a Git LFS pointer and not the file itself; fetch the file with "git lfs pull" and hand that in`}},
		{"unsafe", "chat.go", "package main\nimport \"unsafe\"\nimport _ \"unsafe\"\n",
			[]string{`chat.go:3: the import "unsafe" serves nothing but //go:linkname, which is not allowed; remove the line`}},
		{"what a program may use", "chat.go", "package main\nimport (\n\"os/exec\"\n\"plugin\"\n\"runtime/debug\"\n\"syscall\"\n)\n", nil},
		{"disguised imports", "chat.go", "package main\nimport (\n. \"net/http\"\n_ `net/http`\n\"net\\x2fhttp\"\n\"net\\u002fhttp\"\n)\n", []string{
			`chat.go:3: the import "net/http" is forbidden in the lesson chat; write that part yourself`,
			`chat.go:4: the import "net/http" is forbidden in the lesson chat; write that part yourself`,
			`chat.go:5: the import "net/http" is forbidden in the lesson chat; write that part yourself`,
			`chat.go:6: the import "net/http" is forbidden in the lesson chat; write that part yourself`}},
		{"paths to elsewhere", "chat.go", "package main\nimport (\n\"./x\"\n\"../x\"\n\"/x\"\n\"internal/abi\"\n\"net/http/internal\"\n\"vendor/golang.org/x/net/idna\"\n\"cmd/internal/obj\"\n\"main\"\n)\n", []string{
			`chat.go:3: the import "./x" is a path to a folder; a program is the files of one folder, and imports the standard library only`,
			`chat.go:4: the import "../x" is a path to a folder; a program is the files of one folder, and imports the standard library only`,
			`chat.go:5: the import "/x" is a path to a folder; a program is the files of one folder, and imports the standard library only`,
			`chat.go:6: the import "internal/abi" is one of Go's own inner packages; use what the standard library offers to everyone`,
			`chat.go:7: the import "net/http/internal" is one of Go's own inner packages; use what the standard library offers to everyone`,
			`chat.go:8: the import "vendor/golang.org/x/net/idna" is one of Go's own inner packages; use what the standard library offers to everyone`,
			`chat.go:9: the import "cmd/internal/obj" is one of Go's own inner packages; use what the standard library offers to everyone`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range rules.Check(map[string][]byte{test.file: []byte(test.text)}) {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// What a file holds in excess is cut in what is said about it.
func TestCheckIsBrief(t *testing.T) {
	rules := Rules{Lesson: "chat"}
	text := "package main\n" + strings.Repeat("//go:embed "+strings.Repeat("x", 1000)+"\n", 50)
	got := rules.Check(map[string][]byte{"chat.go": []byte(text)})
	if len(got) != maxProblems+1 || got[maxProblems].Message != "40 more lines like these" || len(got[0].Message) > 200 {
		t.Errorf("50 long directives gave %d problems, the first of %d bytes, the last %q", len(got), len(got[0].Message), got[len(got)-1].Message)
	}
}

// No text is so deep that a parser which calls itself once a level can be hurt,
// and no honest one is refused for its length.
func TestOvergrown(t *testing.T) {
	const many = 50_000
	tests := []struct {
		name, text string
		want       bool
	}{
		{"brackets", "var x = " + strings.Repeat("(", many), true},
		{"blocks", "func f() " + strings.Repeat("{\n", many), true},
		{"signs", "var x = " + strings.Repeat("-", 2*many) + "1", true},
		{"a sum", "var x = 1" + strings.Repeat(" +\n1", many), true},
		{"a chain of calls", "var x = f" + strings.Repeat("()", many), true},
		{"a type", "var x " + strings.Repeat("[]", many) + "int", true},
		{"else", "func f() { " + strings.Repeat("if x {\n} else ", many) + "{} }", true},
		{"else behind semicolons", "func f() { " + strings.Repeat("if x := f(); x {\n} else ", many) + "{} }", true},
		{"literals in literals", "var x = " + strings.Repeat("{1, ", many), true},
		{"brackets that close nothing", strings.Repeat(")", many), true},
		{"a table", "var x = []int{\n" + strings.Repeat("1, -2,\n", many) + "}", false},
		{"a table of tables", "var x = [][]int{\n" + strings.Repeat("{1, 2},\n", many) + "}", false},
		{"a long function", "func f() {\n" + strings.Repeat("if x {\n} else if y {\n\tx(1)\n}\n", 2_000) + "}", false},
		{"a long text", "const x = \"\" +\n" + strings.Repeat("\"line\" +\n", 1_000) + "\"\"", false},
		{"a long line", "const x = \"" + strings.Repeat("x", 1<<19) + "\"", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rules := Rules{Lesson: "chat"}
			got := rules.Check(map[string][]byte{"chat.go": []byte("package main\n" + test.text + "\n")})
			refused := len(got) == 1 && strings.Contains(got[0].Message, "divide it")
			if refused != test.want || (!test.want && len(got) > 0) {
				t.Errorf("refused: %v (%v); want %v", refused, got, test.want)
			}
		})
	}
}
