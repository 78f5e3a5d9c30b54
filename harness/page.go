package harness

import (
	"io"

	"wirebook/harness/telling"
)

// Page is one page about a failed result.
type Page = telling.Page

// PageOf is the page about a failed result; replay is the command that plays its
// scenario again.
func PageOf(r Result, replay string) Page {
	s := r.Scenario
	return Page{Name: s.Name, Title: s.Title, Points: s.Points, Failure: r.Failure, Notes: r.Notes, Replay: replay,
		Folder: telling.FolderOf(s.Lesson, s.Hidden), Rule: s.Rule}
}

// WritePage writes what a student is to read about a failure: the sentence, the
// first wrong byte, the steps, the exchange, the hint, and the command that plays
// the scenario again.
func WritePage(w io.Writer, p Page) error { return telling.WritePage(w, p) }

// Best returns the index of the failure from which the mistake is found soonest, -1
// if nothing failed. The results are in the order of building.
func Best(results []Result) int {
	var played []telling.Played
	var index []int
	for i, r := range results {
		switch r.Status {
		case Pass:
			played = append(played, telling.Played{Hidden: r.Scenario.Hidden})
		case Fail:
			played = append(played, telling.Played{Failed: true, Hidden: r.Scenario.Hidden, Rule: r.Scenario.Rule, Steps: len(r.Failure.Steps)})
		default:
			continue
		}
		index = append(index, i)
	}
	if best := telling.Best(played); best >= 0 {
		return index[best]
	}
	return -1
}
