//go:build !race

package harness_test

import "wirebook/harness"

// A program with the race detector in it reserves more memory than any limit allows,
// and has none.
func init() {
	allPlays["memory"] = []played{
		{"too much memory", "limit memory 64M\nrun hoard", harness.Fail, "should end with exit status 0, but ended with exit status 2"},
	}
}
