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
	ends   map[string]string // of the connections: the addresses
}

func (w *witness) see(_ *harness.Scenario, e harness.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	way := e.From + ">" + e.To
	switch e.Kind {
	case telling.Bytes, telling.Datagram, telling.Frame:
		w.bytes[way] = append(w.bytes[way], e.Data...)
	default:
		w.others = append(w.others, fmt.Sprintf("%d %s %s", e.Step, way, e.Kind))
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
	if !strings.HasSuffix(w.ends["ann>echo"], ">"+string(address)) || w.ends["ann>echo"] == ">"+string(address) {
		t.Errorf("ann's bytes went %s, want that they go from an address to %s", w.ends["ann>echo"], address)
	}
	from, to, _ := strings.Cut(w.ends["ann>echo"], ">")
	if back := to + ">" + from; w.ends["echo>ann"] != back {
		t.Errorf("echo's bytes went %s, want %s", w.ends["echo>ann"], back)
	}
	want := []string{"1 >echo starts", "2 ann>echo connects", "9 ann>echo halfCloses", "10 echo>ann halfCloses"}
	slices.Sort(w.others)
	slices.Sort(want)
	if w.others = slices.DeleteFunc(w.others, func(s string) bool { return strings.HasSuffix(s, string(telling.Listens)) }); !slices.Equal(withoutSteps(w.others), withoutSteps(want)) {
		t.Errorf("observed %q, want %q", w.others, want)
	}
}

// withoutSteps leaves out what a program may do a step earlier or later.
func withoutSteps(others []string) (events []string) {
	for _, s := range others {
		_, event, _ := strings.Cut(s, " ")
		events = append(events, event)
	}
	slices.Sort(events)
	return events
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
	if !slices.ContainsFunc(w.others, func(s string) bool { return strings.HasSuffix(s, "keyboard>cat endInput") }) {
		t.Errorf("the end of the keyboard is not observed: %q", w.others)
	}
}
