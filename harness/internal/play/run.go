package play

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"wirebook/harness/internal/scratch"
)

// scriptFile is the name of every script, so that the folder which testscript makes
// for it has one name, too.
const (
	scriptFile   = "play.txtar"
	scriptFolder = "script-play"
)

// run lets testscript run the script. It is handed the numbers of the lines alone,
//
//	step 3
//	[linux] step 4
//	end
//
// since package script has read them, and no command of its own is left in them: it
// evaluates the conditions, makes the folder, and calls the steps in turn.
func (p *Play) run() error {
	folder, err := scratch.Take()
	if err != nil {
		return err
	}
	dir := filepath.Join(folder.Path, scriptFolder, programDir)
	defer folder.GiveBack(dir)
	file := filepath.Join(folder.Path, scriptFile)
	if err := os.WriteFile(file, p.numbered(), 0o600); err != nil {
		return err
	}
	closeOnce := sync.OnceValue(p.close)
	t := &runner{}
	t.run(func() {
		testscript.RunT(t, testscript.Params{
			Files:       []string{file},
			WorkdirRoot: folder.Path,
			Setup: func(env *testscript.Env) error {
				env.Defer(func() { p.ends(closeOnce()) })
				return p.ends(p.open(dir))
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"step": func(ts *testscript.TestScript, _ bool, args []string) { p.playLine(ts, args[0]) },
				"end":  func(ts *testscript.TestScript, _ bool, _ []string) { p.stop(ts, p.theEnd()) },
			},
		})
	})
	p.ends(closeOnce())
	if p.err == nil && t.failed {
		return fmt.Errorf("%s: %s", p.script.File, strings.TrimSpace(t.log.String()))
	}
	return p.err
}

// numbered is what testscript runs.
func (p *Play) numbered() []byte {
	var b strings.Builder
	for i, l := range p.script.Lines {
		for _, condition := range l.Conditions {
			b.WriteString(condition + " ")
		}
		b.WriteString("step " + strconv.Itoa(i) + "\n")
	}
	b.WriteString("end\n")
	return []byte(b.String())
}

// playLine plays the line with an index.
func (p *Play) playLine(ts *testscript.TestScript, index string) {
	i, err := strconv.Atoi(index)
	if err == nil {
		err = p.step(p.script.Lines[i])
	}
	p.stop(ts, err)
}

// stop ends the script where there is an error.
func (p *Play) stop(ts *testscript.TestScript, err error) {
	if p.ends(err) != nil {
		ts.Fatalf("%v", err)
	}
}

// ends makes err what ended the play, if nothing else did before.
func (p *Play) ends(err error) error {
	if err != nil && p.err == nil {
		p.err = err
	}
	return err
}

// A runner lets testscript run one script outside of `go test`. testscript relies
// on FailNow, Skip and Fatal not returning, so each script has a goroutine that they
// can end.
type runner struct {
	log    strings.Builder
	failed bool
}

// run calls f in a goroutine of its own and waits for it.
func (t *runner) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				t.failed = true
				t.Log(fmt.Sprintf("panic: %v\n%s", r, debug.Stack()))
			}
		}()
		f()
	}()
	<-done
}

func (t *runner) Run(_ string, f func(testscript.T)) { t.run(func() { f(t) }) }
func (t *runner) Parallel()                          {}
func (t *runner) Verbose() bool                      { return false }
func (t *runner) Log(args ...any)                    { fmt.Fprintln(&t.log, args...) }
func (t *runner) FailNow()                           { t.failed = true; runtime.Goexit() }
func (t *runner) Fatal(args ...any)                  { t.Log(args...); t.FailNow() }
func (t *runner) Skip(args ...any)                   { t.Fatal(args...) } // no script skips
