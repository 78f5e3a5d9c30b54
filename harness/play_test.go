package harness_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"wirebook/harness"
)

// Each script is played with a demo; a failure's message must hold the text.
var plays = []struct {
	name, script string
	status       harness.Status
	text         string // of the failure's message, or of the error
}{
	{"lines in pieces", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n' -split each\nscreen lines 'hello\\n'\n", harness.Pass, ""},
	{"one Read for one message", "start naive -listen :0\ndial ann $naive\nsend ann 'hello\\n' -split each\nscreen naive 'hello\\n'\n", harness.Fail, "one Read returns what has arrived"},
	{"glued lines", "start lines -listen :0\ndial ann $lines\nsend ann 'a\\nb\\nc'\nshut ann\nscreen lines 'a\\nb\\nc\\n'\n", harness.Pass, ""},
	{"quiet holds", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n'\nquiet ann\nscreen lines 'hello\\n'\n", harness.Pass, ""},
	{"an echo is not quiet", "start echo -listen :0\ndial ann $echo\nsend ann 'hello\\n'\nquiet ann\n", harness.Fail, `ann received "hello\n"`},
	{"an end is not quiet", "start rude -listen :0\ndial ann $rude\nquiet\n", harness.Fail, "rude reset the connection (ann)"},
	{"many are told as a few", "start rude -listen :0\ndial a $rude\ndial b $rude\ndial c $rude\ndial d $rude\ndial e $rude\nquiet\n", harness.Fail, "(c), and 2 more like it"},
	{"every byte counts", "start echo -listen :0\ndial ann $echo\nsend ann 'hello\\n'\nscreen echo 'hello\\n'\n", harness.Fail, "no step expected: ann received"},
	{"nothing comes", "start mute -listen :0\ndial ann $mute\nsend ann 'hello\\n'\nexpect ann 'hello\\n'\n", harness.Fail, "nothing came, it was at rest for 2s"},
	{"nothing is read", "start deaf -listen :0\ndial ann $deaf\nsend ann 'hello\\n' -split each\n", harness.Fail, "1 bytes lie unread"},
	{"a reset for an end", "start rude -listen :0\ndial ann $rude\neof ann\n", harness.Fail, "reset the connection"},
	{"a reset may be allowed", "start rude -listen :0\ndial ann $rude\neof ann -or-reset\n", harness.Pass, ""},
	{"a crash", "start crash -listen :0\n", harness.Fail, `"panic: boom"`},
	{"an unseen crash", "start exit 3\n", harness.Fail, "ended with exit status 3, although no step asked it to end"},
	{"the wrong exit", "start exit 3\nexits exit 1|2\n", harness.Fail, "should end with exit status 1 or 2, but ended with exit status 3"},
	{"one of two exits", "start exit 2\nexits exit 1|2\n", harness.Pass, ""},
	{"no end", "start hang\nscreen hang 'ready\\n'\nsignal hang TERM\nexits hang\n", harness.Fail, "hang should end; it was at rest"},
	{"work without end", "start busy\nscreen busy 'x'\n", harness.Fail, "as a loop without end does"},
	{"a program that polls can be quiet", "start polling\nquiet\n", harness.Pass, ""},
	{"programs that log can be quiet", "start -as a logging\nstart -as b logging\nstart -as c logging\nstart -as d logging\nquiet\n", harness.Pass, ""},
	{"a program that polls is not quiet before it has", "start peeks\ntype peeks 'a\\n'\nquiet peeks\n", harness.Fail, `peeks printed "a\n"`},
	{"slow reading is no loop without end", "start slow -listen :0\ndial ann $slow\nsend ann 'x' -times 6000\ndrained ann\n", harness.Pass, ""},
	{"a flood", "start flood\nscreen flood 'x'\n", harness.Fail, "something else came"},
	{"a flood where nothing should come", "start flood\nquiet flood\n", harness.Fail, "printed more than 8 MiB"},
	{"a flood nobody looks at", "start flood\nexits flood\n", harness.Fail, "printed more than 8 MiB"},
	{"too much memory", "limit memory 64M\nrun hoard\n", harness.Fail, "should end with exit status 0, but ended with exit status 2"},
	{"enough memory", "limit memory 2G\nrun hoard\nscreen program 'hoarded\\n'\n", harness.Pass, ""},
	{"standard input", "start cat\ntype cat '\\u4f60\\xff\\n'\nscreen cat '你\\xff\\n'\nend cat\nexits cat\n", harness.Pass, ""},
	{"run with input", "run -in 'a b' cat\nscreen program 'a b'\n", harness.Pass, ""},
	{"a complaint", "run -exit 2 complain\ncomplains program address\nhides program secret\n", harness.Pass, ""},
	{"a missing complaint", "run -exit 2 complain\ncomplains program port\n", harness.Fail, `"port" is missing`},
	{"a secret shown", "run -exit 2 complain\nhides program address\n", harness.Fail, "should never show"},
	{"a client", "listen srv\nstart dial $srv\naccept srv\nsend srv 'hi\\n'\nscreen dial 'hi\\n'\nclose srv\nexits dial\n", harness.Pass, ""},
	{"a client that never comes", "listen srv\nstart hang\naccept srv\n", harness.Fail, "hang should connect to srv"},
	{"a client that ended", "listen srv\nstart exit 1\naccept srv\n", harness.Fail, "ended with exit status 1 before it connected"},
	{"descriptors come back", "[linux] start mute -listen :0\n[linux] descriptors mute\n[linux] dial ann $mute\n[linux] close ann\n[linux] descriptors mute\n", harness.Pass, ""},
	{"descriptors leak", "[!linux] skip 'x'\nstart leaky -listen :0\ndescriptors leaky\ndial ann $leaky\nsend ann 'x'\ndrained ann\nclose ann\ndescriptors leaky\n", harness.Fail, "should have closed what it opened"},
	{"a file", "write f 'ab\\n' -times 2\nfile f -is 'ab\\nab\\n' -size 6 -mode 0600\nfolder . f\nfile g -absent\n", harness.Pass, ""},
	{"a wrong file", "write f 'ab'\nfile f -is 'ac'\n", harness.Fail, "holds something else"},
	{"a missing file", "run cat\nfile f\n", harness.Fail, "should be there"},
	{"a skip", "skip 'not here'\n", harness.Skip, "not here"},
	{"a name that nothing has", "send ann 'x'\n", harness.Error, `no connection named "ann"`},
	{"a variable that nothing set", "dial ann $server\n", harness.Error, "$server has no value yet"},
	{"a reference that is not here", "reference server\n", harness.Error, "the solutions are not here"},
}

func TestPlay(t *testing.T) {
	player := demoPlayer(t)
	for _, test := range plays {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := player.Play(context.Background(), scenario(t, test.script))
			message := ""
			switch {
			case r.Failure != nil:
				message = r.Failure.Message
			case r.Err != nil:
				message = r.Err.Error()
			}
			if r.Status != test.status || !strings.Contains(message, test.text) {
				t.Errorf("%v %q, want %v %q", r.Status, message, test.status, test.text)
			}
		})
	}
}

// After a play nothing of it is left, however it ended.
func TestNothingIsLeft(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	player := demoPlayer(t)
	before := runtime.NumGoroutine()
	var all sync.WaitGroup
	for _, test := range plays {
		s := scenario(t, test.script)
		all.Go(func() { player.Play(context.Background(), s) })
	}
	all.Wait()
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if r := player.Play(cancelled, scenario(t, "start hang\nexits hang\n")); r.Status != harness.Error {
		t.Errorf("a cancelled play is %v, want %v", r.Status, harness.Error)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("files are left: %q", left)
	}
	// One goroutine of the process package starts programs, and stays.
	if after := runtime.NumGoroutine(); after > before+1 {
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines before, %d after:\n%s", before, after, stacks[:runtime.Stack(stacks, true)])
	}
}

// The page of a failure is the same at every play.
func TestFailurePage(t *testing.T) {
	s := scenario(t, "# The server prints what Ann says.\nstart naive -listen :0\ndial ann $naive\nsend ann 'hello\\n' -split 3\nscreen naive 'hello\\n'\n-- hint.md --\nA Read returns what has arrived.\n---\nbufio\n")
	player := demoPlayer(t)
	var first string
	for range 10 {
		var page bytes.Buffer
		if err := harness.WritePage(&page, harness.PageOf(player.Play(context.Background(), s), "go test ./exercises/demo -run /demo")); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = page.String()
		}
		if page.String() != first {
			t.Fatalf("two plays gave two pages:\n%s\n%s", first, &page)
		}
	}
	golden := filepath.Join("testdata", "failure.golden")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		os.MkdirAll("testdata", 0o777)
		if err := os.WriteFile(golden, []byte(first), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if first != string(want) {
		t.Errorf("the page is\n%s\nwant\n%s\nset UPDATE_GOLDEN=1 to take it over", first, want)
	}
}
