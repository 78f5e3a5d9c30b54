package lint

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"runtime"

	"wirebook/grader/internal/source"
)

// An analyzer finds one kind of mistake. Findings never show its name.
type analyzer struct {
	name string
	find func(*program)
}

var analyzers = []analyzer{
	{"dropped", dropped}, {"count", count}, {"sleep", sleep}, {"lock", lock}, {"unbounded", unbounded}, {"endless", endless},
}

// module is the path of the package that programs are.
const module = "wirebook/program"

// safely makes a panic of f an error. What panicked is ours to mend; the
// program loses nothing by it.
func safely(f func() ([]finding, error)) (all []finding, err error) {
	defer func() {
		if r := recover(); r != nil {
			all, err = nil, errors.New("looking at the program failed")
		}
	}()
	return f()
}

// inspectProgram type-checks a program with the standard library's export data
// and runs the analyzers on it.
func inspectProgram(files source.Files, version string, standard types.Importer) ([]finding, error) {
	fset := token.NewFileSet()
	p, err := check(fset, files, version, standard)
	if err != nil {
		return nil, err
	}
	p.follow()
	var all []finding
	for _, a := range analyzers {
		all = append(all, run(a, *p, fset)...)
	}
	return all, nil
}

// run runs one analyzer. One that panics has found nothing, and says so.
func run(a analyzer, p program, fset *token.FileSet) (all []finding) {
	defer func() {
		if r := recover(); r != nil {
			all = []finding{{Rule: a.name, Broken: true, Message: fmt.Sprintf("no advice of the kind %q: looking for it failed", a.name)}}
		}
	}()
	p.report = func(pos token.Pos, format string, args ...any) {
		at := fset.PositionFor(pos, false)
		all = append(all, finding{File: at.Filename, Line: at.Line, Rule: a.name, Message: fmt.Sprintf(format, args...)})
	}
	a.find(&p)
	return all
}

// check type-checks a program.
func check(fset *token.FileSet, files source.Files, version string, standard types.Importer) (*program, error) {
	p := &program{Info: &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}}
	system := gobuild.Default
	system.CgoEnabled = false
	system.OpenFile = func(name string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files[name])), nil }
	for _, name := range files.Names() {
		if here, err := system.MatchFile("", name); err != nil || !here {
			continue
		}
		file, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, file)
	}
	config := types.Config{Importer: standard, GoVersion: version, Sizes: types.SizesFor("gc", runtime.GOARCH)}
	var err error
	p.pkg, err = config.Check(module, fset, p.files, p.Info)
	return p, err
}

// newImporter reads the standard library's export data.
func newImporter(exports map[string]string) types.Importer {
	return importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		file, ok := exports[path]
		if !ok {
			return nil, fmt.Errorf("%s: no export data", path)
		}
		return os.Open(file)
	})
}
