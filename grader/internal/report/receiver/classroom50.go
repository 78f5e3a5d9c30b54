package receiver

import (
	"regexp"
	"slices"
	"strings"
)

const classroom50Schema = "https://github.com/foundation50/classroom50/blob/main/schemas/result-v1.schema.json"

var (
	classroom50Texts = []string{"classroom", "assignment", "owner", "commit", "release", "review"}
	classroom50Known = append([]string{"schema", "assignment_type", "submission", "datetime", "graded_at", "score", "max-score", "tests", "submitted_by"}, classroom50Texts...)
	instant          = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$`)
)

const classroom50Good = `{"schema":"classroom50/result/v1","classroom":"c","assignment":"a","assignment_type":"individual","owner":"o",
"submission":"submit/1","commit":"c","release":"r","review":"v","datetime":"2026-11-28T10:00:00Z","score":1,"max-score":2,
"tests":[{"test-name":"t","passed":true,"score":1,"max-score":2}]}`

// but is the good file with a part replaced.
func but(old, replacement string) string {
	return strings.Replace(classroom50Good, old, replacement, 1)
}

// Classroom50 takes an autograder's result.json.
var Classroom50 = &Receiver{
	Name: "Classroom 50", good: classroom50Good, parse: asJSON,
	rules: []rule{
		{"schema is classroom50/result/v1", classroom50Schema,
			func(f any) string { return unless(field(f, "schema") == "classroom50/result/v1", field(f, "schema")) }, but("result/v1", "result/v2")},
		{"who, what and where are texts and not empty", classroom50Schema,
			func(f any) string {
				for _, name := range classroom50Texts {
					if !isText(field(f, name)) {
						return name
					}
				}
				return ""
			}, but(`"owner":"o"`, `"owner":""`)},
		{"there are no other fields", classroom50Schema,
			func(f any) string {
				object, _ := f.(map[string]any)
				for name := range object {
					if !slices.Contains(classroom50Known, name) {
						return name
					}
				}
				return ""
			}, but(`"score":1`, `"usernames":[],"score":1`)},
		{"assignment_type is individual or group", classroom50Schema,
			func(f any) string {
				value := field(f, "assignment_type")
				return unless(value != nil && oneOf(value, "individual", "group"), value)
			}, but("individual", "team")},
		{"submission begins with submit/", classroom50Schema,
			func(f any) string {
				text, _ := field(f, "submission").(string)
				return unless(strings.HasPrefix(text, "submit/"), text)
			}, but("submit/1", "v1")},
		{"datetime is a UTC instant", classroom50Schema,
			func(f any) string {
				text, _ := field(f, "datetime").(string)
				return unless(instant.MatchString(text), text)
			}, but("10:00:00Z", "10:00:00+08:00")},
		{"score and max-score are integers from 0", classroom50Schema,
			func(f any) string {
				return every(append(list(field(f, "tests")), f), func(t any) bool { return isWhole(field(t, "score")) && isWhole(field(t, "max-score")) })
			}, but(`"score":1,"max`, `"score":0.5,"max`)},
		{"a score is at most its max-score", classroom50Schema + "#:~:text=score <= max-score",
			func(f any) string {
				return every(append(list(field(f, "tests")), f), func(t any) bool {
					score, _ := field(t, "score").(float64)
					most, _ := field(t, "max-score").(float64)
					return score <= most
				})
			}, but(`"score":1,"max-score":2,`, `"score":3,"max-score":2,`)},
		{"tests is a list", classroom50Schema,
			func(f any) string {
				_, ok := field(f, "tests").([]any)
				return unless(ok, field(f, "tests"))
			}, but(`"tests":[{"test-name":"t","passed":true,"score":1,"max-score":2}]`, `"tests":null`)},
		{"a test has a name and says whether it passed", classroom50Schema,
			func(f any) string {
				return every(list(field(f, "tests")), func(t any) bool {
					_, ok := field(t, "passed").(bool)
					return ok && isText(field(t, "test-name"))
				})
			}, but(`"passed":true`, `"passed":"yes"`)},
	},
}
