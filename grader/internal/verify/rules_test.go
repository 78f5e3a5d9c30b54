package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness"

	"wirebook/grader/internal/workbook"
)

func TestReadRules(t *testing.T) {
	const readme = "# Chat\n\n## The program\n\n" +
		"1. A server prints `listening on` once it is bound. (`greeting`)\n" +
		"2. A line ends with LF,\n   however it arrives.\n   (`split-line`,\n   `glued-lines`†).\n\n" +
		"3. 一行以 LF 结束。（`split-line`、`glued-lines`）\n" +
		"4. This one names nothing (`but` here).\n\n" +
		"And a sentence behind the list. (`greeting`)\n\n" +
		"## Run it by hand\n\n1. Start `nc`.\n2. Type.\n"
	var r Report
	rules := r.readRules("README.md", readme)
	both := []string{"glued-lines", "split-line"}
	want := []rule{{number: "1", scenarios: []string{"greeting"}}, {"2", both, []string{"glued-lines"}}, {number: "3", scenarios: both}}
	if diff := cmp.Diff(want, rules, cmp.AllowUnexported(rule{})); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	wantProblems := []string{"README.md: rule 4 names no scenario at its end, as in: (`split-line`)"}
	if diff := cmp.Diff(wantProblems, r.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestCompareRules(t *testing.T) {
	english := []rule{{number: "1", scenarios: []string{"a"}}, {number: "2", scenarios: []string{"b", "c"}}, {number: "3", scenarios: []string{"d"}}}
	chinese := []rule{{number: "1", scenarios: []string{"a"}}, {number: "2", scenarios: []string{"b"}}, {number: "4", scenarios: []string{"d"}}}
	var r Report
	r.compareRules("README.zh-CN.md", english, chinese)
	want := []string{
		"README.zh-CN.md: rule 2 names b; in README.md it names b, c",
		"README.zh-CN.md: rule 3 of README.md is missing",
		"README.zh-CN.md: rule 4 is not in README.md",
	}
	if diff := cmp.Diff(want, r.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestInspectMarks(t *testing.T) {
	lesson := &workbook.Lesson{Scenarios: []*harness.Scenario{{Name: "a"}, {Name: "b", Hidden: true}, {Name: "c", Hidden: true}}}
	rules := []rule{{"1", []string{"a", "b"}, []string{"a", "b"}}, {"2", []string{"c"}, nil}}
	var r Report
	r.inspectMarks("README.md", rules, lesson)
	want := []string{
		`README.md: rule 1: the scenario "a" is not hidden; remove the † behind its name`,
		`README.md: rule 2: the scenario "c" is hidden; put a † behind its name`,
	}
	if diff := cmp.Diff(want, r.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
