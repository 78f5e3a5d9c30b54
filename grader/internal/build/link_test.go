package build

import (
	"bytes"
	"debug/elf"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
	"wirebook/grader/internal/zone"
)

// The tools themselves make of every solution, and of some mutants, what go makes
// of it.
func TestDirectIsWhatGoMakes(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("executables are compared in the form that Linux has")
	}
	tools, err := Find(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	book, err := workbook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lessons {
		if len(l.Solution) == 0 {
			t.Skip("a student's copy has no solutions")
		}
		t.Run(l.Name, func(t *testing.T) {
			compareBuilds(t, tools, l.Solution)
		})
		for i := 0; i < len(l.Mutants); i += 20 { // each costs a second
			m := l.Mutants[i]
			t.Run(l.Name+"/"+m.Name, func(t *testing.T) {
				files, err := m.Files(l)
				if err != nil {
					t.Fatal(err)
				}
				compareBuilds(t, tools, files)
			})
		}
	}
}

// compareBuilds builds files both ways.
func compareBuilds(t *testing.T, tools *Toolchain, files source.Files) {
	scratch := t.TempDir()
	p, err := tools.place(scratch, files)
	if err != nil {
		t.Fatal(err)
	}
	direct, byGo := filepath.Join(scratch, "direct"), filepath.Join(scratch, "byGo")
	if err := tools.direct(t.Context(), files, p, direct); err != nil {
		t.Fatalf("the tools themselves make nothing of it: %v", err)
	}
	if out, err := tools.run(t.Context(), scratch, p.tree, slices.Concat([]string{"build"}, flags, []string{"-o", byGo, "."})...); err != nil {
		t.Fatalf("the tools make something of it, and go says: %v: %s", err, out)
	}
	if diff := cmp.Diff(sections(t, byGo), sections(t, direct), cmp.Comparer(bytes.Equal)); diff != "" {
		t.Error("both ways do not make the same executable")
	}
}

var buildID = regexp.MustCompile(`Go build ID: "[^"]*"`)

// sections returns what is in an executable but for the notes and build IDs.
func sections(t *testing.T, path string) map[string][]byte {
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	all := make(map[string][]byte)
	for _, s := range file.Sections {
		if s.Type == elf.SHT_NOTE || s.Type == elf.SHT_NOBITS {
			continue
		}
		data, err := s.Data()
		if err != nil {
			t.Fatal(err)
		}
		all[s.Name] = buildID.ReplaceAll(data, nil)
	}
	if len(all[".text"]) == 0 {
		t.Fatalf("%s: no program in it", path)
	}
	return all
}

// What go has something to say about is left to go, at each level.
func TestIndirect(t *testing.T) {
	const text = "package main\n\nfunc main() {}\n"
	tests := map[string]source.Files{
		"names that differ in case": {"main.go": []byte(text), "Main.go": []byte("package main\n")},
		"a test":                    {"main.go": []byte(text), "a_test.go": []byte("package main\n")},
		"a setting":                 {"main.go": []byte("//go:debug madvdontneed=1\n" + text)},
		"an inner package":          {"main.go": []byte("package main\n\nimport _ \"internal/abi\"\n\nfunc main() {}\n")},
		"no such package":           {"main.go": []byte("package main\n\nimport _ \"nett\"\n\nfunc main() {}\n")},
		"nothing for this system":   {"main.go": []byte("//go:build ignore\n\n" + text)},
		"what does not compile":     {"main.go": []byte("package main\n\nimport _ \"fmt\"\n\nvar _ = os.Args\n\nfunc main() {}\n")},
	}
	tools, err := Find(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, files := range tests {
		t.Run(name, func(t *testing.T) {
			scratch := t.TempDir()
			p, err := tools.place(scratch, files)
			if err != nil {
				t.Fatal(err)
			}
			var theirs *Error
			err = tools.direct(t.Context(), files, p, filepath.Join(scratch, "made"))
			if err == nil || errors.As(err, &theirs) {
				t.Errorf("the tools came to an end of their own: %v", err)
			}
		})
	}
}

// At each level it is the tools themselves that build.
func TestDirectAtEachLevel(t *testing.T) {
	for _, level := range sandbox.Levels {
		t.Run(level.String(), func(t *testing.T) {
			if err := zone.Probe(t.Context(), level); err != nil {
				t.Skip("this machine does not reach the level:", err)
			}
			tools, err := Find(t.Context(), Options{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			files := source.Files{"main.go": []byte("package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"built\\n\") }\n")}
			scratch := t.TempDir()
			p, err := tools.place(scratch, files)
			if err != nil {
				t.Fatal(err)
			}
			made := filepath.Join(scratch, "made")
			if err := tools.direct(t.Context(), files, p, made); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(made).Output(); err != nil || string(out) != "built\n" {
				t.Errorf("the program printed %q, %v", out, err)
			}
			if _, err := os.Stat(filepath.Join(scratch, "work", "b001", "_pkg_.a")); err != nil {
				t.Error(err)
			}
		})
	}
}

// A build that is not understood is left to go.
func TestParseRecipe(t *testing.T) {
	const good = "cd /t\n" +
		"/go/compile -o $WORK/b001/_pkg_.a -trimpath \"/t=>wirebook/program;$WORK/b001=>\" -p main -importcfg $WORK/b001/importcfg -pack ./main.go\n" +
		"modinfo \"0w\"\n" +
		"GOROOT='' /go/link -o $WORK/b001/exe/a.out -importcfg $WORK/b001/importcfg.link $WORK/b001/_pkg_.a\n"
	r, err := parseRecipe(good, "/t")
	if err != nil {
		t.Fatal(err)
	}
	want := recipe{
		tree: "/t", info: "modinfo \"0w\"\n", made: "$WORK/b001/exe/a.out",
		compile: step{tool: "/go/compile", args: []string{"-o", "$WORK/b001/_pkg_.a", "-trimpath", "/t=>wirebook/program;$WORK/b001=>", "-p", "main", "-importcfg", "$WORK/b001/importcfg", "-pack"}},
		link:    step{tool: "/go/link", env: []string{"GOROOT="}, args: []string{"-o", "$WORK/b001/exe/a.out", "-importcfg", "$WORK/b001/importcfg.link", "$WORK/b001/_pkg_.a"}},
	}
	if diff := cmp.Diff(want, *r, cmp.AllowUnexported(recipe{}, step{})); diff != "" {
		t.Errorf("the recipe (-want +got):\n%s", diff)
	}
	for _, cut := range []string{"./main.go", "modinfo", "/go/link", "importcfg.link"} {
		if _, err := parseRecipe(strings.Replace(good, cut, "x", 1), "/t"); err == nil {
			t.Errorf("a build without %q is understood", cut)
		}
	}
	if _, err := parseRecipe(good+"/go/compile x\n", "/t"); err == nil {
		t.Error("a build of two packages is understood")
	}
}
