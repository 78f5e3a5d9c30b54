package telling

// Played is a scenario that was played, as far as Best needs to know it. One
// that was skipped, or that we could not play, is none.
type Played struct {
	Failed bool
	Hidden bool
	Steps  int // how many were played, the failed one with them
}

// Best chooses, of what was played, the failure from which the mistake is found
// soonest: the one to show in full. played is in the order of building; Best
// returns an index, or -1 where nothing failed.
//
// While more than a third fails, a lesson is half built, and the first failure
// is what to build next. Otherwise it is the one with the fewest steps up to
// it, a public one before a hidden one: that has hints and can be played at
// home.
func Best(played []Played) int {
	first, best, failed := -1, -1, 0
	for i, p := range played {
		if !p.Failed {
			continue
		}
		failed++
		if first < 0 {
			first = i
		}
		if best < 0 || p.before(played[best]) {
			best = i
		}
	}
	if 3*failed > len(played) {
		return first
	}
	return best
}

func (p Played) before(q Played) bool {
	if p.Hidden != q.Hidden {
		return q.Hidden
	}
	return p.Steps < q.Steps
}
