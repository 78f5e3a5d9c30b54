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
