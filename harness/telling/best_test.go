package telling

import "testing"

// The pages of five mistakes, of which another one than that from which the
// mistake is found was shown once. Steps are those up to the one that failed.
func TestBest(t *testing.T) {
	type failure struct {
		name   string
		hidden bool
		steps  int
	}
	for _, c := range []struct {
		mistake  string
		passed   int // scenarios of the lesson that do not fail
		failures []failure
		want     string
	}{
		// signal-ends fails no longer by chance, since a signal goes to a
		// program that has come to rest.
		{"a host forgets when it asked last", 54, []failure{{"hurried-request", true, 13}}, "hurried-request"},
		{"a server answers OK before it renames", 56, []failure{{"descriptors-back", true, 73}, {"folder-kept", true, 5}}, "folder-kept"},
		{"a digit of any script counts", 45, []failure{{"batch-mebibyte", true, 8}, {"digits-foreign", true, 1}, {"random-queries", true, 3}}, "digits-foreign"},
		// More than a third fails: question-resolves comes first in the order of building.
		{"only the senders of replies are learned", 36, []failure{
			{"question-resolves", false, 6}, {"twice-answered", false, 8}, {"ping-count", false, 6}, {"late-echo", false, 6},
			{"echoes-back", false, 6}, {"overheard-correction", false, 8}, {"own-sender", false, 9}, {"padded-frames", false, 6},
			{"entry-expires", false, 7}, {"renewed-entry", false, 12}, {"unknown-line", false, 12}, {"cut-anywhere", true, 54},
			{"echo-renews-nothing", true, 7}, {"not-mine", true, 20}, {"overheard-expired", true, 15}, {"packet-sender", true, 6},
			{"strange-operation", true, 11}, {"vast-tick", true, 8}, {"wrong-echoer", true, 8}}, "question-resolves"},
		{"all connections share a count", 63, []failure{
			{"attempts-run-out", false, 20}, {"own-count", false, 17}, {"file-read-anew", false, 20}, {"secret-kept", false, 19},
			{"answer-survives", true, 12}, {"descriptors-kept", true, 41}, {"random-talk", true, 9}}, "own-count"},
		{"nothing is wrong", 10, nil, ""},
		{"nothing was played", 0, nil, ""},
		{"of two alike the first", 10, []failure{{"first", false, 5}, {"second", false, 5}}, "first"},
		{"a third fails", 4, []failure{{"first", false, 6}, {"second", false, 5}}, "second"},
		{"more than a third fails", 3, []failure{{"first", false, 6}, {"second", false, 5}}, "first"},
	} {
		for _, passedFirst := range []bool{true, false} {
			var played []Played
			names := map[int]string{-1: ""}
			passed := make([]Played, c.passed)
			if passedFirst {
				played = append(played, passed...)
			}
			for _, f := range c.failures {
				names[len(played)] = f.name
				played = append(played, Played{Failed: true, Hidden: f.hidden, Steps: f.steps})
			}
			if !passedFirst {
				played = append(played, passed...)
			}
			if got := names[Best(played)]; got != c.want {
				t.Errorf("%s: %q is shown; want %q", c.mistake, got, c.want)
			}
		}
	}
}
