package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// A program is what analyzers look at.
type program struct {
	*types.Info
	pkg    *types.Package
	files  []*ast.File
	report func(at token.Pos, format string, args ...any)

	held    [origins]map[types.Object]bool // see flow.go
	bounded map[types.Object]bool          // numbers that some comparison looks at
}

// nodes are all of the program.
func (p *program) nodes(yield func(ast.Node) bool) {
	for _, file := range p.files {
		for n := range ast.Preorder(file) {
			if !yield(n) {
				return
			}
		}
	}
}

// bodies are those of all functions and function literals.
func (p *program) bodies(yield func(*ast.BlockStmt) bool) {
	for n := range p.nodes {
		var body *ast.BlockStmt
		switch n := n.(type) {
		case *ast.FuncDecl:
			body = n.Body
		case *ast.FuncLit:
			body = n.Body
		}
		if body != nil && !yield(body) {
			return
		}
	}
}

// here are the nodes of n without the function literals in it: what they do is
// done at another time.
func here(n ast.Node) iter.Seq[ast.Node] {
	return func(yield func(ast.Node) bool) {
		more := true
		ast.Inspect(n, func(n ast.Node) bool {
			if _, later := n.(*ast.FuncLit); later || n == nil || !more {
				return false
			}
			more = yield(n)
			return more
		})
	}
}

func (p *program) callee(call *ast.CallExpr) types.Object { return typeutil.Callee(p.Info, call) }

// called names what a call calls: "io.ReadAll" is a function, ".Read" a method
// of any type, "make" a builtin. It is empty for all else.
func (p *program) called(call *ast.CallExpr) string {
	switch o := p.callee(call).(type) {
	case *types.Builtin:
		return o.Name()
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "." + o.Name()
		}
		return o.Pkg().Path() + "." + o.Name()
	}
	return ""
}

// home is the path of the package to which belongs what a call calls.
func (p *program) home(call *ast.CallExpr) string {
	if o := p.callee(call); o != nil && o.Pkg() != nil {
		return o.Pkg().Path()
	}
	return ""
}

// own is the function of the program that a call calls, nil for all else.
func (p *program) own(call *ast.CallExpr) *types.Func {
	if fn, ok := p.callee(call).(*types.Func); ok && fn.Pkg() == p.pkg {
		return fn.Origin()
	}
	return nil
}

// converted is what a call converts to another type, nil where it is no
// conversion.
func (p *program) converted(call *ast.CallExpr) ast.Expr {
	if p.Types[call.Fun].IsType() {
		return call.Args[0]
	}
	return nil
}

// isNamed reports whether t, or what it points to, is the type pkg.name.
func isNamed(t types.Type, pkg, name string) bool {
	if t == nil {
		return false
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == pkg
}

// receiver is what a method is called on, nil for a call of another kind.
func receiver(call *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// inner is what an expression is a view of, as x of &x, x[i] and x.(T), nil
// where it is one of another kind.
func inner(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return e.X
	case *ast.StarExpr:
		return e.X
	case *ast.UnaryExpr:
		return e.X
	case *ast.IndexExpr:
		return e.X
	case *ast.SliceExpr:
		return e.X
	case *ast.TypeAssertExpr:
		return e.X
	}
	return nil
}

// root is the variable that an expression such as c.conn or clients[i] begins
// with, nil where there is none.
func (p *program) root(e ast.Expr) types.Object {
	for e != nil {
		switch x := e.(type) {
		case *ast.Ident:
			return p.ObjectOf(x)
		case *ast.SelectorExpr:
			e = x.X
		default:
			e = inner(e)
		}
	}
	return nil
}

// shown writes an expression as a message shows it: as it stands in the
// program, where that is short.
func shown(e ast.Expr) string {
	text := types.ExprString(e)
	if len(text) > 40 || strings.ContainsAny(text, "\n{") {
		return "it"
	}
	return text
}

// alone returns the call that a statement consists of: its results are dropped.
// A blank identifier says that the dropping is meant.
func alone(s ast.Node) *ast.CallExpr {
	if e, ok := s.(*ast.ExprStmt); ok {
		call, _ := e.X.(*ast.CallExpr)
		return call
	}
	return nil
}

// calledAlone is called of the call that a statement consists of.
func (p *program) calledAlone(s ast.Node) string {
	if call := alone(s); call != nil {
		return p.called(call)
	}
	return ""
}

// writtenTo returns what a call writes to, nil where it does not write.
func (p *program) writtenTo(call *ast.CallExpr) ast.Expr {
	switch p.called(call) {
	case ".Write", ".WriteString", ".ReadFrom":
		return receiver(call)
	case "fmt.Fprint", "fmt.Fprintf", "fmt.Fprintln", "io.WriteString", "io.Copy", "io.CopyN", "encoding/binary.Write":
		return call.Args[0]
	}
	return nil
}

// readFrom returns what a call reads from, nil where it does not read.
func (p *program) readFrom(call *ast.CallExpr) ast.Expr {
	switch p.called(call) {
	case ".Read", ".Scan", ".ReadString", ".ReadBytes", ".ReadLine", ".ReadSlice", ".ReadByte", ".ReadRune":
		return receiver(call)
	case "io.ReadFull", "io.ReadAtLeast", "io.ReadAll":
		return call.Args[0]
	}
	return nil
}
