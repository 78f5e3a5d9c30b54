package telling

import "cmp"

// Played is a scenario that was played, as far as Best needs to know it. One
// that was skipped, or that we could not play, is none.
type Played struct {
	Failed bool
	Hidden bool
	Rule   int // the number of the README's rule that it plays, 0 for none
	Steps  int // how many were played, the failed one with them
}

// Best chooses, of what was played, the failure from which the mistake is found
// soonest: the one to show in full. It returns an index, or -1 where nothing failed.
//
// Rules build on those before them, so that what breaks one mostly breaks some that
// follow: Best takes the first rule that is broken, and of its failures the one with
// the fewest steps up to it. A public one comes before a hidden one: it has hints and
// can be played at home.
func Best(played []Played) int {
	best := -1
	for i, p := range played {
		if p.Failed && (best < 0 || p.compare(played[best]) < 0) {
			best = i
		}
	}
	return best
}

func (p Played) compare(q Played) int {
	if p.Hidden != q.Hidden {
		if q.Hidden {
			return -1
		}
		return 1
	}
	if p.Rule != q.Rule && (p.Rule == 0 || q.Rule == 0) {
		return cmp.Compare(q.Rule, p.Rule)
	}
	return cmp.Or(cmp.Compare(p.Rule, q.Rule), cmp.Compare(p.Steps, q.Steps))
}
