package grade

import (
	"fmt"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// graver orders outcomes: of several plays the gravest counts. A failure that was
// seen is one, whatever else could not be told.
var graver = map[telling.Status]int{telling.Pass: 0, telling.Skip: 1, telling.Error: 2, telling.Fail: 3}

// again adds the outcomes of another play to those of the plays before, and counts
// the failures of each scenario.
func again(all, more []result.Scenario, failed map[string]int) []result.Scenario {
	for i, s := range more {
		if s.Status == telling.Fail {
			failed[s.Scenario]++
		}
		if i == len(all) {
			all = append(all, s)
		} else if graver[s.Status] > graver[all[i].Status] {
			all[i] = s
		}
	}
	return all
}

// tellOften says of each scenario that failed how often it did.
func tellOften(all []result.Scenario, failed map[string]int, plays int) {
	for i, s := range all {
		if n := failed[s.Scenario]; n > 0 && plays > 1 {
			all[i].Reason = fmt.Sprintf("it failed in %d of %d plays", n, plays)
		}
	}
}
