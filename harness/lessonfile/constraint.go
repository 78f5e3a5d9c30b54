package lessonfile

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"strings"
)

// excluded reports whether its build constraint keeps a file out of the program
// on every system, as "//go:build ignore" does.
func excluded(name string, text []byte) bool {
	file, _ := parser.ParseFile(token.NewFileSet(), name, text, parser.PackageClauseOnly|parser.ParseComments)
	if file == nil || !file.Package.IsValid() {
		return false
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() < file.Package && constraint.IsGoBuild(c.Text) {
				expr, err := constraint.Parse(c.Text)
				return err == nil && !possible(expr, true)
			}
		}
	}
	return false
}

// possible reports whether a constraint can become this value on some system.
func possible(expr constraint.Expr, value bool) bool {
	both := func(x, y constraint.Expr) bool { return possible(x, value) && possible(y, value) }
	either := func(x, y constraint.Expr) bool { return possible(x, value) || possible(y, value) }
	switch e := expr.(type) {
	case *constraint.NotExpr:
		return possible(e.X, !value)
	case *constraint.AndExpr:
		if value {
			return both(e.X, e.Y)
		}
		return either(e.X, e.Y)
	case *constraint.OrExpr:
		if value {
			return either(e.X, e.Y)
		}
		return both(e.X, e.Y)
	case *constraint.TagExpr:
		return !value || isSystem(e.Tag)
	}
	return true
}

// isSystem reports whether the go command sets a tag by itself, on some system.
func isSystem(tag string) bool {
	switch tag {
	case "unix", "cgo", "gc", "gccgo":
		return true
	}
	return strings.HasPrefix(tag, "go1.") || namesSystem("x_"+tag+".go")
}
