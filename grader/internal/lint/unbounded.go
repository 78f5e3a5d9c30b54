package lint

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// unbounded finds memory of which a stranger decides how much it is.
var unbounded = &analysis.Analyzer{
	Name:     "unbounded",
	Doc:      "finds memory that is taken as a client says",
	Run:      runUnbounded,
	Requires: []*analysis.Analyzer{inspect.Analyzer, flows},
}

func runUnbounded(pass *analysis.Pass) (any, error) {
	f := flowOf(pass)
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.CallExpr)(nil)}, func(n ast.Node) {
		call := n.(*ast.CallExpr)
		callee := calleeOf(pass.TypesInfo, call)
		if callee == nil {
			return
		}
		switch on := receiver(call); {
		case isBuiltin(callee, "make") && len(call.Args) > 1:
			for _, size := range call.Args[1:] {
				if f.from(accepted, size) && !f.small(size) && f.unchecked(size) {
					pass.Reportf(call.Pos(), "the size %s comes from the client, and make takes that much memory before a byte of it has arrived: one line is enough to end the server; refuse a size that is too large, or read piece by piece",
						shown(size))
					return
				}
			}
		case fullName(callee) == "io.ReadAll" && f.from(accepted, call.Args[0]):
			pass.Reportf(call.Pos(), "io.ReadAll returns when the client has ended its half, and keeps in memory all that it sends until then, without end; read a message of known length, or set a bound with io.LimitReader")
		case isMethod(callee) && isNamed(pass.TypesInfo.TypeOf(on), "bufio", "Reader") && f.from(accepted, on) &&
			(callee.Name() == "ReadString" || callee.Name() == "ReadBytes"):
			pass.Reportf(call.Pos(), "%s keeps a line in memory however long it grows: a client that never sends its end fills the server; count the bytes and give up at a bound, or use bufio.Scanner, which has one",
				callee.Name())
		}
	})
	return nil, nil
}

func isBuiltin(o types.Object, name string) bool {
	b, ok := o.(*types.Builtin)
	return ok && b.Name() == name
}

// unchecked reports whether nothing that a size is made of has been compared.
func (f *flow) unchecked(size ast.Expr) bool {
	checked := false
	ast.Inspect(size, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			checked = checked || f.bounded[f.info.ObjectOf(id)]
		}
		return true
	})
	return !checked
}
