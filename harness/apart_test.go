package harness_test

import (
	"fmt"
	"os/exec"
	"slices"
	"sync"
	"testing"

	"wirebook/harness"
)

// Where plays with the reference are to be alone, they are: they begin when all
// others have ended, one after the other.
func TestApart(t *testing.T) {
	path, err := exec.LookPath("true")
	if err != nil {
		t.Skip("there is no program that does nothing:", err)
	}
	var mu sync.Mutex
	var events []string
	note := func(event string) {
		mu.Lock()
		defer mu.Unlock()
		events = append(events, event)
	}
	program := harness.Program{Path: path}
	player := &harness.Player{Program: program, Reference: &program, Apart: true, Mount: func(string) (func() error, error) {
		note("begins")
		return func() error { note("ends"); return nil }, nil
	}}
	var scenarios []*harness.Scenario
	for i, verb := range []string{"reference", "start", "reference", "start", "start"} {
		s, err := harness.ParseScenario(fmt.Sprintf("number%d.txtar", i), fmt.Appendf(nil, "# It ends. (1 point)\n%s x\nexits x\n", verb))
		if err != nil {
			t.Fatal(err)
		}
		scenarios = append(scenarios, s)
	}
	for _, r := range player.PlayAll(t.Context(), scenarios, nil) {
		if r.Status != harness.Pass {
			t.Errorf("%s: %s %v %v", r.Scenario.Name, r.Status, r.Err, r.Failure)
		}
	}
	want := []string{"begins", "ends", "begins", "ends"}
	if len(events) != 10 || !slices.Equal(events[6:], want) {
		t.Errorf("of the plays %q; want that the last two are alone", events)
	}
}
