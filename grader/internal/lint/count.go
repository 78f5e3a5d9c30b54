package lint

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
)

// count finds a Read that does not say how much it has read, where the whole
// buffer is used then.
var count = &analysis.Analyzer{
	Name:     "count",
	Doc:      "finds reads whose count is dropped",
	Run:      runCount,
	Requires: []*analysis.Analyzer{inspect.Analyzer},
}

func runCount(pass *analysis.Pass) (any, error) {
	eachFunc(pass, func(body *ast.BlockStmt) {
		inspectHere(body, func(n ast.Node) bool {
			call := uncounted(n)
			if call == nil || !isRead(pass.TypesInfo, call) {
				return true
			}
			buf := root(pass.TypesInfo, call.Args[0])
			if buf != nil && !isOneByte(pass.TypesInfo, body, buf) && usedWhole(pass.TypesInfo, body, buf) {
				pass.Reportf(call.Pos(), "the number of bytes that %s has read is dropped, and then all of %s is used: behind what has come now stand zeros, or the rest of an earlier message; keep the number, n, and use %s[:n]",
					shown(call.Fun), buf.Name(), buf.Name())
			}
			return true
		})
	})
	return nil, nil
}

// uncounted returns the call of a statement that drops its first result.
func uncounted(n ast.Node) *ast.CallExpr {
	if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) > 1 && len(a.Rhs) == 1 {
		if id, ok := a.Lhs[0].(*ast.Ident); ok && id.Name == "_" {
			call, _ := a.Rhs[0].(*ast.CallExpr)
			return call
		}
	}
	return alone(n)
}

// isRead reports whether a call reads a part of what is to come into its first
// argument.
func isRead(info *types.Info, call *ast.CallExpr) bool {
	callee := calleeOf(info, call)
	if callee == nil || !isMethod(callee) || len(call.Args) != 1 {
		return false
	}
	switch callee.Name() {
	case "Read", "ReadFrom", "ReadFromUDP", "ReadFromUDPAddrPort":
	default:
		return false
	}
	results := callee.(*types.Func).Signature().Results()
	if results.Len() < 2 || results.At(0).Type() != types.Typ[types.Int] {
		return false
	}
	// Others fill the buffer, as those of random numbers.
	from := root(info, receiver(call))
	if from, ok := from.(*types.PkgName); ok && strings.HasSuffix(from.Imported().Path(), "rand") {
		return false
	}
	return callee.Pkg() != nil && slices.Contains([]string{"net", "io", "bufio", "os"}, callee.Pkg().Path())
}

// isOneByte reports whether a buffer has room for one byte only: that is there,
// or there is an error.
func isOneByte(info *types.Info, body *ast.BlockStmt, buf types.Object) bool {
	if a, ok := buf.Type().Underlying().(*types.Array); ok {
		return a.Len() == 1
	}
	one := false
	ast.Inspect(body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 || root(info, a.Lhs[0]) != buf {
			return true
		}
		if call, ok := a.Rhs[0].(*ast.CallExpr); ok && isBuiltin(calleeOf(info, call), "make") && len(call.Args) == 2 {
			length := info.Types[call.Args[1]].Value
			one = one || length != nil && length.ExactString() == "1"
		}
		return true
	})
	return one
}

// usedWhole reports whether a function uses all of a buffer other than to read
// into it.
func usedWhole(info *types.Info, body *ast.BlockStmt, buf types.Object) bool {
	partial := make(map[*ast.Ident]bool)
	mark := func(e ast.Expr) {
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			partial[id] = true
		}
	}
	whole := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if isRead(info, n) || fillsOrMeasures(info, n) {
				for _, arg := range n.Args {
					if s, ok := arg.(*ast.SliceExpr); ok {
						arg = s.X
					}
					mark(arg)
				}
			}
		case *ast.SliceExpr:
			if n.High != nil {
				mark(n.X)
			}
		case *ast.IndexExpr:
			mark(n.X)
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				mark(l)
			}
		case *ast.Ident:
			whole = whole || info.Uses[n] == buf && !partial[n]
		}
		return !whole
	})
	return whole
}

func fillsOrMeasures(info *types.Info, call *ast.CallExpr) bool {
	callee := calleeOf(info, call)
	if b, ok := callee.(*types.Builtin); ok {
		return b.Name() == "len" || b.Name() == "cap" || b.Name() == "clear"
	}
	return fullName(callee) == "io.ReadFull" || fullName(callee) == "io.ReadAtLeast"
}
