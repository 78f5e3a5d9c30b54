package result

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness/telling"
)

func sample() *Submission {
	s := &Submission{
		Schema: Schema, Submission: `a "\`, Findings: []Finding{},
		Lessons: []Lesson{{Lesson: "chat", Status: Graded, Build: []Message{}, Scenarios: []Scenario{
			{Scenario: "one", Status: "pass", Score: Points(2), MaxScore: 2},
			{Scenario: "two", Title: `{[:,]} \"`, Status: "fail", Score: Points(0), MaxScore: 1, Failure: &telling.Failure{Steps: []telling.Step{{Line: 2, Text: "dial"}, {Line: 3, Text: "<send>"}}}},
		}}},
	}
	s.Lessons[0].Sum()
	s.Sum()
	return s
}

const encoded = `{
  "schema": "wirebook/result/v1",
  "submission": "a \"\\",
  "workbook": "",
  "toolchain": "",
  "seed": 0,
  "sandbox": "",
  "complete": true,
  "score": 2,
  "max_score": 3,
  "findings": [],
  "lessons": [
    {
      "lesson": "chat",
      "digest": "",
      "status": "graded",
      "complete": true,
      "score": 2,
      "max_score": 3,
      "best": "two",
      "build": [],
      "scenarios": [
        {"scenario":"one","title":"","status":"pass","score":2,"max_score":2,"hidden":false},
        {"scenario":"two","title":"{[:,]} \\\"","status":"fail","score":0,"max_score":1,"hidden":false,"failure":{"message":"","steps":[{"line":2,"text":"dial"},{"line":3,"text":"<send>"}]}}
      ]
    }
  ]
}
`

func TestEncode(t *testing.T) {
	data, err := sample().Encode()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(encoded, "\n"), strings.Split(string(data), "\n")); diff != "" {
		t.Errorf("result.json (-want +got):\n%s", diff)
	}
	back, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sample(), back); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// Breaking lines changes nothing, whatever stands in strings.
func FuzzEncode(f *testing.F) {
	f.Add("", `\`)
	f.Add(`\"`, "\x00\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		s := sample()
		s.Submission, s.Lessons[0].Scenarios[1].Failure.Message = a, b
		data, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		var broken, whole any
		plain, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &broken); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		if err := json.Unmarshal(plain, &whole); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(whole, broken); diff != "" {
			t.Errorf("(-plain +encoded):\n%s", diff)
		}
	})
}

// The failure to read first is chosen once, when all that explains it is there, and
// comes first of all.
func TestBest(t *testing.T) {
	failure := func(name string, rule, steps int) Scenario {
		return Scenario{Scenario: name, Rule: rule, Status: telling.Fail, Failure: &telling.Failure{Steps: make([]telling.Step, steps)}}
	}
	l := &Lesson{Status: Graded, Scenarios: []Scenario{
		failure("long", 3, 9), {Scenario: "skipped", Status: telling.Skip}, failure("short", 3, 2), failure("shorter", 4, 1),
		{Scenario: "passed", Status: telling.Pass},
	}}
	l.Sum()
	var names []string
	for _, s := range l.Failures() {
		names = append(names, s.Scenario)
	}
	if got := strings.Join(names, " "); l.Best != "short" || got != "short long shorter" {
		t.Errorf("best %q, failures %q; want short, and then the others in order", l.Best, got)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, bad := range []string{"", encoded[:len(encoded)/2], strings.Replace(encoded, "v1", "v2", 1), "[]"} {
		if s, err := Decode([]byte(bad)); err == nil {
			t.Errorf("Decode(%.40q) is %+v; want an error", bad, s)
		}
	}
}
