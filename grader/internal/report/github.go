package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"wirebook/grader/internal/result"
)

const (
	// githubSummary is how many bytes a step's summary may have.
	githubSummary = 1 << 20
	// githubAnnotations is how many of a kind are shown of a step.
	githubAnnotations = 10
)

// github writes the summary of a job, and of one submission gives GitHub an
// annotation for each failure that stands there in full, as far as it shows them.
func github(w io.Writer, c *Class, o *Options) error {
	all, err := c.summaries()
	if err != nil {
		return err
	}
	var summary, commands bytes.Buffer
	if len(all) > 1 {
		writeScores(&summary, c, all)
	}
	annotations := 0
	for s, err := range c.Submissions {
		if err != nil {
			return err
		}
		text, err := markdown(s, o)
		if err != nil {
			return err
		}
		summary.Write(append(text, '\n'))
		for i := range s.Lessons {
			if a := annotation(s, &s.Lessons[i]); a != "" && len(all) == 1 && annotations < githubAnnotations {
				annotations++
				commands.WriteString(a)
			}
		}
		if summary.Len() > githubSummary {
			break
		}
	}
	if _, err := o.Commands.Write(commands.Bytes()); err != nil {
		return err
	}
	_, err = io.WriteString(w, cutMarkdown(summary.String(), githubSummary))
	return err
}

// writeScores writes a class as a table.
func writeScores(b *bytes.Buffer, c *Class, all []*result.Submission) {
	fmt.Fprintf(b, "| submission | %s | score |\n|---|%s---:|\n", strings.Join(c.Lessons, " | "), strings.Repeat("---:|", len(c.Lessons)))
	for _, s := range all {
		// In a table even code is cut at a bar.
		fmt.Fprintf(b, "| %s |", strings.ReplaceAll(code(s.Submission), "|", `\|`))
		for _, name := range c.Lessons {
			fmt.Fprintf(b, " %s |", short(s.Lesson(name)))
		}
		fmt.Fprintf(b, " %s |\n", of(s.Score, s.MaxScore))
	}
	b.WriteString("\n")
}

// annotation is what GitHub shows beside a run of a lesson: what does not compile,
// or the failure to read first.
func annotation(s *result.Submission, l *result.Lesson) string {
	if len(l.Build) > 0 {
		m := l.Build[0]
		return fmt.Sprintf("::error file=%s,line=%d,title=%s::%s\n",
			escapeProperty(inWorkbook(l.Lesson, m.File)), max(1, m.Line), escapeProperty(l.Lesson+" does not compile"), escapeData(Line(m.Message)))
	}
	failed := l.Failures()
	if len(failed) == 0 {
		return ""
	}
	title := fmt.Sprintf("%s/%s (0 of %s)", l.Lesson, failed[0].Scenario, number(failed[0].MaxScore))
	return fmt.Sprintf("::error title=%s::%s\n", escapeProperty(title), escapeData(cutText(Line(failed[0].Failure.Message), 4000)))
}

var dataEscapes = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")

func escapeData(text string) string { return dataEscapes.Replace(text) }

func escapeProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(Line(text)))
}

// cutMarkdown keeps the beginning of a text, and ends a block that it cuts.
func cutMarkdown(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const longFence = 64
	const note = "\n\nThe rest is left out: GitHub takes no more.\n"
	text = text[:most-len(note)-longFence]
	text = text[:strings.LastIndex(text, "\n")+1]
	open, at, i := "", 0, 0
	for line := range strings.Lines(text) {
		fence := strings.TrimSuffix(line, "\n")
		switch {
		case open == "" && strings.HasPrefix(fence, "```"):
			open, at = fence, i
		case fence == open:
			open = ""
		}
		i += len(line)
	}
	if len(open) > longFence { // it does not fit a second time
		return text[:at] + note
	}
	return text + open + note
}
