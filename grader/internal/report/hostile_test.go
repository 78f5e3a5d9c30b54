package report

import (
	"strings"

	"wirebook/grader/internal/result"

	"wirebook/harness/telling"
)

// attacks are texts that steer those who take them as they are: terminals, pages,
// spreadsheets, CI systems, readers of Markdown and of XML.
var attacks = []string{
	evil,
	"::error::forged", "  ::add-mask::a", "##[error]forged", "::stop-commands::x", "::a ##[error]::x", "\n\n\t::error::x",
	"=cmd|' /C calc'!A0", "+1+1", "-1-1", "@SUM(A1)", "\t=1", "\r=1", "ann;=1+1",
	"]]></failure></testcase>", "<!--", "&#0;", "\x00\x01\x08\x0b\x0c\x1f\x7f\u0085\ufffe\uffff\xff\xfe",
	"```\n# forged\n```", "`` ` ```", "[click](javascript:alert(1))", "<img src=x onerror=alert(1)>", "![x](https://example.org/x)", "@teacher #1 https://example.org", "a | b | c",
	"{{.}}", "</script><script>alert(1)</script>", "'\"><svg onload=alert(1)>", "%0A::error::forged", "100%",
	`{"scores":{"chat":1000}}`, "\n" + `{"scores":{"chat":1000}}` + "\n",
	"李伟", "作业誠", "Ærøskøbing", "🦀", "e\u0301", "مرحبا",
	strings.Repeat("x", 1<<20), strings.Repeat("`", 1<<16), strings.Repeat("\n", 1<<12),
}

// assault is a submission in which a text stands wherever a stranger's can.
func assault(name, text string) *result.Submission {
	s := &result.Submission{
		Schema: result.Schema, Submission: name, Workbook: strings.Repeat("ab", 32), Seed: 7, Sandbox: "plain",
		Findings: []result.Finding{
			{Severity: result.Essential, File: text, Message: text},
			{Severity: result.Actionable, Lesson: "chat", File: text, Line: 3, Message: text},
		},
		Lessons: []result.Lesson{
			{Lesson: "subnet", Status: result.BuildFailed, MaxScore: 3, Build: []result.Message{{File: text, Line: 4, Column: 2, Message: text}, {Message: text}}},
			{Lesson: "chat", Status: result.Graded, Scenarios: []result.Scenario{
				{Scenario: "split-line", Title: "A line.", Status: telling.Fail, Score: result.Points(0), MaxScore: 2, Failure: &telling.Failure{
					Position: "split-line.txtar:5", Message: "nothing came; it said " + text, Difference: &telling.Difference{Want: `"a"`, Got: text, Caret: 1},
					Steps:  []telling.Step{{Line: 2, Text: "start server"}},
					Ladder: []telling.Rung{{Peer: "screen", Program: "server", Kind: telling.Bytes, Step: 1, Data: []byte(text), Len: len(text)}, {Program: "server", Kind: telling.Exits, Text: text}},
				}},
				{Scenario: "queue", Title: "A queue.", Status: telling.Skip, MaxScore: 1, Reason: text},
				{Scenario: "greeting", Title: "It greets.", Status: telling.Pass, Score: result.Points(1), MaxScore: 1},
			}},
		},
	}
	for i := range s.Lessons {
		s.Lessons[i].Sum()
	}
	s.Sum()
	return s
}

// hostile is a class in which everybody tries.
func hostile() *Class {
	var all []*result.Submission
	for _, text := range attacks {
		name := strings.ReplaceAll(text, "/", "")
		all = append(all, assault(name[:min(len(name), 200)], text))
	}
	return One(all...)
}
