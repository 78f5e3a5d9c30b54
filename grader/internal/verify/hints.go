package verify

import (
	"fmt"

	"wirebook/harness"
)

// inspectHints checks that a student finds a hint where a mutant fails: in each
// block of a public scenario.
func (r *Report) inspectHints() {
	type place struct {
		scenario *harness.Scenario
		block    string
	}
	told := make(map[place]bool)
	for _, row := range r.Rows {
		for i, c := range row.Cells {
			if row.Kind != "mutant" || c.Last.Failure == nil {
				continue
			}
			at := place{r.Scenarios[i], c.Last.Failure.Block}
			if problem := hintless(at.scenario, at.block); problem != "" && !told[at] {
				told[at] = true
				r.problem("%s fails here: %s", row.name(), problem)
			}
		}
	}
}

// hintless says that a block has no hint where it must have one.
func hintless(s *harness.Scenario, block string) string {
	if s.Hidden || len(s.Hints(block)) > 0 {
		return ""
	}
	if block == s.Title {
		return fmt.Sprintf("exercises/%s/testdata/%s.txtar: the title's block has no hint; begin hint.md with one", s.Lesson, s.Name)
	}
	return fmt.Sprintf("exercises/%s/testdata/%s.txtar: the block %q has no hint; write one into hint.md, below the line %q", s.Lesson, s.Name, block, "# "+block)
}
