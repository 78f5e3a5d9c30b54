package telling

import "testing"

// The pages of five mistakes, of which another one than that from which the
// mistake is found was shown once. Steps are those up to the one that failed.
func TestBest(t *testing.T) {
	type failure struct {
		name   string
		hidden bool
		rule   int
		steps  int
	}
	for _, c := range []struct {
		mistake  string
		failures []failure
		want     string
	}{
		// signal-ends fails no longer by chance, since a signal goes to a
		// program that has come to rest.
		{"a host forgets when it asked last", []failure{{"hurried-request", true, 23, 13}}, "hurried-request"},
		{"a server answers OK before it renames", []failure{{"descriptors-back", true, 23, 73}, {"folder-kept", true, 20, 5}}, "folder-kept"},
		{"a digit of any script counts", []failure{{"batch-mebibyte", true, 24, 8}, {"digits-foreign", true, 13, 1}, {"random-queries", true, 17, 3}}, "digits-foreign"},
		// Many fail: question-resolves comes first in the order of building.
		{"only the senders of replies are learned", []failure{
			{"question-resolves", false, 8, 6}, {"twice-answered", false, 16, 8}, {"ping-count", false, 18, 6}, {"late-echo", false, 17, 6},
			{"echoes-back", false, 13, 6}, {"overheard-correction", false, 9, 8}, {"own-sender", false, 11, 9}, {"padded-frames", false, 14, 6},
			{"entry-expires", false, 19, 7}, {"renewed-entry", false, 19, 12}, {"unknown-line", false, 25, 12}, {"cut-anywhere", true, 12, 54},
			{"echo-renews-nothing", true, 19, 7}, {"not-mine", true, 13, 20}, {"overheard-expired", true, 9, 15}, {"packet-sender", true, 7, 6},
			{"strange-operation", true, 8, 11}, {"vast-tick", true, 24, 8}, {"wrong-echoer", true, 16, 8}}, "question-resolves"},
		{"all connections share a count", []failure{
			{"attempts-run-out", false, 15, 20}, {"own-count", false, 15, 17}, {"file-read-anew", false, 18, 20}, {"secret-kept", false, 21, 19},
			{"answer-survives", true, 15, 12}, {"descriptors-kept", true, 20, 41}, {"random-talk", true, 16, 9}}, "own-count"},
		{"nothing is wrong", nil, ""},
		{"of two alike the first", []failure{{"first", false, 1, 5}, {"second", false, 1, 5}}, "first"},
		{"the first rule", []failure{{"longer", false, 2, 6}, {"shorter", false, 3, 5}}, "longer"},
		{"in a rule the fewest steps", []failure{{"longer", false, 2, 6}, {"shorter", false, 2, 5}}, "shorter"},
		{"a public one before a hidden one", []failure{{"hidden", true, 1, 1}, {"public", false, 2, 5}}, "public"},
		{"one of no rule is the last", []failure{{"own", false, 0, 1}, {"given", false, 2, 5}}, "given"},
	} {
		names := map[int]string{-1: ""}
		played := make([]Played, 2) // that passed
		for _, f := range c.failures {
			names[len(played)] = f.name
			played = append(played, Played{Failed: true, Hidden: f.hidden, Rule: f.rule, Steps: f.steps})
		}
		if got := names[Best(append(played, Played{}))]; got != c.want {
			t.Errorf("%s: %q is shown; want %q", c.mistake, got, c.want)
		}
	}
}
