package report

import (
	"encoding/json"
	"html"
	"slices"
	"strings"
	"testing"
)

// plain undoes what formats do to a text to keep it harmless.
func plain(t *testing.T, format, text string) string {
	if format == "feedback" {
		var all strings.Builder
		for _, page := range unzip(t, text) {
			all.WriteString(page)
		}
		text = all.String()
	}
	return text + html.UnescapeString(text)
}

// What is passed on shows of a hidden scenario its name, points and result alone,
// with "got" what the program did, and with "all" everything. What is the
// teacher's shows it.
func TestHiddenStaysHidden(t *testing.T) {
	passedOn := 0
	for _, f := range formats {
		for h, want := range map[Hidden]struct{ secret, given bool }{
			HiddenNames: {false, false}, HiddenGot: {false, true}, HiddenAll: {true, true},
		} {
			text, said := written(t, f.Name, sample(), h, "")
			text = plain(t, f.Name, text+said)
			if !f.passedOn {
				continue
			}
			if f.Name == "gitlab" { // which tells of code, and not of plays
				want.secret, want.given = false, false
			}
			if h == HiddenAll && slices.Contains([]string{"github", "autolab", "markdown"}, f.Name) {
				want.given = false // they tell all failures but the first in a line
			}
			passedOn++
			if got := strings.Contains(text, secret); got != want.secret {
				t.Errorf("%s, %q: what is hidden is shown: %v; want %v", f.Name, h, got, want.secret)
			}
			if got := strings.Contains(text, given); got != want.given {
				t.Errorf("%s, %q: what the program did is shown: %v; want %v", f.Name, h, got, want.given)
			}
			if f.Name != "gitlab" && !strings.Contains(text, "late-one") {
				t.Errorf("%s, %q: the hidden scenario is not named", f.Name, h)
			}
		}
	}
	if passedOn != 3*9 {
		t.Errorf("%d formats are passed on; want 9", passedOn/3)
	}
	var file map[string]any
	text, _ := written(t, "json", sample(), HiddenNames, "")
	if err := json.Unmarshal([]byte(text), &file); err != nil || !strings.Contains(text, secret) {
		t.Errorf("json: %v; want all that is there, for the teacher", err)
	}
}

// A student who has the solutions is shown everything.
func TestOwnIsWhole(t *testing.T) {
	own := alone(sample())
	own.Own = true
	for _, format := range []string{"text", "junit", "markdown", "gradescope"} {
		if text, _ := written(t, format, own, HiddenNames, ""); !strings.Contains(text, secret) {
			t.Errorf("%s: what is hidden from others is hidden from its owner", format)
		}
	}
}
