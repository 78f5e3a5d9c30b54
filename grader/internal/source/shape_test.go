package source

import (
	"strings"
	"testing"
)

func TestShape(t *testing.T) {
	const body = `
package main

import "strings"

// serve answers.
func serve(lines []string, limit int) (out []string) {
	for i, line := range lines {
		if i >= limit {
			return append(out, "too many")
		}
		out = append(out, strings.TrimSpace(line))
	}
	return out
}
`
	long := func(text string) Files {
		return Files{"main.go": []byte("package main\nfunc main() {}\n"), "chat.go": []byte(text + strings.Repeat("\nvar _ = []int{1, 2, 3}", 20))}
	}
	given := Files{"main.go": []byte("package main\nfunc main() {}\n")}
	shape := long(body).Shape(given)
	if shape == "" {
		t.Fatal("a program of some length has no shape")
	}
	for name, change := range map[string][]string{
		"names":    {"serve", "run", "lines", "all", "limit", "most", "line", "s", "out", "result"},
		"comments": {"// serve answers.", "/* not\nmine */"},
		"layout":   {"{\n\t\tif i >= limit {\n\t\t\treturn append(out, \"too many\")\n\t\t}", "{ if i >= limit { return append(out,\n\"too many\",\n) }"},
	} {
		same := long(strings.NewReplacer(change...).Replace(body))
		same["server.go"] = same["chat.go"]
		delete(same, "chat.go")
		if same.Shape(given) != shape {
			t.Errorf("other %s make another shape", name)
		}
	}
	for name, change := range map[string][]string{
		"function of a package": {"TrimSpace", "ToUpper"}, "text": {"too many", "enough"}, "operator": {">=", ">"}, "builtin": {"append(out, s", "copy(out, s"},
		"name in another's place": {"TrimSpace(line)", "TrimSpace(out)"},
	} {
		if long(strings.NewReplacer(change...).Replace(body)).Shape(given) == shape {
			t.Errorf("another %s makes no other shape", name)
		}
	}
	if got := given.Shape(nil); got != "" {
		t.Errorf("a short program has the shape %q; want none", got)
	}
	if got := long(body).Shape(long(body)); got != "" {
		t.Errorf("what was given has the shape %q; want none", got)
	}
}
