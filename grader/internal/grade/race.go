package grade

import (
	"os"
	"slices"

	"wirebook/harness"

	"wirebook/grader/internal/race"
	"wirebook/grader/internal/result"
)

// listen makes a player's program write down the races that it finds. told returns
// them, when it has been played.
func listen(player *harness.Player) (told func() ([]result.Finding, error), err error) {
	dir, err := os.MkdirTemp("", "wirebook-race-")
	if err != nil {
		return nil, err
	}
	player.Program.Env = append(player.Program.Env, race.Environment(dir))
	return func() ([]result.Finding, error) {
		defer os.RemoveAll(dir)
		return race.Read(dir)
	}, nil
}

// withoutLimits leaves out the scenarios that limit memory: the race detector needs
// more than any of them grants.
func withoutLimits(scenarios []*harness.Scenario) []*harness.Scenario {
	return slices.DeleteFunc(slices.Clone(scenarios), func(s *harness.Scenario) bool { return s.Needs("limit") })
}
