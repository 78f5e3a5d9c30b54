package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/report/receiver"
)

// From a platform's zip to what the platform takes back it is three commands.
func TestDownloads(t *testing.T) {
	needsAll(t)
	tests := []struct {
		platform, roster string
		takes            *receiver.Receiver // the marks
		takesPages       *receiver.Receiver
		marks            []string // of the roster's rows: who, and how many points
		pages            []string
	}{
		{"moodle", "moodle-worksheet.csv", receiver.MoodleWorksheet, receiver.MoodleFeedback,
			[]string{"李 伟 10", "Ann Lee 8.21", "Bob Sand 0", "Eve Moon "},
			[]string{"Ann Lee_124_assignsubmission_file/feedback.html", "Bob Sand_125_assignsubmission_file/feedback.html", "李 伟_123_assignsubmission_file/feedback.html"}},
		{"canvas", "canvas-gradebook.csv", receiver.CanvasGradebook, receiver.CanvasFeedback,
			[]string{"Li, Wei 10", "Lee, Ann 8.21", "Sand, Bob 0"},
			[]string{"leeann_LATE_112_224_feedback.html", "liwei_111_222_feedback.html", "sandbob_113/feedback.html"}},
	}
	for _, test := range tests {
		t.Run(test.platform, func(t *testing.T) {
			dir := t.TempDir()
			out, marks, pages := filepath.Join(dir, "results"), filepath.Join(dir, "marks.csv"), filepath.Join(dir, "feedback.zip")
			downloads := filepath.Join("..", "testdata", "downloads")
			mustRun(t, exitGraded, "grade", filepath.Join(downloads, test.platform+".zip"), "hello", "-o", out, "--seed", "1")
			mustRun(t, exitGraded, "report", out, "--format", test.platform+"="+marks, "--roster", filepath.Join(downloads, test.roster))
			mustRun(t, exitGraded, "report", out, "--format", "feedback="+pages)

			text := readText(t, marks)
			if err := test.takes.Check(text); err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(test.marks, marksOf(t, text)); diff != "" {
				t.Errorf("the marks (-want +got):\n%s", diff)
			}
			names := strings.Split(strings.TrimSpace(namesIn(t, pages)), "\n")
			if diff := cmp.Diff(test.pages, names); diff != "" {
				t.Errorf("the pages (-want +got):\n%s", diff)
			}
			// Who handed in no file has none to which Canvas could add a page.
			known := slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "sandbob") })
			if err := test.takesPages.Check(strings.Join(known, "\n") + "\n"); err != nil {
				t.Error(err)
			}
		})
	}
}

// A team's clone is each member's, and the clones are called as their students.
func TestTeamsOfClones(t *testing.T) {
	needsAll(t)
	out := filepath.Join(t.TempDir(), "results")
	downloads := filepath.Join("..", "testdata", "downloads")
	mustRun(t, exitGraded, "grade", filepath.Join(downloads, "hw1-submissions"), "hello", "-o", out, "--seed", "1", "--teams", filepath.Join(downloads, "teams.csv"))
	var got []string
	for _, s := range readResults(t, out) {
		got = append(got, fmt.Sprintf("%s %g %s", s.Submission, *s.Score, s.Team))
	}
	if diff := cmp.Diff([]string{"ann 39 red", "wei 39 red", "zoe 32 "}, got); diff != "" {
		t.Errorf("the class (-want +got):\n%s", diff)
	}
}

// A hand-in is played again out of the download that was graded.
func TestAppeal(t *testing.T) {
	needsAll(t)
	out := filepath.Join(t.TempDir(), "results")
	download := filepath.Join("..", "testdata", "downloads", "canvas.zip")
	mustRun(t, exitGraded, "grade", download, "hello", "-o", out, "--seed", "1")
	replay := func(want int, args ...string) (told, said string) {
		t.Helper()
		return mustRun(t, want, append([]string{"replay", "--class", download, "--results", out}, args...)...)
	}
	told, _ := replay(exitGraded, "leeann_112", "hello", "client-megabyte")
	if !strings.HasPrefix(told, "client-megabyte: ") || !strings.Contains(told, "\nThe same as when it was graded: fail, 0 of ") {
		t.Errorf("told:\n%s\nwant the page, and that it is the same", told)
	}
	dir := t.TempDir()
	html, pcapng := filepath.Join(dir, "play.html"), filepath.Join(dir, "play.pcapng")
	told, _ = replay(exitGraded, "leeann_112", "hello", "client-megabyte", "--html", html, "--pcapng", pcapng)
	for _, want := range []string{"\nThe same as when it was graded: ", "\nThe page is in " + html, "\nThe capture is in " + pcapng} {
		if !strings.Contains(told, want) {
			t.Errorf("told:\n%s\nwant %q", told, want)
		}
	}
	if page := readText(t, html); !strings.Contains(page, "client-megabyte") || !strings.Contains(page, "<svg") {
		t.Errorf("the page has neither name nor drawing:\n%.500s", page)
	}
	if capture := readText(t, pcapng); strings.Count(capture, "step ") < 3 {
		t.Errorf("the capture of %d bytes has no steps", len(capture))
	}
	for want, args := range map[string][]string{
		`there is no result of "nobody"`:          {"nobody", "hello", "client-megabyte"},
		"leeann_112: chat was not graded":         {"leeann_112", "chat", "split-line"},
		`hello has no scenario "client-gigabyte"`: {"leeann_112", "hello", "client-gigabyte"},
		"which submission, lesson and scenario?":  {"hello", "client-megabyte"},
		"--hex is for a program of this tree":     {"leeann_112", "hello", "client-megabyte", "--hex"},
	} {
		if _, said := replay(exitUsage, args...); !strings.Contains(said, want) {
			t.Errorf("%v: said %q; want %q", args, said, want)
		}
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// namesIn are the names of the files in a zip, a line each, sorted.
func namesIn(t *testing.T, path string) string {
	t.Helper()
	var names []string
	for name := range zipFiles(t, []byte(readText(t, path))) {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, "\n") + "\n"
}

// marksOf are the names in a grade book and the marks behind them.
func marksOf(t *testing.T, text string) (marks []string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	who, mark := slices.Index(rows[0], "Full name"), slices.Index(rows[0], "Grade")
	if who < 0 {
		who, mark, rows = 0, len(rows[0])-1, rows[1:] // Canvas's second row is the maximum
	}
	for _, row := range rows[1:] {
		marks = append(marks, row[who]+" "+row[mark])
	}
	return marks
}
