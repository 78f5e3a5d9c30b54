package build

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/zone"
)

func TestMain(m *testing.M) {
	zone.Main()
	os.Exit(m.Run())
}

func TestBuild(t *testing.T) {
	for _, level := range sandbox.Levels {
		t.Run(level.String(), func(t *testing.T) {
			if err := zone.Probe(t.Context(), level); err != nil {
				t.Skip("this machine does not reach the level:", err)
			}
			tools, err := Find(t.Context(), Options{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			testBuild(t, tools)
		})
	}
}

func testBuild(t *testing.T, tools *Toolchain) {
	tests := []struct {
		name  string
		files source.Files
		want  []string // the compiler's messages
	}{
		{"compiles", source.Files{"main.go": []byte("package main\n\nfunc main() { println(\"built\") }\n")}, nil},
		{"imports", source.Files{"main.go": []byte("package main\n\nimport (\n\t\"net\"\n\t\"os\"\n)\n\nfunc main() {\n\tprintln(\"built\")\n\t_, _ = os.Stdin, net.Listen\n}\n")}, nil},
		{"with a byte order mark and Windows line ends",
			source.Files{"main.go": []byte("\ufeffpackage main\r\n\r\nfunc main() { println(\"built\") }\r\n")}, nil},
		{"a type error", source.Files{"main.go": []byte("package main\n\nfunc main() {\n\tvar x int = \"a\"\n}\n")},
			[]string{"main.go:4:6: declared and not used: x", `main.go:4:14: cannot use "a" (untyped string constant) as int value in variable declaration`}},
		{"a syntax error", source.Files{"main.go": []byte("package main\n\nfunc main() {\n")},
			[]string{"main.go:4:1: syntax error: unexpected EOF, expected }"}},
		{"no main", source.Files{"a.go": []byte("package main\n")}, []string{"the program has no func main"}},
		{"no such package", source.Files{"a.go": []byte("package main\n\nimport _ \"nett\"\n\nfunc main() {}\n")},
			[]string{"a.go:3:8: package nett is not in std"}},
		{"a message of two lines", source.Files{"main.go": []byte("package main\n\nfunc a() {}\nfunc a() {}\n\nfunc main() {}\n")},
			[]string{"main.go:4:6: a redeclared in this block\n\t./main.go:3:6: other declaration of a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			target := filepath.Join(t.TempDir(), "program.exe")
			err := tools.Build(t.Context(), test.files, target)
			if test.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				if out, err := exec.Command(target).CombinedOutput(); err != nil || string(out) != "built\n" {
					t.Errorf("the program printed %q, %v; want %q", out, err, "built\n")
				}
				return
			}
			var failed *Error
			if !errors.As(err, &failed) {
				t.Fatalf("error %v; want the compiler's", err)
			}
			var got []string
			for _, m := range failed.Messages {
				got = append(got, m.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			if _, err := os.Stat(target); err == nil {
				t.Error("there is an executable all the same")
			}
		})
	}
}

func TestBuildIsFixed(t *testing.T) {
	t.Setenv("GOFLAGS", "-tags=mine")
	t.Setenv("GOWORK", "/nowhere/go.work")
	tools, err := Find(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = tools.Build(t.Context(), source.Files{"main.go": []byte("//go:build !mine\n\npackage main\n\nfunc main() {}\n")}, filepath.Join(t.TempDir(), "program"))
	if err != nil {
		t.Errorf("the teacher's environment reached a build: %v", err)
	}
}

func TestParseKeepsPathsOut(t *testing.T) {
	out := "# wirebook/program\n./a.go:1:2: x\n.\\a.go:4:5: as Windows has it\n/tmp/t/b.go:3: y (/go/src/z)\n"
	files := source.Files{"a.go": {}, "b.go": {}}
	var got []string
	for _, m := range parse(out, files, strings.NewReplacer("/tmp/t/", "", "/go", "$GOROOT")) {
		got = append(got, m.String())
	}
	if diff := cmp.Diff([]string{"a.go:1:2: x", "a.go:4:5: as Windows has it", "b.go:3:0: y"}, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

// What a compiler prints of itself differs from run to run, and is not kept.
func TestParseKeepsDumpsOut(t *testing.T) {
	tests := []struct {
		name, out string
		want      []string
	}{
		{"out of memory", "# wirebook/program\nruntime: out of memory: cannot allocate 8589934592-byte block\nfatal error: out of memory\n\ngoroutine 1 gp=0xf65 [running]:\nmain.main()\n", []string{tooMuch}},
		{"after messages", "./a.go:1:2: x\nwirebook/program: /go/pkg/tool/compile: signal: killed\n", []string{tooMuch}},
		{"too large", "# wirebook/program\ncompile: writing output: write $WORK/b001/_pkg_.a: file too large\n", []string{tooMuch}},
		{"too deep", "runtime: goroutine stack exceeds 1000000000-byte limit\nruntime: sp=0xc01 stack=[0xc, 0xd]\nfatal error: stack overflow\n", []string{tooMuch}},
		{"a mistake of the compiler's", "./a.go:1:2: internal compiler error: at 0x12\n\ngoroutine 1 [running]:\n", []string{failed}},
		{"a student's words", "./a.go:1:2: cannot use \"out of memory\"\n\thave \"goroutine stack exceeds\"\n", []string{"a.go:1:2: cannot use \"out of memory\"\n\thave \"goroutine stack exceeds\""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, m := range parse(test.out, source.Files{"a.go": {}}, strings.NewReplacer()) {
				got = append(got, m.String())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExports(t *testing.T) {
	tools, err := Find(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	exports, err := tools.Exports(t.Context(), []string{"fmt", "net/netip"})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"fmt", "net/netip"} {
		if info, err := os.Stat(exports[path]); err != nil || info.Size() == 0 {
			t.Errorf("the export data of %s: %q, %v; want a file", path, exports[path], err)
		}
	}
	if _, err := tools.Exports(t.Context(), []string{"nett"}); err == nil {
		t.Error("a package that is not there has export data")
	}
}

func TestKeep(t *testing.T) {
	tools, err := Find(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	tools.kept = t.TempDir()
	files := source.Files{"main.go": []byte("package main\n\nfunc main() { println(\"built\") }\n")}
	kept := filepath.Join(tools.kept, tools.key(files))
	if err := os.WriteFile(kept, []byte("kept"), 0o777); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), "program")
	if err := tools.Build(t.Context(), files, target); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(target); err != nil || string(text) != "kept" {
		t.Errorf("Build made %d bytes, %v; want the program that was kept", len(text), err)
	}
	other := source.Files{"main.go": []byte("package main\n\nfunc main() { println(\"other\") }\n")}
	if tools.key(other) == tools.key(files) {
		t.Error("two programs have one key")
	}
}

func TestOursToMend(t *testing.T) {
	for text, want := range map[string]bool{
		"open /cache/27-d: read-only file system\n":                                             true,
		"write $WORK/b001: no space left on device\n":                                           true,
		"fork/exec /go/compile: resource temporarily unavailable\n":                             true,
		"function main is undeclared in the main package\n":                                     false,
		"./a.go:1:2: cannot use \"permission denied\" (untyped string constant) as int value\n": false,
	} {
		got := slices.ContainsFunc(parse(text, source.Files{"a.go": {}}, strings.NewReplacer()), Message.oursToMend)
		if got != want {
			t.Errorf("%q is ours to mend: %v; want %v", text, got, want)
		}
	}
}
