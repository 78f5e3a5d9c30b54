package lint

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// count finds a Read that does not say how much it has read, where the whole
// buffer is used then.
func count(p *program) {
	for body := range p.bodies {
		for n := range here(body) {
			call := uncounted(n)
			if call == nil || !p.readsPart(call) {
				continue
			}
			buf := p.root(call.Args[0])
			if buf != nil && !p.isOneByte(body, buf) && p.usedWhole(body, buf) {
				p.report(call.Pos(), "the number of bytes that %s has read is dropped, and then all of %s is used: behind what has come now stand zeros, or the rest of an earlier message; keep the number, n, and use %s[:n]",
					shown(call.Fun), buf.Name(), buf.Name())
			}
		}
	}
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

// readsPart reports whether a call reads a part of what is to come into its first
// argument.
func (p *program) readsPart(call *ast.CallExpr) bool {
	switch p.called(call) {
	case ".Read", ".ReadFrom", ".ReadFromUDP", ".ReadFromUDPAddrPort":
	default:
		return false
	}
	results := p.callee(call).(*types.Func).Signature().Results()
	if len(call.Args) != 1 || results.Len() < 2 || results.At(0).Type() != types.Typ[types.Int] {
		return false
	}
	// Others fill the buffer, as those of random numbers.
	if from, ok := p.root(receiver(call)).(*types.PkgName); ok && strings.HasSuffix(from.Imported().Path(), "rand") {
		return false
	}
	return slices.Contains([]string{"net", "io", "bufio", "os"}, p.home(call))
}

// isOneByte reports whether a buffer has room for one byte only: that is there,
// or there is an error.
func (p *program) isOneByte(body *ast.BlockStmt, buf types.Object) bool {
	if a, ok := buf.Type().Underlying().(*types.Array); ok {
		return a.Len() == 1
	}
	for n := range ast.Preorder(body) {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != 1 || len(a.Rhs) != 1 || p.root(a.Lhs[0]) != buf {
			continue
		}
		if call, ok := a.Rhs[0].(*ast.CallExpr); ok && p.called(call) == "make" && len(call.Args) == 2 {
			if length := p.Types[call.Args[1]].Value; length != nil && length.ExactString() == "1" {
				return true
			}
		}
	}
	return false
}

// usedWhole reports whether a function uses all of a buffer other than to read
// into it.
func (p *program) usedWhole(body *ast.BlockStmt, buf types.Object) bool {
	partial := make(map[ast.Expr]bool)
	for n := range ast.Preorder(body) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if !p.readsPart(n) && !slices.Contains([]string{"len", "cap", "clear", "io.ReadFull", "io.ReadAtLeast"}, p.called(n)) {
				continue
			}
			for _, arg := range n.Args {
				if s, ok := arg.(*ast.SliceExpr); ok {
					arg = s.X
				}
				partial[ast.Unparen(arg)] = true
			}
		case *ast.SliceExpr:
			if n.High != nil {
				partial[ast.Unparen(n.X)] = true
			}
		case *ast.IndexExpr:
			partial[ast.Unparen(n.X)] = true
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				partial[ast.Unparen(l)] = true
			}
		case *ast.Ident:
			if p.Uses[n] == buf && !partial[n] {
				return true
			}
		}
	}
	return false
}
