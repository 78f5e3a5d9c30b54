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

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"

	"wirebook/grader/internal/source"
)

// analyzers are all of them, each with a name that findings never show.
var analyzers = []*analysis.Analyzer{dropped, count, sleep, lock, unbounded, endless}

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
	pass, err := check(files, version, standard)
	if err != nil {
		return nil, err
	}
	for _, a := range []*analysis.Analyzer{inspect.Analyzer, flows} {
		p := *pass
		p.Analyzer = a
		if pass.ResultOf[a], err = a.Run(&p); err != nil {
			return nil, err
		}
	}
	var all []finding
	for _, a := range analyzers {
		all = append(all, run(a, *pass)...)
	}
	return all, nil
}

// run runs one analyzer. One that panics has found nothing, and says so.
func run(a *analysis.Analyzer, pass analysis.Pass) (all []finding) {
	defer func() {
		if r := recover(); r != nil {
			all = []finding{{Rule: a.Name, Broken: true, Message: fmt.Sprintf("no advice of the kind %q: looking for it failed", a.Name)}}
		}
	}()
	pass.Analyzer = a
	pass.Report = func(d analysis.Diagnostic) {
		at := pass.Fset.PositionFor(d.Pos, false)
		all = append(all, finding{File: at.Filename, Line: at.Line, Rule: a.Name, Message: d.Message})
	}
	if _, err := a.Run(&pass); err != nil {
		panic(err)
	}
	return all
}

// check type-checks a program.
func check(files source.Files, version string, standard types.Importer) (*analysis.Pass, error) {
	pass := &analysis.Pass{
		Fset:      token.NewFileSet(),
		ResultOf:  make(map[*analysis.Analyzer]any),
		TypesInfo: newInfo(),
	}
	for _, name := range files.Names() {
		if !built(name, files[name]) {
			continue
		}
		file, err := parser.ParseFile(pass.Fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		pass.Files = append(pass.Files, file)
	}
	config := types.Config{
		Importer:  standard,
		GoVersion: version,
		Sizes:     types.SizesFor("gc", runtime.GOARCH),
	}
	pass.TypesSizes = config.Sizes
	var err error
	pass.Pkg, err = config.Check(module, pass.Fset, pass.Files, pass.TypesInfo)
	return pass, err
}

// built reports whether a file is part of the program on this system.
func built(name string, text []byte) bool {
	here := gobuild.Default
	here.CgoEnabled = false
	here.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	matches, err := here.MatchFile("", name)
	return err == nil && matches
}

func newInfo() *types.Info {
	return &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Instances:  make(map[*ast.Ident]types.Instance),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Implicits:  make(map[ast.Node]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes:     make(map[ast.Node]*types.Scope),
	}
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
