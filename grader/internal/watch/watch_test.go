package watch

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/command"
)

const (
	mainFile = "package main\n\nfunc main() { greet() }\n"
	stubFile = "package main\n\nfunc greet() { println(\"greet is not written yet\") }\n"
)

// says is a program that says something.
func says(word string) string {
	return fmt.Sprintf("package main\n\nimport \"fmt\"\n\nfunc greet() { fmt.Println(%q) }\n", word)
}

// tree writes a workbook of the lessons greet and wave, and returns its folder.
func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "go.mod", "module wirebook\n")
	put(t, dir, "exercises/README.md", "| [greet](greet/README.md) | A greeting | `net` |\n| [wave](wave/README.md) | A wave | none |\n")
	for _, lesson := range []string{"greet", "wave"} {
		put(t, dir, "exercises/"+lesson+"/README.md", "`hello`, then `ending`")
		put(t, dir, "exercises/"+lesson+"/main.go", mainFile)
		put(t, dir, "exercises/"+lesson+"/greet.go", stubFile)
		put(t, dir, "exercises/"+lesson+"/testdata/given/given.txtar", "-- main.go --\n"+mainFile+"-- greet.go --\n"+stubFile)
		put(t, dir, "exercises/"+lesson+"/testdata/hello.txtar", "# It says hello. (2 points)\nrun\nscreen program 'hello\\n'\n")
		put(t, dir, "exercises/"+lesson+"/testdata/ending.txtar", "# It ends well. (1 point)\nrun\nscreen program -match '.*\\n'\n")
	}
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// A tape is a writer on which one waits for words.
type tape struct {
	mu   sync.Mutex
	text strings.Builder
	more chan struct{}
}

func (p *tape) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case p.more <- struct{}{}:
	default:
	}
	return p.text.Write(b)
}

func (p *tape) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

// behind waits for words behind what was there before, and returns all that is there.
func (p *tape) behind(t *testing.T, before string, words ...string) string {
	t.Helper()
	for {
		text := p.String()
		rest, found := strings.TrimPrefix(text, before), true
		for _, w := range words {
			_, after, ok := strings.Cut(rest, w)
			rest, found = after, found && ok
		}
		if found {
			return text
		}
		select {
		case <-p.more:
		case <-t.Context().Done():
			t.Fatalf("%q did not come:\n%s", words, text)
		}
	}
}

// watching watches a tree in lines, until the test ends or stop is called.
func watching(t *testing.T, o Options) (p *tape, stop func()) {
	t.Helper()
	return typing(t, o, nil)
}

// typing does so with what is typed.
func typing(t *testing.T, o Options, in io.Reader) (p *tape, stop func()) {
	t.Helper()
	students, err := build.Find(t.Context(), build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o.Students, o.Ours, o.Jobs = students, students, 4
	ctx, cancel := context.WithCancel(t.Context())
	p = &tape{more: make(chan struct{}, 1)}
	ended := make(chan error, 1)
	go func() { ended <- Lines(ctx, o, in, p) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return p, stop
}

// Each save of a program or of a scenario is played, whatever tells of it, and what is
// printed is the same each time.
func TestSaves(t *testing.T) {
	for _, poll := range []bool{false, true} {
		t.Run(fmt.Sprintf("polling %v", poll), func(t *testing.T) {
			dir := tree(t)
			p, _ := watching(t, Options{Dir: dir, Lesson: "greet", Fixed: true, Poll: poll})
			seen := p.behind(t, "", "== greet\nNothing is written here yet: A greeting\n", "read   exercises/greet/README.md\nwrite  exercises/greet/greet.go\n", "Save, and it is played.\n")
			if poll != strings.Contains(seen, "files are polled") {
				t.Errorf("polling is told: %s", seen)
			}
			put(t, dir, "exercises/greet/greet.go", says("hallo"))
			seen = p.behind(t, seen, "== greet\nfail   hello", "pass   ending: It ends well.\n", "hello: It says hello. (0 of 2)\n",
				`want  "hello\n"`, "Play it again:  go test ./exercises/greet -run /hello\n", "greet: 1 of 3 points\nNext: hello, 1 of 2 scenarios pass.\n")
			put(t, dir, "exercises/greet/greet.go", "package main\n\nfunc greet() { x }\n")
			seen = p.behind(t, seen, "== greet\nexercises/greet/greet.go:3:16: undefined: x\n")
			put(t, dir, "exercises/greet/greet.go", says("hello"))
			seen = p.behind(t, seen, "== greet\npass   hello: It says hello.\npass   ending: It ends well.\n\ngreet: 3 of 3 points (+2)\nWell done: all 2 of greet pass. Next: exercises/wave\n")
			if !strings.Contains(seen, "undefined: x\n\n== greet\n") {
				t.Errorf("more is shown than what the compiler says:\n%s", seen)
			}
			put(t, dir, "exercises/greet/testdata/hello.txtar", "# It says hullo. (4 points)\nrun\nscreen program 'hullo\\n'\n")
			seen = p.behind(t, seen, "hello: It says hullo. (0 of 4)\n", "greet: 1 of 5 points (-2)\n")
			put(t, dir, "exercises/greet/testdata/hello.txtar", "no scenario\n")
			seen = p.behind(t, seen, "== greet\n", "hello.txtar:1: ")
			put(t, dir, "exercises/greet/greet.go", strings.Replace(says("hello"), `"fmt"`, "\"fmt\"\n\t_ \"net\"", 1))
			put(t, dir, "exercises/greet/testdata/hello.txtar", "# It says hello. (2 points)\nrun\nscreen program 'hello\\n'\n")
			put(t, dir, "exercises/greet/greet.go", "package main\n\nimport _ \"net\"\n\nfunc greet() {}\n")
			p.behind(t, seen, "This would be refused when your work is graded:\n", `exercises/greet/greet.go:3: the import "net" is forbidden`)
		})
	}
}

// Without a lesson, it is that of the file that was saved last.
func TestFollowsTheLesson(t *testing.T) {
	dir := tree(t)
	p, _ := watching(t, Options{Dir: dir, Lesson: "greet"})
	seen := p.behind(t, "", "== greet\n", "Save, and it is played.\n")
	put(t, dir, "exercises/wave/greet.go", says("hello"))
	seen = p.behind(t, seen, "== wave\n", "wave: 3 of 3 points\n")
	put(t, dir, "exercises/greet/greet.go", says("hello"))
	p.behind(t, seen, "== greet\n", "greet: 3 of 3 points\n")
}

// What is typed is obeyed, in lines as on a terminal; what comes too late for somebody
// who has gone on is not shown.
func TestTyped(t *testing.T) {
	dir := tree(t)
	put(t, dir, "exercises/greet/greet.go", says("hallo"))
	put(t, dir, "exercises/greet/testdata/ending.txtar", "# It ends well. (1 point)\nrun\n# It says bye.\nscreen program 'bye\\n'\n-- hint.md --\n# It says bye.\nFirst.\n---\nSecond.\n")
	in, typed := io.Pipe()
	defer typed.Close()
	p, _ := typing(t, Options{
		Dir: dir, Lesson: "greet", Fixed: true, Manual: true,
		List: func(ctx context.Context, play bool) []string {
			if play {
				return []string{"all are played"}
			}
			<-ctx.Done()
			return []string{"too late"}
		},
		Replay: func(_ context.Context, lesson, scenario string) []string { return []string{lesson + " " + scenario} },
	}, in)
	seen := p.behind(t, "", "Keys, each with Enter behind it: n next failure", "== greet\n", "hello: It says hello. (0 of 2)\n", "Next: hello, 0 of 2 scenarios pass.\n")
	for _, test := range []struct{ key, want string }{
		{"h", "hello has no hints.\n"},
		{"n", "\nending: It ends well. (0 of 1)\n"},
		{"h", "First.\n\n  Second.\n"},
		{"h", "That was the last hint to what is shown.\n"},
		{"r", "replaying ending …\ngreet ending\n"},
		{"l", "the lessons …\n"},
		{"a", "playing all lessons …\nall are played\n"},
		{"", "== greet\nfail   hello"},
	} {
		if _, err := io.WriteString(typed, test.key+"\n"); err != nil {
			t.Fatal(err)
		}
		seen = p.behind(t, seen, test.want)
	}
	if strings.Contains(seen, "too late") {
		t.Errorf("a list that nobody waited for is shown:\n%s", seen)
	}
}

// A program of any kind is played when a file changes that its command names.
func TestCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is a script of a shell")
	}
	dir, other := tree(t), t.TempDir()
	put(t, other, "greet.sh", "echo hallo\n")
	c, err := command.Find([]string{"sh", filepath.Join(other, "greet.sh")})
	if err != nil {
		t.Fatal(err)
	}
	p, _ := watching(t, Options{Dir: dir, Lesson: "greet", Fixed: true, Command: c})
	seen := p.behind(t, "", "== greet\n", "Play it again:  go run ./grader check greet --scenario hello -- sh "+filepath.Join(other, "greet.sh")+"\n", "greet: 1 of 3 points\n")
	put(t, other, "greet.sh", "echo hello\n")
	p.behind(t, seen, "greet: 3 of 3 points (+2)\n")
}

// After two hundred saves in quick succession, twenty of them of half a file, the last
// verdict is that of the last save, and nothing is left behind.
func TestManySaves(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	dir := tree(t)
	p, stop := watching(t, Options{Dir: dir, Lesson: "greet", Fixed: true})
	p.behind(t, "", "Save, and it is played.\n")
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range 199 {
		text := says(fmt.Sprintf("hello number %d", i))
		if i%10 == 5 {
			text = text[:len(text)/2]
		}
		put(t, dir, "exercises/greet/greet.go", text)
		// Some saves come at once, others while the round before is built or played.
		time.Sleep(time.Duration(chance.IntN(20)) * time.Millisecond)
	}
	before := p.String()
	put(t, dir, "exercises/greet/greet.go", says("hello"))
	text := p.behind(t, before, "greet: 3 of 3 points")
	if i := strings.LastIndex(text, "== greet"); !strings.Contains(text[i:], "pass   hello: It says hello.\npass   ending: It ends well.\n") {
		t.Errorf("the last round is\n%s", text[i:])
	}
	stop()
	if left, err := filepath.Glob(filepath.Join(temporary, "wirebook-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
	if children, err := filepath.Glob("/proc/self/task/*/children"); err == nil {
		for _, file := range children {
			if text, err := os.ReadFile(file); err == nil && len(strings.TrimSpace(string(text))) > 0 {
				t.Errorf("%s: processes %s are left", file, text)
			}
		}
	}
}
