package lint

import (
	"errors"
	"fmt"
	"go/token"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

func newLinter(t testing.TB) *Linter {
	tools, err := build.Find(t.Context(), build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return New(tools)
}

func embedded(t testing.TB) []*workbook.Lesson {
	book, err := workbook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	return lessons
}

// Nothing is said about a program that the workbook calls correct, nor about
// what students are given.
func TestKnownGood(t *testing.T) {
	needsSolutions(t)
	linter := newLinter(t)
	for _, l := range embedded(t) {
		programs := map[string]source.Files{"solution": l.Solution, "stub": l.Given, "generate": l.Generate}
		for _, v := range l.Variants {
			programs["variant "+v.Name] = v.Files.Complete(l.Given)
		}
		for name, files := range programs {
			t.Run(l.Name+"/"+name, func(t *testing.T) {
				if len(files) == 0 {
					if name != "generate" {
						t.Fatal("the program has no files")
					}
					t.Skip("the lesson has no generator")
				}
				found, err := linter.Find(t.Context(), files, nil)
				if err != nil {
					t.Error(err)
				}
				for _, f := range found {
					t.Errorf("said of a correct program: %v", f)
				}
				for _, p := range l.Rules().Check(files) {
					t.Errorf("a correct program is refused: %v", p)
				}
			})
		}
	}
}

// What analyzers find in programs that were not written for them.
func TestMutants(t *testing.T) {
	needsSolutions(t)
	linter := newLinter(t)
	tests := []struct{ lesson, mutant, want string }{
		{"auth", "one-writer", "writing is locked while this waits for conn"},
		{"auth", "unbounded-line", "ReadBytes keeps a line in memory however long it grows"},
	}
	lessons := embedded(t)
	for _, test := range tests {
		t.Run(test.mutant, func(t *testing.T) {
			l := lessons[slices.IndexFunc(lessons, func(l *workbook.Lesson) bool { return l.Name == test.lesson })]
			m := l.Mutants[slices.IndexFunc(l.Mutants, func(m *workbook.Mutant) bool { return m.Name == test.mutant })]
			files, err := m.Files(l)
			if err != nil {
				t.Fatal(err)
			}
			found, err := linter.Find(t.Context(), files.Complete(l.Given), l.Given)
			if err != nil || len(found) != 1 || !strings.Contains(found[0].Message, test.want) || found[0].Severity != result.Actionable {
				t.Errorf("found %v, error %v; want one with %q", found, err, test.want)
			}
		})
	}
}

const reads = `package main

import (
	"fmt"
	"net"
)

func main() {}

func greet(conn net.Conn) {
	buf := make([]byte, 1024)
	conn.Read(buf)
	fmt.Println(string(buf))
}
`

func TestFind(t *testing.T) {
	linter := newLinter(t)
	more := strings.ReplaceAll(reads, "func main() {}\n\n", "")
	program := source.Files{
		"main.go":  []byte(reads),
		"b.go":     []byte(strings.ReplaceAll(more, "greet", "b")),
		"c.go":     []byte(strings.ReplaceAll(more, "greet", "c")),
		"d.go":     []byte(strings.ReplaceAll(more, "greet", "d")),
		"z.go":     []byte(strings.ReplaceAll(more, "greet", "z")),
		"other.go": []byte("//go:build !" + runtime.GOOS + "\n\npackage main\n\nthis is not even Go\n"),
	}
	given := source.Files{"b.go": []byte(strings.ReplaceAll(string(program["b.go"]), "\n", "\r\n"))}
	found, err := linter.Find(t.Context(), program, given)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range found {
		_, more, _ := strings.Cut(f.Message, "buf[:n]")
		got = append(got, fmt.Sprintf("%s %s:%d%s", f.Severity, f.File, f.Line, more))
	}
	want := []string{"actionable c.go:10", "actionable d.go:10", "actionable main.go:12 (and so in 1 more places)"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

// typeBomb is a program that a type checker works on for ever.
func typeBomb() string {
	var bomb strings.Builder
	bomb.WriteString("package main\n\nimport \"unsafe\"\n\ntype t0 struct{}\n")
	for i := range 60 {
		fmt.Fprintf(&bomb, "type t%d struct{ a, b t%d }\n", i+1, i)
	}
	bomb.WriteString("const size = unsafe.Sizeof(t60{})\n\nfunc main() {}\n")
	return bomb.String()
}

// A bomb for the type checker ends the child and nothing else.
func TestBomb(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux is the child's processor time bounded; elsewhere it ends after " + maxWall.String())
	}
	r := request{Program: source.Files{"main.go": []byte(typeBomb())}, Go: runtime.Version(), Seconds: 1}
	if found, err := ask(t.Context(), r); !errors.Is(err, errTooMuch) {
		t.Errorf("found %v, error %v; want %v", found, err, errTooMuch)
	}
}

// What the child cannot look at is an error that says why.
func TestNotAProgram(t *testing.T) {
	linter := newLinter(t)
	_, err := linter.Find(t.Context(), source.Files{"main.go": []byte("package main\n\nfunc main() { x }\n")}, nil)
	if err == nil || err.Error() != "main.go:3:15: undefined: x" {
		t.Errorf("error %v; want the type checker's", err)
	}
}

// An analyzer that panics has found nothing, and says so.
func TestPanic(t *testing.T) {
	bad := analyzer{"bad", func(p *program) {
		p.report(token.NoPos, "half a finding")
		panic("oh")
	}}
	got := brief(run(bad, program{}, token.NewFileSet()))
	want := []result.Finding{{Severity: result.Informative, Message: `no advice of the kind "bad": looking for it failed`}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

// What panics beside the analyzers is an error, not a dead child.
func TestSafely(t *testing.T) {
	all, err := safely(func() ([]finding, error) { panic("oh") })
	if all != nil || err == nil || err.Error() != "looking at the program failed" {
		t.Errorf("found %v, error %v; want an error alone", all, err)
	}
}

// The deepest program that the source check lets pass can be looked at.
func TestDeepest(t *testing.T) {
	linter := newLinter(t)
	const many = 4_900
	for name, expr := range map[string]string{
		"brackets": strings.Repeat("(", many) + "1" + strings.Repeat(")", many),
		"signs":    strings.Repeat("- ", many) + "1",
		"a sum":    "1" + strings.Repeat(" + 1", many),
	} {
		t.Run(name, func(t *testing.T) {
			files := source.Files{"main.go": []byte("package main\n\nvar one = 1\n\nfunc main() { println(" + expr + ") }\n")}
			if problems := embedded(t)[0].Rules().Check(files); len(problems) > 0 {
				t.Fatalf("refused: %v", problems)
			}
			if _, err := linter.Find(t.Context(), files, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// BenchmarkFind looks at one program again and again, as a class does.
func BenchmarkFind(b *testing.B) {
	linter, lesson := newLinter(b), embedded(b)[0]
	for b.Loop() {
		if _, err := linter.Find(b.Context(), lesson.Solution, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// needsSolutions skips a test of what students do not get.
func needsSolutions(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("../../../solutions/chat"); err != nil {
		t.Skip("a student's copy has no solutions")
	}
}
