package harness_test

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"wirebook/harness"
	"wirebook/harness/internal/process"
)

// keepBusy occupies every processor with other processes until the test ends.
func keepBusy(t *testing.T) {
	program := demoPlayer(t).Program
	for range runtime.NumCPU() {
		p, err := process.Start(process.Spec{Path: program.Path, Args: []string{"busy"}, Env: program.Env})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Kill)
	}
}

// Each of these mistakes passes an ordinary test more often than not. It is
// caught at every play, on a machine that is busy with other things.
func TestMistakesAreCaughtUnderLoad(t *testing.T) {
	const plays = 300
	keepBusy(t)
	player := demoPlayer(t)
	for _, test := range []struct {
		name, script string
		want         harness.Status
	}{
		{"one Read for one message", "start naive -listen :0\ndial ann $naive\nsend ann 'hello\\n' -split 2\nscreen naive 'hello\\n'\n", harness.Fail},
		{"whole lines", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n' -split 2\nscreen lines 'hello\\n'\n", harness.Pass},
		{"an echo", "start echo -listen :0\ndial ann $echo\nsend ann 'hello\\n'\nquiet ann\nscreen echo 'hello\\n'\n", harness.Fail},
		{"no echo", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n'\nquiet ann\nscreen lines 'hello\\n'\n", harness.Pass},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := scenario(t, test.script)
			var all sync.WaitGroup
			for range plays {
				all.Go(func() {
					r := player.Play(context.Background(), s)
					if r.Status != test.want {
						t.Errorf("%v (%v, %v), want %v", r.Status, r.Failure, r.Err, test.want)
					}
				})
			}
			all.Wait()
		})
	}
}
