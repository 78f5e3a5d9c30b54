package grade

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/result"
)

// A Class is a folder of submissions on their way into a folder of results.
type Class struct {
	Grader  *Grader
	Entries []intake.Entry
	Folder  *Folder
	// Jobs is how many submissions are in work at once, 0 for a good many:
	// one that hangs waits most of the time.
	Jobs int
	// Regrade grades again what an earlier run has graded.
	Regrade bool
	// Done, where it is not nil, is told of each result in turn, and whether
	// it was kept from an earlier run.
	Done func(s *result.Submission, kept bool)

	mu   sync.Mutex
	lost map[string]error // why a result could not be written, by name
}

// Grade grades every entry. What goes wrong with one is a result that says so
// and stops no other; an error means that ctx ended.
func (c *Class) Grade(ctx context.Context) error {
	jobs := c.Jobs
	if jobs <= 0 {
		jobs = 2 * runtime.NumCPU()
	}
	handIns := teamsOf(c.Entries)
	next := make(chan []intake.Entry)
	var wait sync.WaitGroup
	for range min(jobs, len(handIns)) {
		wait.Go(func() {
			for members := range next {
				c.handIn(ctx, members)
			}
		})
	}
feed:
	for _, members := range handIns {
		select {
		case next <- members:
		case <-ctx.Done():
			break feed
		}
	}
	close(next)
	wait.Wait()
	return ctx.Err()
}

// teamsOf puts the entries that hold one hand-in together.
func teamsOf(entries []intake.Entry) [][]intake.Entry {
	var handIns [][]intake.Entry
	at := make(map[string]int)
	for _, e := range entries {
		if i, ok := at[e.Team]; ok && e.Team != "" {
			handIns[i] = append(handIns[i], e)
			continue
		}
		at[e.Team] = len(handIns)
		handIns = append(handIns, []intake.Entry{e})
	}
	return handIns
}

// handIn gives each entry of one hand-in its result, unless ctx ends before. It is
// built and played for the first.
func (c *Class) handIn(ctx context.Context, members []intake.Entry) {
	var first *result.Submission
	for _, e := range members {
		s, kept, err := c.result(ctx, e, first)
		if err != nil && ctx.Err() != nil {
			return
		}
		if first == nil && err == nil {
			first = s
		}
		c.tell(e.Name, s, kept, err)
	}
}

// tell notes what became of an entry.
func (c *Class) tell(name string, s *result.Submission, kept bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		if c.lost == nil {
			c.lost = make(map[string]error)
		}
		c.lost[name] = err
		s = c.unknown(name, err)
	}
	if c.Done != nil {
		c.Done(s, kept)
	}
}

// result gives one entry its result and writes it. What is known of its team's
// hand-in holds for it.
func (c *Class) result(ctx context.Context, e intake.Entry, team *result.Submission) (s *result.Submission, kept bool, err error) {
	submission, err := e.Open(c.Grader.want)
	if err != nil {
		s = c.unknown(e.Name, err)
		return s, false, c.Folder.save(s)
	}
	return c.Folder.grade(ctx, c.Grader, submission, team, c.Regrade)
}

// Results reads what Grade wrote, one by one in the order of the entries. Of
// one that could not be written it says so.
func (c *Class) Results() iter.Seq2[*result.Submission, error] {
	return func(yield func(*result.Submission, error) bool) {
		for _, e := range c.Entries {
			var s *result.Submission
			err := c.lost[e.Name]
			if err != nil {
				s, err = c.unknown(e.Name, err), nil
			} else {
				s, err = c.Folder.Read(e.Name)
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// unknown is the result of an entry of which nothing can be said but what is kept.
func (c *Class) unknown(name string, why error) *result.Submission {
	g := c.Grader
	return g.unknown(name, why, g.stays(c.Folder.earlier(g, name), func(result.Lesson) bool { return false }))
}
