package harness_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// A witness keeps what an observer is told: by direction, as in "ann>echo", all
// bytes, and what else happened.
type witness struct {
	mu     sync.Mutex
	bytes  map[string][]byte
	others []string
	ends   map[string]string // by direction, the addresses
	steps  []int
}

func (w *witness) see(_ *harness.Scenario, e harness.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	way := e.From + ">" + e.To
	w.steps = append(w.steps, e.Step)
	switch e.Kind {
	case harness.Begins, harness.Takes, harness.Owns:
		return
	case telling.Bytes, telling.Datagram, telling.Frame:
		w.bytes[way] = append(w.bytes[way], e.Data...)
	default:
		w.others = append(w.others, way+" "+string(e.Kind))
	}
	if e.FromAddr.IsValid() || e.ToAddr.IsValid() {
		w.ends[way] = fmt.Sprintf("%v>%v", e.FromAddr, e.ToAddr)
	}
}

func watch(t *testing.T, script string) *witness {
	t.Helper()
	w := &witness{bytes: make(map[string][]byte), ends: make(map[string]string)}
	player := demoPlayer(t)
	player.Observe = w.see
	if r := player.Play(t.Context(), scenario(t, script)); r.Status != harness.Pass {
		t.Fatalf("%v %s", r.Status, messageOf(r))
	}
	return w
}

func (w *witness) check(t *testing.T, want map[string]string) {
	t.Helper()
	got := make(map[string]string)
	for way, data := range w.bytes {
		got[way] = string(data)
	}
	if !maps.Equal(got, want) {
		t.Errorf("%q went between them, want %q", got, want)
	}
}

// Every byte that goes between peers and programs is observed.
func TestObserveBytes(t *testing.T) {
	t.Parallel()
	w := watch(t, `
		start echo -listen :0
		dial ann $echo
		send ann 'hello\n' -split each
		expect ann 'hello\n'
		screen echo 'hello\n'
		send ann 'ab\n' -times 2
		expect ann 'ab\nab\n'
		screen echo 'ab\nab\n'
		shut ann
		eof ann`)
	screen, found := bytes.CutPrefix(w.bytes["echo>screen"], []byte("listening on "))
	address, screen, _ := bytes.Cut(screen, []byte("\n"))
	if !found {
		t.Errorf("no line says where echo listens")
	}
	w.bytes["echo>screen"] = screen
	w.check(t, map[string]string{"ann>echo": "hello\nab\nab\n", "echo>ann": "hello\nab\nab\n", "echo>screen": "hello\nab\nab\n"})
	if !strings.HasSuffix(w.ends["ann>echo"], ">"+string(address)) {
		t.Errorf("ann's bytes went %s, want that they go from an address to %s", w.ends["ann>echo"], address)
	}
	w.checkBack(t, "ann>echo", "echo>ann")
	want := []string{">echo starts", "ann>echo connects", "ann>echo halfCloses", "echo>ann halfCloses"}
	if slices.Sort(w.others); !slices.Equal(w.others, want) {
		t.Errorf("observed %q, want %q", w.others, want)
	}
	if slices.Min(w.steps) != 1 || slices.Max(w.steps) < 9 {
		t.Errorf("it was observed at the steps %v", w.steps)
	}
}

// What is sent in large blocks is observed whole.
func TestObserveMuch(t *testing.T) {
	t.Parallel()
	w := watch(t, "start witness -listen :0\ndial ann $witness\nsend ann 'abc' -times 1000001\nshut ann\nscreen witness 'end after 3000003\\n'\nexpect ann 'bye\\n'\neof ann")
	if got := w.bytes["ann>witness"]; !bytes.Equal(got, bytes.Repeat([]byte("abc"), 1000001)) {
		t.Errorf("%d bytes of what was sent are observed, want all 3000003", len(got))
	}
}

// The keyboard, the screen and standard error are observed.
func TestObserveConsole(t *testing.T) {
	t.Parallel()
	w := watch(t, "start cat\ntype cat 'ab' -split 1\nscreen cat 'ab'\nend cat\nexits cat\nrun -exit 2 -in x complain\ncomplains program")
	w.check(t, map[string]string{"keyboard>cat": "ab", "cat>screen": "ab", "keyboard>program": "x", "program>stderr": "complain: no address given\n"})
	if !slices.Contains(w.others, "keyboard>cat endInput") {
		t.Errorf("the end of the keyboard is not observed: %q", w.others)
	}
}

// Every datagram is observed, with where it came from and where it went.
func TestObserveDatagrams(t *testing.T) {
	t.Parallel()
	w := watch(t, "start answers -listen :0\nsocket ann\nsendto ann $answers 'a'\nrecvfrom ann '<a>'\nsendto ann $answers 'b'\nrecvfrom ann '<b>'\nscreen answers 'a\\nb\\n'")
	delete(w.bytes, "answers>screen")
	w.check(t, map[string]string{"ann>answers": "ab", ">ann": "<a><b>"})
	w.checkBack(t, "ann>answers", ">ann")
}

// So is every frame, as it was on the cable.
func TestObserveFrames(t *testing.T) {
	t.Parallel()
	w := watch(t, plugged("mirror", "frame lan send raw data=hello\nframe lan expect raw data=hello"))
	if sent := w.bytes["lan>mirror"]; len(sent) < 14+5 || !bytes.Equal(sent, w.bytes[">lan"]) {
		t.Errorf("%x was sent, and %x came back", sent, w.bytes[">lan"])
	}
	w.checkBack(t, "lan>mirror", ">lan")
}

// checkBack checks that what went one way came back between the same addresses.
func (w *witness) checkBack(t *testing.T, there, back string) {
	t.Helper()
	from, to, _ := strings.Cut(w.ends[there], ">")
	if w.ends[back] != to+">"+from || from == to {
		t.Errorf("%s went %s, and %s %s", there, w.ends[there], back, w.ends[back])
	}
}

// seen plays a script and returns what was observed of these kinds, a line each.
func seen(t *testing.T, script string, ends harness.Status, kinds ...telling.Kind) []string {
	t.Helper()
	var mu sync.Mutex
	var all []string
	player := demoPlayer(t)
	player.Observe = func(_ *harness.Scenario, e harness.Event) {
		mu.Lock()
		defer mu.Unlock()
		if slices.Contains(kinds, e.Kind) {
			all = append(all, fmt.Sprintf("%s>%s %s %s%d", e.From, e.To, e.Kind, e.Data, e.Len))
		}
	}
	if r := player.Play(t.Context(), scenario(t, script)); r.Status != ends {
		t.Fatalf("%v %s", r.Status, messageOf(r))
	}
	return all
}

// What a relay hands on is observed beside what came to it: one datagram is lost and one
// is doubled.
func TestObserveRelay(t *testing.T) {
	t.Parallel()
	got := seen(t, "socket bob\nrelay between $bob drop 1 dup 2\nstart answers -listen :0\nsocket ann\nsendto ann $between 'a'\nsendto ann $between 'b'\nrecvfrom bob 'b'\nrecvfrom bob 'b'\nsendto bob $bob_from 'c'\nrecvfrom ann 'c'", harness.Pass, telling.Datagram)
	slices.Sort(got)
	want := []string{">ann datagram c0", ">between datagram a0", ">between datagram b0", ">between datagram c0", ">bob datagram b0", ">bob datagram b0",
		"ann>answers datagram a0", "ann>answers datagram b0", "between> datagram b0", "between> datagram b0", "between> datagram c0", "bob>answers datagram c0"}
	if !slices.Equal(got, want) {
		t.Errorf("observed %q, want %q", got, want)
	}
}

// Of each step it is told when it begins and what it takes: bytes, and with 0 an end.
func TestObserveSteps(t *testing.T) {
	t.Parallel()
	got := seen(t, "start cat\ntype cat 'abc'\nscreen cat 'a'\nscreen cat 'bc'\nend cat\nexits cat", harness.Pass, harness.Begins, harness.Takes, telling.Exits)
	for i, event := range got {
		if event == ">cat exits 0" || event == "cat> exits 0" {
			got = slices.Delete(got, i, i+1) // at its own time
			break
		}
	}
	begins := "> begins 0"
	want := []string{begins, begins, begins, "> takes 1", begins, "> takes 2", begins, begins, "> takes 0"}
	if !slices.Equal(got, want) {
		t.Errorf("observed %q, want %q", got, want)
	}
}

// A connection that is closed while bytes lie unread is reset; one whose bytes the
// program did not read says how many the kernel did not take.
func TestObserveEnds(t *testing.T) {
	t.Parallel()
	got := seen(t, "start echo -listen :0\ndial ann $echo\nsend ann 'x\\n'\nexpect ann 'x\\n'\nscreen echo 'x\\n'\nstall ann\nsend ann 'y\\n'\nscreen echo 'y\\n'\nquiet echo\nclose ann\ndial bob $echo\nreset bob", harness.Pass, telling.Closes, telling.Resets)
	if want := []string{"ann>echo resets 0", "bob>echo resets 0"}; !slices.Equal(got, want) {
		t.Errorf("observed %q, want %q", got, want)
	}
	const much = 40_000_000
	got = seen(t, fmt.Sprintf("start deaf -listen :0\ndial ann $deaf -window 4096\nsend ann 'x' -times %d -queue", much), harness.Fail, harness.Unsent)
	if len(got) != 1 || !strings.HasPrefix(got[0], "ann>deaf unsent ") {
		t.Fatalf("observed %q, want that the kernel did not take all", got)
	}
	var n int
	if _, err := fmt.Sscanf(got[0], "ann>deaf unsent %d", &n); err != nil || n < much/2 || n >= much {
		t.Errorf("%s of %d bytes", got[0], much)
	}
}

// A connection that no step accepted is told of when the play is over.
func TestObserveVisit(t *testing.T) {
	t.Parallel()
	got := seen(t, "listen desk\nstart dial $desk\nquiet", harness.Pass, telling.Connects)
	if want := []string{">desk connects 0"}; !slices.Equal(got, want) {
		t.Errorf("observed %q, want %q", got, want)
	}
}

// Before each step the play stands still, and tells which programs run.
func TestBefore(t *testing.T) {
	t.Parallel()
	var got []string
	player := demoPlayer(t)
	player.Before = func(_ *harness.Scenario, at harness.Pause) (bool, error) {
		line := fmt.Sprint(at.Number, " ", at.Step.Text)
		for _, g := range at.Programs {
			if g.PID <= 0 {
				t.Errorf("%s is process %d", g.Name, g.PID)
			}
			line += " " + g.Name
		}
		got = append(got, line)
		return false, nil
	}
	r := player.Play(t.Context(), scenario(t, "start cat\nend cat\nexits cat\nquiet"))
	if want := []string{"1 start cat", "2 end cat cat", "4 quiet"}; r.Status != harness.Pass || len(got) != 4 || got[0] != want[0] || got[1] != want[1] || got[3] != want[2] {
		t.Errorf("%v %s; held before %q", r.Status, messageOf(r), got)
	}
}
