package build

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
	"wirebook/grader/internal/zone"
)

func newTools(t testing.TB, level sandbox.Level) *Toolchain {
	if !known {
		t.Skip(errSystem)
	}
	if err := zone.Probe(t.Context(), level); err != nil {
		t.Skip("this machine does not reach the level:", err)
	}
	tools, err := Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tools.Confine(level)
	return tools
}

// newBatch returns a batch that is closed at the end of the test.
func newBatch(t testing.TB, tools *Toolchain, programs map[string]source.Files) *Batch {
	b := tools.Together(programs)
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// A ran is what a program did.
type ran struct {
	Out, Err string
	Code     int
}

// unequal is what of a crash differs from one play to the next or with where in
// memory something is: addresses, arguments, the numbers of threads and of the
// runtime's own goroutines.
var unequal = regexp.MustCompile(`\b0x[0-9a-f]+|\bm=\d+|\bgoroutine \d+`)

// masked is what Go says of a crash, without that. A distance in a function is no
// address.
func masked(said string) string {
	said = strings.ReplaceAll(said, "+0x", "+")
	return unequal.ReplaceAllString(said, "…")
}

// run runs an executable as the grader does, by a name that tells nothing.
func run(t *testing.T, path string, env []string, args ...string) ran {
	t.Helper()
	cmd := exec.Command(path)
	cmd.Args = append([]string{"program"}, args...)
	cmd.Env = env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run() // its state tells
	return ran{out.String(), masked(errs.String()), cmd.ProcessState.ExitCode()}
}

// text is a program with this rest.
func text(imports, rest string) []byte {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, path := range strings.Fields(imports) {
		fmt.Fprintf(&b, "import %q\n", path)
	}
	return []byte(b.String() + "\n" + rest + "\n")
}

const (
	// Two programs in which everything has the same name.
	first = `type state struct{ n int }
var names = map[string]int{"first": 1}
var errOdd = errors.New("odd")
type names2 = state
func serve() error { return errOdd }
func Serve() {}
func main() {
	fmt.Printf("first %q %q %T %v %d\n", os.Args, os.Environ(), state{}, serve(), names["first"])
	os.Exit(3)
}`
	second = `type state int
var names = []string{"second"}
var errOdd = fmt.Errorf("even more than %d", limit)
const limit = 5
func serve() error { return errOdd }
func Serve() {}
func main() {
	fmt.Printf("second %q %q %T %v %s\n", os.Args, os.Environ(), state(1), serve(), names[0])
}`
	crashes = `type odd struct{ n int }
func (o odd) Error() string { return "odd" }
func (o *odd) touch() { o.n++ }
func each[T any](all []T, f func(T)) { for _, v := range all { f(v) } }
func (o odd) deep(n int) { if n == 0 { panic(o) }; defer o.deep(n - 1) }
func down(n int) int { return 1 + down(n + 1) }
func main() {
	log.SetFlags(log.Llongfile)
	log.Print("here")
	pc, file, line, _ := runtime.Caller(0)
	fmt.Println(runtime.FuncForPC(pc).Name(), file, line)
	switch os.Args[len(os.Args)-1] {
	case "panics": panic(odd{7})
	case "defers": odd{8}.deep(2)
	case "nil": var o *odd; o.touch()
	case "generic": each([]odd{{1}}, func(o odd) { _ = os.Args[o.n+99] })
	case "elsewhere": done := make(chan bool); go func() { odd{9}.deep(1) }(); <-done
	case "hangs": <-make(chan bool)
	case "overflows": down(0)
	case "quits": runtime.Goexit()
	}
	var all []any = []any{odd{1}}
	_ = all[0].(fmt.Stringer)
}`
)

func TestTogetherIsAsApart(t *testing.T) {
	for _, level := range sandbox.Levels {
		t.Run(level.String(), func(t *testing.T) {
			tools := newTools(t, level)
			programs := map[string]source.Files{
				"first":   {"main.go": text("errors fmt os", first), "entry.go": []byte("package main\n")},
				"second":  {"main.go": text("fmt os", second), "p0.go": []byte("package main\n\ntype p0 int\n")},
				"crashes": {"other.go": text("fmt log os runtime", crashes)},
			}
			b := newBatch(t, tools, programs)
			dir := t.TempDir()
			for name, files := range programs {
				if err := b.Apart(t.Context(), name); err != nil {
					t.Errorf("%s is linked by itself: %v", name, err)
				}
				together, apart := filepath.Join(dir, name), filepath.Join(dir, name+"-apart")
				if took, err := b.Build(t.Context(), name, together); err != nil || took <= 0 {
					t.Fatalf("%s: %v (%v)", name, err, took)
				}
				if err := tools.Build(t.Context(), files, apart); err != nil {
					t.Fatal(err)
				}
				ways := []string{"second", "1", "panics", "defers", "nil", "generic", "elsewhere", "hangs", "quits"}
				if level == sandbox.Plain {
					ways = append(ways, "overflows") // which takes a second
				}
				for _, arg := range ways {
					want := run(t, apart, []string{"CHOICE=1"}, "first", arg)
					if diff := cmp.Diff(want, run(t, together, []string{"CHOICE=1"}, "first", arg)); diff != "" || want.Out+want.Err == "" {
						t.Errorf("%s %s (-apart +together):\n%s", name, arg, diff)
					}
				}
			}
		})
	}
}

// What is wrong with one program costs the others nothing, and is said as go
// says it.
func TestTogetherWithBroken(t *testing.T) {
	tools := newTools(t, sandbox.Plain)
	broken := map[string]source.Files{
		"typeerror": {"main.go": text("fmt", "func main() {\n\tvar x int = \"a\"\n}")},
		"syntax":    {"main.go": text("", "func main() {")},
		"nomain":    {"main.go": text("", "func Main() {}")},
		"mainvar":   {"main.go": text("", "var main = func() {}")},
		"mainargs":  {"main.go": text("", "func main(args []string) {}")},
		"nosuch":    {"main.go": text("nett", "func main() {}")},
		"testing":   {"main.go": text("", "func main() {}"), "a_test.go": text("", "")},
	}
	programs := map[string]source.Files{
		"first":  {"main.go": text("errors fmt os", first)},
		"second": {"main.go": text("fmt os", second)},
	}
	for name, files := range broken {
		programs[name] = files
	}
	b := newBatch(t, tools, programs)
	dir := t.TempDir()
	for name := range programs {
		_, together := b.Build(t.Context(), name, filepath.Join(dir, name))
		if broken[name] == nil {
			if err := errors.Join(together, b.Apart(t.Context(), name)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		apart := tools.Build(t.Context(), programs[name], filepath.Join(dir, name+"-apart"))
		if diff := cmp.Diff(messagesOf(apart), messagesOf(together)); diff != "" {
			t.Errorf("%s (-apart +together):\n%s", name, diff)
		}
		if b.Apart(t.Context(), name) == nil {
			t.Errorf("%s is linked with others", name)
		}
	}
	if got := run(t, filepath.Join(dir, "first"), nil); got.Code != 3 || !strings.HasPrefix(got.Out, "first ") {
		t.Errorf("the first ran as %+v", got)
	}
}

// messagesOf is what a build says of a program.
func messagesOf(err error) []string {
	var theirs *Error
	if !errors.As(err, &theirs) {
		return []string{fmt.Sprintf("%v", err)}
	}
	var all []string
	for _, m := range theirs.Messages {
		all = append(all, m.String())
	}
	return all
}

// What a program does before its func main touches no other.
func TestTogetherWithInit(t *testing.T) {
	tools := newTools(t, sandbox.Strong)
	wild := map[string]source.Files{
		"prints":  {"main.go": text("fmt", "func init() { fmt.Println(\"init\") }\nfunc main() {}")},
		"exits":   {"main.go": text("os", "var _ = leave()\nfunc leave() int { os.Exit(4); return 0 }\nfunc main() {}")},
		"stringy": {"main.go": text("fmt os", "type s int\nfunc (s) String() string { os.Exit(5); return \"\" }\nconst c s = 1\nvar e = fmt.Errorf(\"%v\", c)\nfunc main() { println(e) }")},
	}
	programs := map[string]source.Files{
		"first":  {"main.go": text("errors fmt os", first)},
		"second": {"main.go": text("fmt os", second)},
	}
	want := map[string]ran{"prints": {Out: "init\n"}, "exits": {Code: 4}, "stringy": {Code: 5}}
	for name, files := range wild {
		programs[name] = files
	}
	b := newBatch(t, tools, programs)
	dir := t.TempDir()
	for name := range programs {
		if _, err := b.Build(t.Context(), name, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		got := run(t, filepath.Join(dir, name), nil)
		if err := b.Apart(t.Context(), name); (err != nil) != (wild[name] != nil) {
			t.Errorf("%s is linked by itself: %v", name, err)
		}
		if wild[name] != nil && got != want[name] {
			t.Errorf("%s ran as %+v; want %+v", name, got, want[name])
		}
		if wild[name] == nil && !strings.HasPrefix(got.Out, name+" ") {
			t.Errorf("%s ran as %+v", name, got)
		}
	}
}

// Most solutions are linked together, and what they share is removed.
func TestSolutionsTogether(t *testing.T) {
	tools := newTools(t, sandbox.Plain)
	b := tools.Together(solutions(t))
	together := 0
	for name := range b.programs {
		if err := b.Apart(t.Context(), name); err != nil {
			t.Logf("%s is linked by itself: %v", name, err)
			continue
		}
		together++
	}
	if together*2 < len(b.programs) {
		t.Errorf("%d of %d solutions are linked together; want most", together, len(b.programs))
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(b.dir); b.dir == "" || err == nil {
		t.Errorf("%q is still there", b.dir)
	}
}

// solutions are those of all lessons.
func solutions(t testing.TB) map[string]source.Files {
	book, err := workbook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	programs := make(map[string]source.Files)
	for _, l := range lessons {
		if len(l.Solution) == 0 {
			t.Skip("a student's copy has no solutions")
		}
		programs[l.Name] = l.Solution
	}
	return programs
}
