package lessonfile

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// A header is a file up to the end of its imports, as far as it parses. What
// does not parse here is not compiled either.
type header struct {
	name string
	file *ast.File
	fset *token.FileSet
}

func parseHeader(name string, text []byte) header {
	fset := token.NewFileSet()
	// A file without a package clause is an empty ast.File.
	file, _ := parser.ParseFile(fset, name, text, parser.ImportsOnly)
	return header{name, file, fset}
}

// line is where a node stands, whatever line directives say.
func (h header) line(n ast.Node) int { return h.fset.PositionFor(n.Pos(), false).Line }

// clause finds a file that belongs to another package. The go command builds no
// executable of such a program and calls that a success.
func (h header) clause() []Problem {
	if !h.file.Package.IsValid() || h.file.Name == nil || h.file.Name.Name == "_" || h.file.Name.Name == "main" {
		return nil
	}
	return []Problem{{h.name, h.line(h.file.Name), fmt.Sprintf(
		"the file is of package %s, and a program is package main; begin it with the line \"package main\"", short(h.file.Name.Name))}}
}

// after reports whether pos lies behind the package clause, where build
// constraints are plain comments.
func (h header) after(line int) bool {
	return h.file.Package.IsValid() && line > h.fset.PositionFor(h.file.Package, false).Line
}

// usesC reports whether the file is one for cgo.
func (h header) usesC() bool {
	return slices.ContainsFunc(h.file.Imports, func(spec *ast.ImportSpec) bool {
		return spec.Path.Value == `"C"` || spec.Path.Value == "`C`"
	})
}

func (r Rules) imports(h header) []Problem {
	var problems []Problem
	for _, spec := range h.file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		reason := r.refusal(importPath)
		if importPath == "unsafe" && spec.Name != nil && spec.Name.Name == "_" {
			reason = "serves nothing but //go:linkname, which is not allowed; remove the line"
		}
		if reason != "" {
			problems = append(problems, Problem{h.name, h.line(spec), fmt.Sprintf("the import %q %s", short(importPath), reason)})
		}
	}
	return problems
}

// refusal says why a program may not import a package, "" where it may.
func (r Rules) refusal(importPath string) string {
	elements := strings.Split(importPath, "/")
	has := func(names ...string) bool {
		return slices.ContainsFunc(elements, func(e string) bool { return slices.Contains(names, e) })
	}
	switch {
	case importPath == "C":
		return "is cgo, which is not allowed; write the program in Go alone"
	case importPath == "embed":
		return "embeds files, which is not allowed; read them when the program runs"
	case has(".", "..", ""):
		return "is a path to a folder; a program is the files of one folder, and imports the standard library only"
	case elements[0] == "wirebook" || strings.Contains(elements[0], "."):
		return "is not in Go's standard library; use the standard library only"
	case has("internal", "vendor") || elements[0] == "cmd":
		return "is one of Go's own inner packages; use what the standard library offers to everyone"
	case r.Forbids != nil && r.Forbids(importPath):
		return "is forbidden in the lesson " + r.Lesson + "; write that part yourself"
	}
	return ""
}

// short cuts what is long in a stranger's text.
func short(text string) string {
	const most = 60 // characters
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}
