package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadRules(t *testing.T) {
	const readme = "# Chat\n\n## The program\n\n" +
		"1. A server prints `listening on` once it is bound. (`greeting`)\n" +
		"2. A line ends with LF,\n   however it arrives.\n   (`split-line`,\n   `glued-lines`†).\n\n" +
		"3. 一行以 LF 结束。（`split-line`、`glued-lines`）\n" +
		"4. This one names nothing (`but` here).\n\n" +
		"And a sentence behind the list. (`greeting`)\n\n" +
		"## Run it by hand\n\n1. Start `nc`.\n2. Type.\n"
	rules, problems := readRules("README.md", readme)
	want := []rule{{"1", []string{"greeting"}}, {"2", []string{"glued-lines", "split-line"}}, {"3", []string{"glued-lines", "split-line"}}}
	if diff := cmp.Diff(want, rules, cmp.AllowUnexported(rule{})); diff != "" {
		t.Errorf("rules (-want +got):\n%s", diff)
	}
	wantProblems := []string{"README.md: rule 4 names no scenario at its end, as in: (`split-line`)"}
	if diff := cmp.Diff(wantProblems, problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestCompareRules(t *testing.T) {
	english := []rule{{"1", []string{"a"}}, {"2", []string{"b", "c"}}, {"3", []string{"d"}}}
	chinese := []rule{{"1", []string{"a"}}, {"2", []string{"b"}}, {"4", []string{"d"}}}
	got := compareRules("README.zh-CN.md", english, chinese)
	want := []string{
		"README.zh-CN.md: rule 2 names b; in README.md it names b, c",
		"README.zh-CN.md: rule 3 of README.md is missing",
		"README.zh-CN.md: rule 4 is not in README.md",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
