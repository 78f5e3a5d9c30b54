package grade

import (
	"strings"

	"wirebook/grader/internal/source"
)

// quote adds to what was found and to the compiler's messages the lines of code
// that they are about, and to the lesson its program's shape.
func (e *exam) quote(files source.Files) {
	for i, f := range e.findings {
		e.findings[i].Code = lineOf(files[f.File], f.Line)
	}
	for i, m := range e.out.Build {
		e.out.Build[i].Code = lineOf(files[m.File], m.Line)
	}
	if e.program != nil {
		e.out.Shape = e.program.Shape(e.stage.Lesson.Given)
	}
}

// lineOf is a line of a file, "" where there is none.
func lineOf(text []byte, line int) string {
	const most = 160
	lines := strings.SplitN(string(text), "\n", line+1)
	if line < 1 || line > len(lines) {
		return ""
	}
	return cut(strings.TrimSpace(lines[line-1]), most)
}
