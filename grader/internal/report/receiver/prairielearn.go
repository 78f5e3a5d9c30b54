package receiver

import (
	"fmt"
	"strings"
)

const prairielearnDocs = "https://docs.prairielearn.com/externalGrading/#grading-results"

// PrairieLearn takes an external grader's results.json.
var PrairieLearn = &Receiver{
	Name: "PrairieLearn",
	good: `{"gradable":true,"score":0.25,"message":"m","output":"o","tests":[{"name":"a","points":1,"max_points":2}]}`,
	parse: func(data string) (any, error) {
		value, err := asJSON(data)
		return map[string]any{"file": value, "size": float64(len(data))}, err
	},
	rules: []rule{
		{"the file is limited to 1 MB", prairielearnDocs,
			func(f any) string { return unless(field(f, "size").(float64) <= 1_000_000, field(f, "size")) },
			`{"score":1,"message":"` + strings.Repeat("x", 1_000_000) + `"}`},
		{"score is from 0 to 1, or the submission is not gradable", prairielearnDocs,
			func(f any) string {
				score, ok := field(f, "file", "score").(float64)
				return unless(field(f, "file", "gradable") == false || ok && 0 <= score && score <= 1, field(f, "file", "score"))
			}, `{"score":25}`},
		{"gradable is true or false", prairielearnDocs,
			func(f any) string {
				value := field(f, "file", "gradable")
				_, ok := value.(bool)
				return unless(ok || value == nil, value)
			}, `{"score":1,"gradable":"yes"}`},
		{"format_errors is a string or an array of strings", prairielearnDocs,
			func(f any) string {
				value := field(f, "file", "format_errors")
				if value == nil || isText(value) {
					return ""
				}
				if _, ok := value.([]any); !ok {
					return fmt.Sprint(value)
				}
				return every(list(value), isText)
			}, `{"gradable":false,"format_errors":{"a":"b"}}`},
		{"a test's points are numbers, and the rest of it is text", prairielearnDocs,
			func(f any) string {
				return every(list(field(f, "file", "tests")), func(t any) bool {
					for name, value := range t.(map[string]any) {
						_, text := value.(string)
						if points := name == "points" || name == "max_points"; points != isNumber(value) || points == text {
							return false
						}
					}
					return true
				})
			}, `{"score":1,"tests":[{"name":"a","points":"1"}]}`},
	},
}
