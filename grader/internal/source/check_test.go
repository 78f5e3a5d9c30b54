package source

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"
)

func TestCheck(t *testing.T) {
	lock := []byte("//go:build unix\n\npackage main\n")
	rules := Rules{
		Lesson: &harness.Lesson{Name: "chat", Forbidden: []string{"net/http"}},
		Given:  Files{"lock_linux.go": lock},
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
			[]string{`lock_linux.go:1: "//go:build !unix": a build constraint hides a file from some systems; remove the line`,
				"lock_linux.go: its name makes Go build it on some systems only; rename it, so that everyone's program is the same"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range rules.Check(Files{test.file: []byte(test.text)}) {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestComplete(t *testing.T) {
	given := Files{"main.go": []byte("package main\nfunc main() {}\n"), "chat.go": []byte("package main\n")}
	alone := Files{"chat.go": []byte("package main // mine\n")}
	if got := alone.Complete(given); len(got) != 2 || string(got["chat.go"]) != "package main // mine\n" {
		t.Errorf("Complete of chat.go alone = %v; want it beside the given main.go", got.Names())
	}
	whole := Files{"all.go": []byte("package main\nfunc main() {}\n")}
	if got := whole.Complete(given); len(got) != 1 {
		t.Errorf("Complete of a whole program = %v; want all.go alone", got.Names())
	}
	method := Files{"m.go": []byte("package main\ntype t int\nfunc (t) main() {}\n")}
	if got := method.Complete(given); len(got) != 3 {
		t.Errorf("Complete where only a method is called main = %v; want the given files too", got.Names())
	}
	broken := Files{"m.go": []byte("package main\nfunc main() {}\nfunc (")}
	if got := broken.Complete(given); len(got) != 1 {
		t.Errorf("Complete of a main that does not compile = %v; want it alone", got.Names())
	}
}

func TestEqual(t *testing.T) {
	a := Files{"chat.go": []byte("package main\n\nvar x int\n")}
	b := Files{"chat.go": []byte("\ufeffpackage main\r\n\r\nvar x int\r\n")}
	if !a.Equal(b) {
		t.Error("line ends and a byte order mark made two equal programs differ")
	}
	if a.Digest() == b.Digest() {
		t.Error("Digest is the same for different bytes")
	}
	if a.Equal(Files{"chat.go": []byte("package main\n\nvar x  int\n")}) {
		t.Error("Equal overlooked a changed byte")
	}
}
