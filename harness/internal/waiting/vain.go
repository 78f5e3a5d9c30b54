package waiting

import (
	"fmt"

	"wirebook/harness/internal/patience"
)

// A Vain is the error of a step that waited in vain.
type Vain struct {
	Verdict   patience.Verdict
	Allowance patience.Allowance
}

func (v *Vain) Error() string { return v.What() }

// Ended reports whether no program runs any more.
func (v *Vain) Ended() bool { return v.Verdict == patience.Ended }

// What says what the programs did instead, to stand behind "and".
func (v *Vain) What() string {
	switch v.Verdict {
	case patience.Ended:
		return "no program runs any more"
	case patience.Flooded:
		return fmt.Sprintf("it printed more than %d MiB that nobody asked for", patience.MaxPrinted>>20)
	case patience.Swarmed:
		return fmt.Sprintf("more than %d processes are there that it has started", patience.MaxFamily)
	case patience.Slow:
		return "it went on for a minute without doing it"
	case patience.Worked:
		return "it worked on and on instead, as a loop without end does"
	case patience.Unseen:
		return fmt.Sprintf("nothing was seen of it for %v", v.Allowance.Blind)
	default:
		return fmt.Sprintf("it was at rest for %v, waiting for something", v.Allowance.Rest)
	}
}
