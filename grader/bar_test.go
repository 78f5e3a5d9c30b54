package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/result"
)

// The bar by a made-up clock: a submission takes ten seconds.
func TestBar(t *testing.T) {
	tests := []struct {
		name                   string
		width, done, kept, all int
		want                   string
	}{
		{"nothing yet", 80, 0, 0, 25, "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   0/25"},
		{"a part", 80, 5, 0, 25, "████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░   5/25  6 a minute, 4 min left"},
		{"kept ones say nothing of the pace", 80, 20, 18, 25, "████████████████████████████████░░░░░░░░  20/25  6 a minute, 50 s left"},
		{"kept ones alone", 80, 18, 18, 25, "████████████████████████████░░░░░░░░░░░░  18/25"},
		{"long", 80, 10, 0, 2000, "░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░    10/2000  6 a minute, 5.5 h left"},
		{"narrow", 50, 5, 0, 25, "███░░░░░░░░░░░░░░░   5/25  6 a minute, 4 min left"},
		{"very narrow", 20, 5, 0, 25, "   5/25  6 a minute"},
		{"all", 80, 25, 0, 25, "████████████████████████████████████████  25/25"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			begun := time.Unix(0, 0)
			worked := test.done - test.kept
			b := &bar{out: &out, width: func() int { return test.width }, begun: begun, now: func() time.Time { return begun.Add(time.Duration(worked) * 10 * time.Second) }}
			b.show(test.done, worked, test.all)
			if diff := cmp.Diff("\r"+test.want, out.String()); diff != "" {
				t.Error(diff)
			}
			out.Reset()
			b.clear()
			if want := "\r" + strings.Repeat(" ", utf8.RuneCountInString(test.want)) + "\r"; out.String() != want {
				t.Errorf("cleared by %q; want %q", &out, want)
			}
		})
	}
}

// On a terminal there is the bar, with a line for what could not be graded; elsewhere a line
// for each.
func TestProgress(t *testing.T) {
	score := 3.0
	results := []*result.Submission{
		{Submission: "ann", Complete: true, Score: &score, MaxScore: 4},
		{Submission: "wei", MaxScore: 4},
	}
	lines := "1/2  ann  3 of 4\n2/2  wei  ? of 4  (incomplete)\n"
	for _, terminal := range []bool{false, true} {
		var out bytes.Buffer
		p := &progress{out: &out, all: 2, decisions: &grade.Decisions{}}
		want := lines
		if terminal {
			p.bar = &bar{out: &out, width: func() int { return 10 }, now: func() time.Time { return time.Time{} }}
			want = "\r░░░░  0/2\r██░░  1/2\r         \r2/2  wei  ? of 4  (incomplete)\n\r████  2/2\r         \r"
		}
		p.show()
		for _, s := range results {
			p.done(s, false)
		}
		p.end()
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("terminal: %v\n%s", terminal, diff)
		}
	}
}
