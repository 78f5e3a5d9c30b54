package harness

import (
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// runPattern returns what -run was given.
func runPattern() string {
	if f := flag.Lookup("test.run"); f != nil {
		return f.Value.String()
	}
	return ""
}

// matchesRun reports whether a -run pattern can match a subtest of Test's.
func matchesRun(pattern, name string) bool {
	_, sub, ok := strings.Cut(pattern, "/")
	if !ok || sub == "" {
		return true
	}
	matched, err := regexp.MatchString(sub, name)
	return err != nil || matched
}

// forbiddenImports returns a line for each import that the lesson does without,
// in the words of the grader's source check: nothing is green at home and
// refused in class.
func (r *testRun) forbiddenImports() []string {
	files, err := filepath.Glob(filepath.Join(r.dir, "*.go"))
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		problems = append(problems, r.lesson.ForbiddenImports(filepath.Base(file), source)...)
	}
	return problems
}

// ForbiddenImports returns a line, with its position, for each import of a Go
// file that the lesson does without. A file that cannot be parsed has none: the
// compiler tells about it.
func (l *Lesson) ForbiddenImports(name string, source []byte) []string {
	if len(l.Forbidden) == 0 {
		return nil
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, source, parser.ImportsOnly)
	if err != nil {
		return nil
	}
	var problems []string
	for _, spec := range f.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err == nil && l.Forbids(path) {
			problems = append(problems, fmt.Sprintf("%s: the import %q is forbidden in the lesson %s; write that part yourself", fset.Position(spec.Pos()), path, l.Name))
		}
	}
	return problems
}
