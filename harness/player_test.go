package harness_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	testPlays(t, func() *harness.Player { return player }, "hung", hungPlays, func(harness.Result) {})
}

// A program that hangs in every scenario is played in every scenario, and when it has
// hung in three, a hang costs a tenth.
func TestEveryScenarioOfAHangingProgramIsPlayed(t *testing.T) {
	player := demoPlayer(t)
	for _, part := range []struct{ script, text string }{
		{"start flood\nquiet flood", "it printed more than 8 MiB"},
		{"start busy\nscreen busy 'x'", "it worked on and on"},
	} {
		var scenarios []*harness.Scenario
		for range 3 {
			scenarios = append(scenarios, scenario(t, part.script))
		}
		for _, r := range player.PlayAll(t.Context(), scenarios, nil) {
			if m := messageOf(r); r.Status != harness.Fail || !r.Failure.Limit || !strings.Contains(m, part.text) {
				t.Errorf("%v %q, want a failure that tells of a hang: %s", r.Status, m, part.text)
			}
		}
	}
	if !player.AllowsLittle(scenario(t, "start busy")) {
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

// A play ends with its context, whatever it waits for.
func TestPlaysEndWithTheirContext(t *testing.T) {
	for _, test := range []struct {
		script string
		step   int // the last at which something is observed
	}{
		{"start hang\nexits hang", 1},
		{"listen srv\nstart hang\naccept srv", 2},
		{"start deaf -listen :0\ndial ann $deaf\nsend ann 'x' -times 100000000", 3},
		{"start busy\nquiet", 1},
		{"start late :0 1h\ndial ann $late\nsend ann 'x\\n'\nexpect ann 'y'", 3},
	} {
		t.Run(test.script, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			player := demoPlayer(t)
			player.Observe = func(_ *harness.Scenario, e harness.Event) {
				if e.Step == test.step {
					cancel()
				}
			}
			ended := make(chan harness.Result, 1)
			go func() { ended <- player.Play(ctx, scenario(t, test.script)) }()
			select {
			case r := <-ended:
				if r.Status != harness.Error || !errors.Is(r.Err, context.Canceled) {
					t.Errorf("%v %q, want an error that says it was ended", r.Status, messageOf(r))
				}
			case <-time.After(time.Minute):
				t.Error("it goes on")
			}
		})
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
