package lint

import (
	"context"
	"maps"
	"slices"
	"sync"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
)

// A Batch is programs of one submission that are looked at by one child: to
// start it, and to read what the compiler knows of the standard library, takes
// longer than to look at a program. Where that does not go well for all of them,
// each is looked at by itself, so that none suffers for another.
type Batch struct {
	linter   *Linter
	programs map[string]source.Files

	mu      sync.Mutex
	asked   bool
	replies map[string]reply
}

// Together returns programs that compile, by name, as a batch. They are looked
// at when the first is asked about.
func (l *Linter) Together(programs map[string]source.Files) *Batch {
	return &Batch{linter: l, programs: programs}
}

// Find is Linter.Find of one of the programs.
func (b *Batch) Find(ctx context.Context, name string, given source.Files) ([]result.Finding, error) {
	program := b.programs[name]
	if r, ok := b.look(ctx)[name]; ok && r.Err == "" {
		return told(r.Findings, program, given), nil
	}
	return b.linter.Find(ctx, program, given)
}

// look returns what the child has found, nothing where that is not known.
func (b *Batch) look(ctx context.Context) map[string]reply {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.asked || len(b.programs) < 2 {
		return b.replies
	}
	names := slices.Sorted(maps.Keys(b.programs))
	var programs []source.Files
	for _, name := range names {
		programs = append(programs, b.programs[name])
	}
	replies, err := b.linter.ask(ctx, programs...)
	if ctx.Err() != nil {
		return nil
	}
	b.asked = true
	if err == nil {
		b.replies = make(map[string]reply)
		for i, name := range names {
			b.replies[name] = replies[i]
		}
	}
	return b.replies
}
