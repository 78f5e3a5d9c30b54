package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
)

// Text writes a line a submission, for a terminal, and of one's own all that there
// is to know.
func Text(w io.Writer, c *Class) error {
	if c.Own {
		return pages(w, c)
	}
	var b bytes.Buffer
	width := len("submission")
	all, err := c.summaries()
	if err != nil {
		return err
	}
	for _, s := range all {
		width = max(width, len([]rune(Line(s.Submission))))
	}
	fmt.Fprintf(&b, "%s", pad("submission", width))
	for _, name := range c.Lessons {
		fmt.Fprintf(&b, "  %*s", column(name), name)
	}
	fmt.Fprintf(&b, "  %9s\n", "score")
	for _, s := range all {
		fmt.Fprintf(&b, "%s", pad(Line(s.Submission), width))
		for _, name := range c.Lessons {
			fmt.Fprintf(&b, "  %*s", column(name), short(s.Lesson(name)))
		}
		fmt.Fprintf(&b, "  %9s", strings.ReplaceAll(of(s.Score, s.MaxScore), " of ", "/"))
		if why := remark(s); why != "" {
			fmt.Fprintf(&b, "  %s", why)
		}
		b.WriteString("\n")
	}
	_, err = b.WriteTo(w)
	return err
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-len([]rune(text))))
}

func column(lesson string) int { return max(len(lesson), 8) }

// short puts a lesson's outcome into eight columns. A teacher's decision has a star.
func short(l *result.Lesson) string {
	if l == nil {
		return ""
	}
	if l.Decision != nil {
		return strings.ReplaceAll(of(l.Score, l.MaxScore), " of ", "/") + "*"
	}
	if word, ok := map[result.Status]string{
		result.NotStarted: "-", result.Missing: "missing", result.BuildFailed: "build", result.Rejected: "refused", result.Unknown: "error",
	}[l.Status]; ok {
		return word
	}
	return strings.ReplaceAll(of(l.Score, l.MaxScore), " of ", "/")
}

// remark is what was decided about a submission, or the first reason why not all of it
// was played, or could be told.
func remark(s *result.Submission) string {
	for i := range s.Lessons {
		if text := decided(&s.Lessons[i]); text != "" {
			return Line("* " + s.Lessons[i].Lesson + ": " + text)
		}
	}
	for _, f := range s.Findings {
		if f.Severity == result.Essential && f.Lesson == "" {
			return Line(f.String())
		}
	}
	for _, l := range s.Lessons {
		if l.Reason != "" {
			return Line(l.Reason)
		}
		for _, f := range s.Findings {
			if f.Severity == result.Essential && f.Lesson == l.Lesson {
				return Line(l.Lesson + ": " + f.String())
			}
		}
		for _, sc := range l.Scenarios {
			if sc.Status == telling.Error {
				return Line(l.Lesson + ", scenario " + sc.Scenario + ": " + sc.Reason)
			}
		}
	}
	return ""
}

// pages writes each submission in full, for the one who wrote it: every scenario, a
// line for each failure, and last the page of the one from which the mistake is
// found soonest.
func pages(w io.Writer, c *Class) error {
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		var b bytes.Buffer
		for i := range s.Lessons {
			writeLesson(&b, s, &s.Lessons[i])
		}
		for _, f := range s.Findings {
			if f.Lesson == "" && f.Severity != result.Informative {
				fmt.Fprintf(&b, "%s\n", Line(f.String()))
			}
		}
		if len(s.Lessons) > 1 {
			fmt.Fprintf(&b, "Together: %s\n", of(s.Score, s.MaxScore))
		}
		if _, err := b.WriteTo(w); err != nil {
			return err
		}
	}
	return nil
}

func writeLesson(b *bytes.Buffer, s *result.Submission, l *result.Lesson) {
	fmt.Fprintf(b, "%s: %s", l.Lesson, of(l.Score, l.MaxScore))
	if word := says[l.Status]; word != "" {
		fmt.Fprintf(b, " (%s)", word)
	}
	b.WriteString("\n")
	for _, reason := range reasons(s, l) {
		fmt.Fprintf(b, "  %s\n", strings.ReplaceAll(printable(reason), "\n", "\n  "))
	}
	width := 0
	for _, sc := range l.Scenarios {
		width = max(width, len(sc.Scenario))
	}
	for _, sc := range l.Scenarios {
		hidden := ""
		if sc.Hidden {
			hidden = " (hidden)"
		}
		fmt.Fprintf(b, "  %-5s %6s  %s  %s%s\n", sc.Status, of(sc.Score, sc.MaxScore), pad(sc.Scenario, width), printable(sc.Title), hidden)
		if sc.Reason != "" {
			fmt.Fprintf(b, "               %s\n", Line(sc.Reason))
		}
	}
	b.WriteString("\n")
	writeAdvice(b, s, l)
	writeFailures(b, l)
}

func writeAdvice(b *bytes.Buffer, s *result.Submission, l *result.Lesson) {
	all := advice(s, l)
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "%s, worth knowing though it costs no points:\n", l.Lesson)
	for _, text := range all {
		fmt.Fprintf(b, "  %s\n", Line(text))
	}
	b.WriteString("\n")
}

// writeFailures ends with what is to be read first: that is what a terminal shows.
func writeFailures(b *bytes.Buffer, l *result.Lesson) {
	failed := l.Failures()
	if len(failed) == 0 {
		return
	}
	for _, sc := range failed[1:] {
		fmt.Fprintln(b, inLine(l.Lesson, sc))
	}
	if len(failed) > 1 {
		b.WriteString("\n")
	}
	fmt.Fprintf(b, "%s\n%s: %s points, %d of %d scenarios failed\n\n",
		page(l.Lesson, failed[0]), l.Lesson, of(l.Score, l.MaxScore), len(failed), len(l.Scenarios))
}
