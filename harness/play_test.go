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

// A played is a script that is played with a demo, and how it ends. Of a failure's
// message, or of an error, text must be a part.
type played struct {
	name, script string
	status       harness.Status
	text         string
}

// allPlays are the tables of all kinds.
var allPlays = map[string][]played{
	"console": consolePlays,
	"read":    readPlays,
	"program": programPlays,
	"stream":  streamPlays,
	"path":    pathPlays,
	"lock":    lockPlays,
	"udp":     udpPlays,
	"dns":     dnsPlays,
	"cable":   cablePlays,
	"files":   filePlays,
	"silence": silencePlays,
	"mistake": mistakePlays,
	"family":  familyPlays,
	"sheet":   sheetPlays,
}

func TestPlay(t *testing.T) {
	// Each play has a player of its own: one whose programs have hung allows those that
	// follow less.
	slots := harness.NewSlots(harness.PlaysPerProcessor * runtime.GOMAXPROCS(0))
	anew := func() *harness.Player {
		player := demoPlayer(t)
		player.Slots = slots
		return player
	}
	var seen language
	all := 0
	for kind, plays := range allPlays {
		testPlays(t, anew, kind, plays, seen.add)
		all += len(plays)
	}
	t.Cleanup(func() {
		if seen.plays == all { // and -run has left out none
			seen.check(t)
		}
	})
}

// testPlays plays a table, all at once, as many as the player has room for.
func testPlays(t *testing.T, player func() *harness.Player, kind string, plays []played, seen func(harness.Result)) {
	for _, test := range plays {
		t.Run(kind+"/"+test.name, func(t *testing.T) {
			s := scenario(t, test.script)
			ended := make(chan harness.Result, 1)
			go func() { ended <- player().Play(context.Background(), s) }()
			t.Parallel() // until here, all tests of the table come by
			r := <-ended
			test.check(t, r)
			seen(r)
		})
	}
}

func (test *played) check(t *testing.T, r harness.Result) {
	t.Helper()
	if message := messageOf(r); r.Status != test.status || !strings.Contains(message, test.text) {
		t.Errorf("%v %q, want %v %q", r.Status, message, test.status, test.text)
	}
}

// messageOf is what a result says of itself.
func messageOf(r harness.Result) string {
	switch {
	case r.Failure != nil:
		return r.Failure.Message
	case r.Err != nil:
		return r.Err.Error()
	}
	return ""
}

// After a play nothing of it is left, however it ended.
func TestNothingIsLeft(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	player := demoPlayer(t)
	before := runtime.NumGoroutine()
	var all sync.WaitGroup
	for _, plays := range allPlays {
		for _, test := range plays {
			s := scenario(t, test.script)
			all.Go(func() { player.Play(context.Background(), s) })
		}
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
