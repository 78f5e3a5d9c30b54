package report

import (
	"fmt"
	"regexp"
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// markdown writes a submission as feedback for the one who wrote it: its points,
// and of each lesson the failure from which the mistake is found soonest.
func markdown(s *result.Submission, _ *Options) ([]byte, error) {
	blocks := []string{"# " + code(s.Submission), "**" + of(s.Score, s.MaxScore) + " points**"}
	var about []string
	if s.Team != "" {
		about = append(about, "Handed in by the team "+code(s.Team))
	}
	for _, f := range general(s) {
		about = append(about, code(f.String()))
	}
	blocks = append(blocks, items(about)...)
	for i := range s.Lessons {
		blocks = append(blocks, lessonBlocks(s, &s.Lessons[i])...)
	}
	return []byte(strings.Join(blocks, "\n\n") + "\n"), nil
}

// lessonBlocks are what stands about a lesson, with an empty line between them.
func lessonBlocks(s *result.Submission, l *result.Lesson) []string {
	head := fmt.Sprintf("## %s: %s", l.Lesson, of(l.Score, l.MaxScore))
	if word := says[l.Status]; word != "" {
		head += " (" + word + ")"
	}
	blocks := []string{head}
	for _, reason := range reasons(s, l) {
		blocks = append(blocks, fenced(reason))
	}
	var lost []string
	for i, sc := range l.Failures() {
		if i == 0 {
			blocks = append(blocks, fenced(page(l.Lesson, sc)))
		} else {
			lost = append(lost, code(inLine(l.Lesson, sc)))
		}
	}
	for _, sc := range l.Scenarios {
		switch {
		case sc.Status == telling.Pass, sc.Failure != nil:
		case sc.Status == telling.Fail:
			lost = append(lost, fmt.Sprintf("`%s (0 of %s)`: a hidden scenario", sc.Scenario, number(sc.MaxScore)))
		case sc.Reason == "":
			lost = append(lost, fmt.Sprintf("`%s`: %s", sc.Scenario, sc.Status))
		default:
			lost = append(lost, fmt.Sprintf("`%s`: %s: %s", sc.Scenario, sc.Status, code(sc.Reason)))
		}
	}
	blocks = append(blocks, items(lost)...)
	var notes []string
	for _, text := range advice(s, l) {
		notes = append(notes, code(text))
	}
	if len(notes) > 0 {
		blocks = append(blocks, append([]string{"Worth knowing, though it costs no points:"}, items(notes)...)...)
	}
	if names := passed(l); len(names) > 0 {
		blocks = append(blocks, "Passed: `"+strings.Join(names, "`, `")+"`")
	}
	return blocks
}

// items are a block, where there are any.
func items(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	return []string{"* " + strings.Join(lines, "\n* ")}
}

var backquotes = regexp.MustCompile("`+")

// fence is a row of backquotes that is longer than any in the text.
func fence(text string, least int) string {
	for _, row := range backquotes.FindAllString(text, -1) {
		least = max(least, len(row)+1)
	}
	return strings.Repeat("`", least)
}

// code puts a stranger's text into a line as it is: no part of it is markup, a
// link or somebody's name.
func code(text string) string {
	text = Line(text)
	around := fence(text, 1)
	if text == "" || strings.Trim(text, "` ") != text {
		return around + " " + text + " " + around
	}
	return around + text + around
}

// fenced puts a stranger's text into a block as it is.
func fenced(text string) string {
	text = strings.Trim(printable(text), "\n")
	around := fence(text, 3)
	return around + "\n" + text + "\n" + around
}
