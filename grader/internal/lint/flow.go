package lint

import (
	"go/ast"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// An origin is where a value of interest enters a program.
type origin int

const (
	accepted origin = iota // a connection that a stranger has opened
	stream                 // a TCP connection, whoever has opened it
	datagram               // a UDP socket
	origins                // how many there are
)

// A flow says which variables, fields and functions of a package may hold, or
// return, what comes from an origin: the connection itself, a reader around it,
// or what was read from it. It knows neither order nor branches, and of calls
// only those whose function can be seen.
type flow struct {
	info *types.Info
	held [origins]map[types.Object]bool
	// bounded are the numbers that some comparison looks at.
	bounded map[types.Object]bool
}

// flows finds the flow of a package, for all analyzers together.
var flows = &analysis.Analyzer{
	Name:       "flows",
	Doc:        "finds what comes from a connection",
	Run:        func(pass *analysis.Pass) (any, error) { return newFlow(pass), nil },
	Requires:   []*analysis.Analyzer{inspect.Analyzer},
	ResultType: reflect.TypeFor[*flow](),
}

func newFlow(pass *analysis.Pass) *flow {
	f := &flow{info: pass.TypesInfo, bounded: make(map[types.Object]bool)}
	for o := range f.held {
		f.held[o] = make(map[types.Object]bool)
	}
	b := &edges{flow: f}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder(nil, b.collect)
	in.Preorder([]ast.Node{(*ast.FuncDecl)(nil)}, func(n ast.Node) { b.returns(n.(*ast.FuncDecl)) })
	for changed := true; changed; {
		changed = false
		for _, e := range b.all {
			for o := range origins {
				if !f.held[o][e.to] && !f.bounded[e.to] && f.from(o, e.from) {
					f.held[o][e.to] = true
					changed = true
				}
			}
		}
	}
	return f
}

// target is the variable or field that an expression names, through
// conversions, pointers and indices.
func (f *flow) target(e ast.Expr) types.Object {
	switch e := e.(type) {
	case *ast.Ident:
		if o := f.info.ObjectOf(e); o != nil && e.Name != "_" {
			return o
		}
	case *ast.SelectorExpr:
		return f.info.ObjectOf(e.Sel)
	case *ast.ParenExpr:
		return f.target(e.X)
	case *ast.StarExpr:
		return f.target(e.X)
	case *ast.UnaryExpr:
		return f.target(e.X)
	case *ast.IndexExpr:
		return f.target(e.X)
	case *ast.SliceExpr:
		return f.target(e.X)
	case *ast.TypeAssertExpr:
		return f.target(e.X)
	case *ast.CallExpr:
		if tv := f.info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
			return f.target(e.Args[0])
		}
	}
	return nil
}

// from reports whether an expression may hold what comes from an origin.
func (f *flow) from(o origin, e ast.Expr) bool {
	if e == nil {
		return false
	}
	if f.begins(o, e) {
		return true
	}
	switch e := e.(type) {
	case *ast.Ident:
		return f.held[o][f.info.ObjectOf(e)]
	case *ast.SelectorExpr:
		return f.held[o][f.info.ObjectOf(e.Sel)]
	case *ast.ParenExpr:
		return f.from(o, e.X)
	case *ast.StarExpr:
		return f.from(o, e.X)
	case *ast.UnaryExpr:
		return f.from(o, e.X)
	case *ast.TypeAssertExpr:
		return f.from(o, e.X)
	case *ast.SliceExpr:
		return f.from(o, e.X)
	case *ast.IndexExpr:
		return f.from(o, e.X)
	case *ast.BinaryExpr:
		return f.from(o, e.X) || f.from(o, e.Y)
	case *ast.CompositeLit:
		return f.fromElements(o, e)
	case *ast.CallExpr:
		return f.fromCall(o, e)
	}
	return false
}

// fromElements is for slices, arrays and maps; a struct holds things apart.
func (f *flow) fromElements(o origin, e *ast.CompositeLit) bool {
	t := f.info.TypeOf(e)
	if t == nil {
		return false
	}
	if _, ok := t.Underlying().(*types.Struct); ok {
		return false
	}
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		if f.from(o, x) {
			return true
		}
	}
	return false
}

func (f *flow) fromCall(o origin, e *ast.CallExpr) bool {
	if tv := f.info.Types[e.Fun]; tv.IsType() {
		return len(e.Args) == 1 && !f.small(e.Args[0]) && f.from(o, e.Args[0])
	}
	callee := calleeOf(f.info, e)
	if callee == nil {
		return false
	}
	if fn, ok := callee.(*types.Func); ok && fn.Pkg() != nil && !standard(fn) {
		return f.held[o][fn.Origin()]
	}
	if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && isMethod(callee) {
		if transparentMethods[callee.Name()] && f.from(o, sel.X) {
			return true
		}
	}
	if !transparent(callee) {
		return false
	}
	for _, arg := range e.Args {
		if f.from(o, arg) {
			return true
		}
	}
	return false
}

// small reports whether an expression is a number of a size that harms nobody.
func (f *flow) small(e ast.Expr) bool {
	t, ok := f.info.TypeOf(e).Underlying().(*types.Basic)
	if !ok {
		return false
	}
	switch t.Kind() {
	case types.Uint8, types.Int8, types.Uint16, types.Int16:
		return true
	}
	return false
}
