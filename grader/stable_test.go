package main

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Two gradings of programs that crash, hang, end too soon or fail in many ways
// give the same bytes, one after the other or all at once.
func TestResultsAreStable(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("plays programs that hang; leave out -short")
	}
	t.Setenv("WIREBOOK_CACHE", "off") // or the first would be given again
	class := t.TempDir()
	take(t, class, map[string]string{"crashes": "crashes", "hangs": "hangs", "exits-early": "exits-early", "half-done": "half-done", "forged-pass": "forged-pass"})
	var results []map[string]string
	for _, jobs := range []string{"1", "8"} {
		out := filepath.Join(t.TempDir(), "out")
		mustRun(t, exitGraded, "grade", class, "subnet", "-o", out, "--seed", "3", "--jobs", jobs, "--allow-unsandboxed")
		results = append(results, resultFiles(t, out))
	}
	if diff := cmp.Diff(results[0], results[1]); diff != "" || len(results[0]) != 13 {
		t.Errorf("%d files; want 13; (-one after the other +all at once):\n%s", len(results[0]), diff)
	}
}
