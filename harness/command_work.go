package harness

import (
	"fmt"
	"strconv"
	"time"

	"wirebook/harness/internal/process"
)

// cmdWork notes and compares how much processor time a program used for what
// stands between two marks.
func cmdWork(p *play, c *call) error {
	g, err := programArg(p, c)
	if err != nil {
		return err
	}
	args, err := c.texts(1)
	if err != nil {
		return err
	}
	if len(args) == 1 {
		return p.markWork(g, args[0])
	}
	if len(args) != 3 {
		return fmt.Errorf("work: the form is: work NAME MARK, or work NAME MARK MARK RATIO")
	}
	ratio, err := strconv.ParseFloat(args[2], 64)
	if err != nil || ratio < 1 {
		return fmt.Errorf("work: %q is no ratio of at least 1", args[2])
	}
	a, okA := p.marks[args[0]]
	b, okB := p.marks[args[1]]
	if !okA || !okB {
		return fmt.Errorf("work: %q and %q must both be marks", args[0], args[1])
	}
	small, great := min(a, b), max(a, b)
	if float64(great) > ratio*float64(small) {
		return p.failf("%s should do the same work for %q and %q; one of them took it more than %v times the processor time of the other",
			g.name, args[0], args[1], ratio)
	}
	return nil
}

// markWork adds to a mark what a program has worked since it came to rest after
// the last. It does not wait first: what comes now is not work that was asked
// for, but what a program does of itself, and some do that all the time.
func (p *play) markWork(g *program, mark string) error {
	spent, err := p.workOf(g)
	if err != nil {
		return err
	}
	p.marks[mark] += spent - g.worked
	if err := p.settleOr("come to rest"); err != nil {
		return err
	}
	g.worked, err = p.workOf(g)
	return err
}

// workOf is the processor time that a program has used.
func (p *play) workOf(g *program) (time.Duration, error) {
	a, err := g.process.Activity()
	if err == nil && !a.KnowsRest {
		err = process.ErrUnknown
	}
	return a.CPU, p.unknown(g, err, "how much a program worked")
}
