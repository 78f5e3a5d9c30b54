package harness

import (
	"fmt"
	"strings"
	"testing"
)

// However long an exchange, its ladder is bounded, and shows how it began and
// how it ended.
func TestLadderIsBounded(t *testing.T) {
	for _, rungs := range []int{1, 20, 40, 100, 1000} {
		for _, text := range []string{"x", strings.Repeat("x", 100), strings.Repeat("‹你›", 100)} {
			var l ladder
			for i := range rungs {
				l.right("ann", fmt.Sprint(i, " ", text), "server")
			}
			drawn := l.draw(func(s string) string { return s })
			if len(drawn) > maxLadder {
				t.Errorf("%d rungs of %.10q: %d bytes; want at most %d", rungs, text, len(drawn), maxLadder)
			}
			lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
			if first, last := lines[0], lines[len(lines)-1]; !strings.Contains(first, "  0 ") || !strings.Contains(last, fmt.Sprintf("  %d ", rungs-1)) {
				t.Errorf("%d rungs of %.10q: from %q to %q; want the first and the last", rungs, text, first, last)
			}
			if cut := len(lines) < rungs; cut != strings.Contains(drawn, "\n  ...\n") {
				t.Errorf("%d rungs of %.10q: %d lines; want a gap where lines are missing, and only there:\n%s", rungs, text, len(lines), drawn)
			}
		}
	}
}
