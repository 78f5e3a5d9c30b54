package grade

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"wirebook/grader/internal/intake"
)

// A Part is one shard of a class.
type Part struct {
	Index int `json:"index"` // from 1
	Count int `json:"count"`
	// Class names the whole class: a hash of its submissions' names.
	Class string `json:"class"`
}

func (p *Part) String() string {
	if p == nil {
		return "a whole class"
	}
	return fmt.Sprintf("shard %d/%d of class %.12s", p.Index, p.Count, p.Class)
}

// Shard returns the entries of shard index (from 1) of count, in their order,
// and tells which part of the class they are. All shards together are the
// class, none has two entries more than another, and which entry is in which
// follows from the names alone, mixed so that friends who hand in alike, and
// stand side by side in the class, do not meet in one shard. A team stays together.
func Shard(entries []intake.Entry, index, count int) ([]intake.Entry, *Part) {
	names := make([]string, len(entries))
	var dealt []string
	for i, e := range entries {
		names[i] = e.Name
		if hand := handIn(e); !slices.Contains(dealt, hand) {
			dealt = append(dealt, hand)
		}
	}
	slices.SortFunc(dealt, func(a, b string) int {
		x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
		return slices.Compare(x[:], y[:])
	})
	mine := make(map[string]bool)
	for i := index - 1; i < len(dealt); i += count {
		mine[dealt[i]] = true
	}
	part := slices.DeleteFunc(slices.Clone(entries), func(e intake.Entry) bool { return !mine[handIn(e)] })
	return part, &Part{index, count, digestNames(names)}
}

// handIn names what an entry holds.
func handIn(e intake.Entry) string {
	if e.Team != "" {
		return "team/" + e.Team // no student is called so
	}
	return e.Name
}

// digestNames names a set of submissions.
func digestNames(names []string) string {
	h := sha256.New()
	for _, name := range names {
		fmt.Fprintf(h, "%q\n", name)
	}
	return hex.EncodeToString(h.Sum(nil))
}
