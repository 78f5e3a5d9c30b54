package receiver

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

const (
	workflowCommands = "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands"
	actionCommand    = "https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs"
)

// obeyed is a line of a log that the runner takes for a command.
var (
	obeyed     = regexp.MustCompile(`^\s*::.*::`)
	older      = regexp.MustCompile(`##\[`)
	annotation = regexp.MustCompile(`^::error( (file|line|endLine|col|endColumn|title)=[^:,\r\n]*(,(file|line|endLine|col|endColumn|title)=[^:,\r\n]*)*)?::.+$`)
	percent    = regexp.MustCompile(`%(25|0A|0D|3A|2C)`)
)

func commandsIn(log any) []string {
	var all []string
	for _, line := range strings.Split(log.(string), "\n") {
		if obeyed.MatchString(line) || older.MatchString(line) {
			all = append(all, line)
		}
	}
	return all
}

// GitHubLog takes what a step prints.
var GitHubLog = &Receiver{
	Name: "GitHub's log", good: "talk\n::error file=a.go,line=3,title=100%25::it%0Afails\n", parse: asLines,
	rules: []rule{
		{"what is a command is an annotation", workflowCommands + "#setting-an-error-message",
			func(f any) string {
				for _, line := range commandsIn(f) {
					if !annotation.MatchString(line) && !older.MatchString(line) {
						return line
					}
				}
				return ""
			}, "  ::add-mask::a\n"},
		{"no line holds a command of the older kind", actionCommand,
			func(f any) string {
				for _, line := range commandsIn(f) {
					if older.MatchString(line) {
						return line
					}
				}
				return ""
			}, "talk ##[error]x\n"},
		{"a percent sign is escaped", actionCommand,
			func(f any) string {
				for _, line := range commandsIn(f) {
					if strings.Contains(percent.ReplaceAllString(line, ""), "%") {
						return line
					}
				}
				return ""
			}, "::error title=t::100%\n"},
		{"ten annotations of a kind are shown of a step", "https://github.com/orgs/community/discussions/26680",
			func(f any) string { return unless(len(commandsIn(f)) <= 10, len(commandsIn(f))) }, strings.Repeat("::error::x\n", 11)},
	},
}

// GitHubSummary takes the summary of a step.
var GitHubSummary = &Receiver{
	Name: "GitHub's summary", good: "# Scores\n", parse: asLines,
	rules: []rule{
		{"a summary has at most 1 MiB", workflowCommands + "#step-isolation-and-limits",
			func(f any) string { return unless(len(f.(string)) <= 1<<20, len(f.(string))) }, strings.Repeat("x", 1<<20+1)},
		{"a summary is in UTF-8", workflowCommands + "#environment-files",
			func(f any) string { return unless(utf8.ValidString(f.(string)), "not") }, "\xff"},
		{"a block of code ends", "https://github.github.com/gfm/#fenced-code-blocks",
			func(f any) string {
				open := ""
				for _, line := range strings.Split(f.(string), "\n") {
					row := line[:len(line)-len(strings.TrimLeft(line, "`"))]
					switch {
					case open == "" && len(row) >= 3:
						open = row
					case open != "" && len(row) >= len(open) && strings.TrimSpace(line) == row:
						open = ""
					}
				}
				return unless(open == "", fmt.Sprintf("open behind %s", open))
			}, "```\nx\n"},
	},
}
