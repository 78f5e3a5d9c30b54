package harness_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"wirebook/harness"
)

// What a program may do whose hanging is to cost little.
var hungPlays = []played{
	{"work without end", "start busy\nscreen busy 'x'", harness.Fail, "it worked on and on instead, as a loop without end does"},
	{"slow reading is no loop without end", "start slow -listen :0\ndial ann $slow\nsend ann 'x' -times 700\ndrained ann", harness.Pass, ""},
	{"a wait", "start late :0 1s\ndial ann $late\nsend ann 'x\\n'\nexpect ann 'x\\n'", harness.Pass, ""},
}

func TestHungPlayer(t *testing.T) {
	player := demoPlayer(t)
	player.Hang()
	testPlays(t, player, "hung", hungPlays, func(harness.Result) {})
}

// A program that hangs in every scenario is played in every scenario, and from the
// fourth on a hang costs a tenth.
func TestEveryScenarioOfAHangingProgramIsPlayed(t *testing.T) {
	player := demoPlayer(t)
	player.Slots = harness.NewSlots(1)
	var scenarios []*harness.Scenario
	for range 3 {
		scenarios = append(scenarios, scenario(t, "start flood\nquiet flood"))
	}
	for range 2 {
		scenarios = append(scenarios, scenario(t, "start busy\nscreen busy 'x'"))
	}
	results := player.PlayAll(t.Context(), scenarios, nil)
	for i, r := range results {
		if r.Status != harness.Fail || !r.Failure.Limit {
			t.Errorf("scenario %d: %v %q, want a failure that tells of a hang", i, r.Status, messageOf(r))
		}
	}
	if !player.AllowsLittle(scenarios[0]) {
		t.Error("after these, the steps of further scenarios are allowed as much as ever")
	}
}

// Results are told in the order of the scenarios, though these end in another.
func TestResultsAreInOrder(t *testing.T) {
	player := demoPlayer(t)
	var scenarios []*harness.Scenario
	for i := range 9 {
		delay := time.Duration(9-i) * 30 * time.Millisecond
		scenarios = append(scenarios, scenario(t, fmt.Sprintf("start late :0 %v\ndial ann $late\nsend ann 'x\\n'\nexpect ann 'x\\n'", delay)))
	}
	var told []*harness.Scenario
	results := player.PlayAll(t.Context(), scenarios, func(r harness.Result) { told = append(told, r.Scenario) })
	if !slices.Equal(told, scenarios) {
		t.Errorf("told %d results out of order", len(told))
	}
	for i, r := range results {
		if r.Scenario != scenarios[i] || r.Status != harness.Pass || r.Score != 1 {
			t.Errorf("result %d: %v of %q, %d points, %q", i, r.Status, r.Scenario.Name, r.Score, messageOf(r))
		}
	}
}

// A play ends with its context, whatever it waits for; so does one that has not
// begun.
func TestPlaysEndWithTheirContext(t *testing.T) {
	for _, script := range []string{
		"start hang\nexits hang",
		"listen srv\nstart hang\naccept srv",
		"start deaf -listen :0\ndial ann $deaf\nsend ann 'x' -times 100000000",
		"start busy\nquiet",
		"start late :0 1s\ndial ann $late\nsend ann 'x\\n'\nquiet -timers\nexpect ann 'y'",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		player := demoPlayer(t)
		var steps atomic.Int32
		last := int32(strings.Count(script, "\n") + 1)
		player.Observe = func(_ *harness.Scenario, e harness.Event) { steps.Store(int32(e.Step)) }
		ended := make(chan harness.Result)
		go func() { ended <- player.Play(ctx, scenario(t, script)) }()
		for steps.Load() < last-1 {
			time.Sleep(time.Millisecond)
		}
		cancel()
		select {
		case r := <-ended:
			if r.Status != harness.Error || !errors.Is(r.Err, context.Canceled) {
				t.Errorf("%q: %v %q, want an error that says it was ended", script, r.Status, messageOf(r))
			}
		case <-time.After(time.Minute):
			t.Fatalf("%q: it goes on", script)
		}
	}
}

// A play that waits for its turn ends with its context.
func TestAPlayThatHasNotBegunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	player := demoPlayer(t)
	for _, r := range player.PlayAll(ctx, []*harness.Scenario{scenario(t, "run say"), scenario(t, "run say")}, nil) {
		if r.Status != harness.Error || !errors.Is(r.Err, context.Canceled) {
			t.Errorf("%v %q, want an error that says it was ended", r.Status, messageOf(r))
		}
	}
}
