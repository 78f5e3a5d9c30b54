package receiver

import (
	"strings"
)

const codeQuality = "https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"

func oneIssue(old, replacement string) string {
	return "[" + strings.Replace(`{"description":"d","check_name":"c","fingerprint":"f","severity":"minor","location":{"path":"a/b.go","lines":{"begin":1}}}`, old, replacement, 1) + "]"
}

// GitLab takes a report of code quality.
var GitLab = &Receiver{
	Name: "GitLab", good: oneIssue("", ""),
	parse: asJSON, // which takes no byte order mark
	rules: []rule{
		{"the report is one array", codeQuality,
			func(f any) string {
				_, ok := f.([]any)
				return unless(ok, f)
			}, `{"description":"d"}`},
		{"description and check_name are text", codeQuality,
			func(f any) string {
				return every(list(f), func(i any) bool { return isText(field(i, "description")) && isText(field(i, "check_name")) })
			}, oneIssue(`"check_name":"c",`, "")},
		{"fingerprint is unique", codeQuality,
			func(f any) string {
				seen := make(map[any]bool)
				return every(list(f), func(i any) bool {
					print := field(i, "fingerprint")
					again := seen[print]
					seen[print] = true
					return isText(print) && !again
				})
			}, oneIssue("f", "f")[:len(oneIssue("", ""))-1] + "," + oneIssue("", "")[1:]},
		{"severity is info, minor, major, critical or blocker", codeQuality,
			func(f any) string {
				return every(list(f), func(i any) bool {
					value := field(i, "severity")
					return value != nil && oneOf(value, "info", "minor", "major", "critical", "blocker")
				})
			}, oneIssue("minor", "error")},
		{"location.path is relative to the repository", codeQuality,
			func(f any) string {
				return every(list(f), func(i any) bool {
					path, _ := field(i, "location", "path").(string)
					return path != "" && !strings.HasPrefix(path, "/") && !strings.HasPrefix(path, "./") && !strings.Contains("/"+path+"/", "/../")
				})
			}, oneIssue("a/b.go", "./a/b.go")},
		{"location.lines.begin is a line", codeQuality,
			func(f any) string {
				return every(list(f), func(i any) bool {
					line := field(i, "location", "lines", "begin")
					return isWhole(line) && line.(float64) >= 1
				})
			}, oneIssue(`"begin":1`, `"begin":0`)},
	},
}
