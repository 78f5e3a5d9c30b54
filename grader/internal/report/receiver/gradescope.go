package receiver

const gradescopeSpec = "https://gradescope-autograders.readthedocs.io/en/latest/specs/"

var visibilities = []string{"hidden", "after_due_date", "after_published", "visible"}
var textFormats = []string{"text", "html", "simple_format", "md", "ansi"}

// Gradescope takes an autograder's results.json.
var Gradescope = &Receiver{
	Name:  "Gradescope",
	good:  `{"score":1,"output":"x","tests":[{"name":"a","score":1,"max_score":2,"status":"failed","number":"1.1","tags":["t"],"output":"o"}]}`,
	parse: asJSON,
	rules: []rule{
		{"score: optional, but required if not on each test case", gradescopeSpec + "#output-format",
			func(f any) string {
				if field(f, "score") != nil {
					return ""
				}
				return every(list(field(f, "tests")), func(t any) bool { return field(t, "score") != nil })
			}, `{"tests":[{"name":"a"}]}`},
		{"scores are numbers", gradescopeSpec + "#output-format",
			func(f any) string {
				return every(append(list(field(f, "tests")), f), func(t any) bool {
					return (field(t, "score") == nil || isNumber(field(t, "score"))) && (field(t, "max_score") == nil || isNumber(field(t, "max_score")))
				})
			}, `{"score":"1"}`},
		{"names and outputs are strings, and so are numbers and tags", gradescopeSpec + "#output-format",
			func(f any) string {
				return every(append(list(field(f, "tests")), f), func(t any) bool {
					for _, name := range []string{"name", "output", "number"} {
						if _, ok := field(t, name).(string); !ok && field(t, name) != nil {
							return false
						}
					}
					return every(list(field(t, "tags")), isText) == ""
				})
			}, `{"score":1,"tests":[{"name":"a","number":1.1}]}`},
		{"the status of a test is passed or failed", gradescopeSpec + "#test-case-status",
			func(f any) string {
				return every(list(field(f, "tests")), func(t any) bool { return oneOf(field(t, "status"), "passed", "failed") })
			}, `{"score":1,"tests":[{"name":"a","status":"error"}]}`},
		{"a visibility is one of four", gradescopeSpec + "#controlling-test-case-visibility",
			func(f any) string {
				return every(append(list(field(f, "tests")), f), func(t any) bool {
					return oneOf(field(t, "visibility"), visibilities...) && oneOf(field(t, "stdout_visibility"), visibilities...)
				})
			}, `{"score":1,"visibility":"secret"}`},
		{"if test cases are hidden, students do not see their total score", gradescopeSpec + "#controlling-test-case-visibility",
			func(f any) string {
				return every(append(list(field(f, "tests")), f), func(t any) bool { return field(t, "visibility") != "hidden" })
			}, `{"score":1,"tests":[{"name":"a","visibility":"hidden"}]}`},
		{"a format is one of five", gradescopeSpec + "#output-string-formatting",
			func(f any) string {
				return every(append(list(field(f, "tests")), f), func(t any) bool {
					for _, name := range []string{"output_format", "test_output_format", "test_name_format", "name_format"} {
						if !oneOf(field(t, name), textFormats...) {
							return false
						}
					}
					return true
				})
			}, `{"score":1,"output_format":"markdown"}`},
	},
}
