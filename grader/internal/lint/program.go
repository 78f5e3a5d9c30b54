package lint

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// standard reports whether something belongs to the standard library: student
// programs import nothing else.
func standard(o types.Object) bool {
	return o.Pkg() == nil || o.Pkg().Name() != "main"
}

// fullName is a function's, as "io.ReadAll"; a method has none.
func fullName(o types.Object) string {
	if o == nil || o.Pkg() == nil || isMethod(o) {
		return ""
	}
	return o.Pkg().Path() + "." + o.Name()
}

func isMethod(o types.Object) bool {
	fn, ok := o.(*types.Func)
	return ok && fn.Signature().Recv() != nil
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
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	return sel.X
}

// root is the variable that an expression such as c.conn or clients[i] begins
// with, nil where there is none.
func root(info *types.Info, e ast.Expr) types.Object {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return info.ObjectOf(x)
		case *ast.SelectorExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.UnaryExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.TypeAssertExpr:
			e = x.X
		default:
			return nil
		}
	}
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

// isSleep reports whether a statement is a call of time.Sleep.
func isSleep(info *types.Info, s ast.Stmt) bool {
	call := alone(s)
	return call != nil && fullName(calleeOf(info, call)) == "time.Sleep"
}

// inspectHere walks n without the function literals in it: what they do is done
// at another time.
func inspectHere(n ast.Node, f func(ast.Node) bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		return f(n)
	})
}

func calleeOf(info *types.Info, call *ast.CallExpr) types.Object { return typeutil.Callee(info, call) }

// eachFunc calls f with the body of each function and function literal.
func eachFunc(pass *analysis.Pass, f func(body *ast.BlockStmt)) {
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)}, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				f(n.Body)
			}
		case *ast.FuncLit:
			f(n.Body)
		}
	})
}

// flowOf is what flows has found.
func flowOf(pass *analysis.Pass) *flow { return pass.ResultOf[flows].(*flow) }

// isStream reports whether an expression is a TCP connection, or a reader around
// one, and certainly no UDP socket.
func (f *flow) isStream(e ast.Expr) bool { return f.from(stream, e) && !f.from(datagram, e) }
