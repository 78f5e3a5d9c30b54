package lessonfile

import (
	"go/build/constraint"
	"go/parser"
	"go/token"
	"strings"
)

// excluded reports whether build constraints keep a file out of the program on
// every system, as "//go:build ignore" does.
func excluded(name string, text []byte) bool {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, name, text, parser.PackageClauseOnly|parser.ParseComments)
	if file == nil || !file.Package.IsValid() {
		return false
	}
	line := func(pos token.Pos) int { return fset.PositionFor(pos, false).Line }
	var old constraint.Expr // of // +build lines
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		apart := line(group.End())+1 < line(file.Package)
		for _, c := range group.List {
			expr, err := constraint.Parse(c.Text)
			switch {
			case err != nil:
			case constraint.IsGoBuild(c.Text):
				return !possible(expr, true) // the old ones do not count then
			case !apart:
			case old == nil:
				old = expr
			default:
				old = &constraint.AndExpr{X: old, Y: expr}
			}
		}
	}
	return old != nil && !possible(old, true)
}

// possible reports whether a constraint can become this value on some system.
func possible(expr constraint.Expr, value bool) bool {
	switch e := expr.(type) {
	case *constraint.NotExpr:
		return possible(e.X, !value)
	case *constraint.AndExpr:
		if value {
			return possible(e.X, true) && possible(e.Y, true)
		}
		return possible(e.X, false) || possible(e.Y, false)
	case *constraint.OrExpr:
		if value {
			return possible(e.X, true) || possible(e.Y, true)
		}
		return possible(e.X, false) && possible(e.Y, false)
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
