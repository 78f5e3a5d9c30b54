package lint

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// lock finds a lock that is held while one connection is read or written, where
// it guards more than this connection: whoever reads slowly then stops all.
var lock = &analysis.Analyzer{
	Name:     "lock",
	Doc:      "finds locks that are held across network input and output",
	Run:      runLock,
	Requires: []*analysis.Analyzer{inspect.Analyzer, flows},
}

func runLock(pass *analysis.Pass) (any, error) {
	if !servesMany(pass) {
		return nil, nil
	}
	eachFunc(pass, func(body *ast.BlockStmt) {
		blocksHere(body, func(list []ast.Stmt, _ bool) {
			for i, s := range list {
				if mu := lockCall(pass.TypesInfo, s, "Lock"); mu != nil {
					held(pass, mu, list[i+1:])
				}
			}
		})
	})
	return nil, nil
}

// servesMany reports whether a goroutine is started for each connection that is
// accepted. Where one is served after the other, no lock makes others wait.
func servesMany(pass *analysis.Pass) bool {
	f, many := flowOf(pass), false
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.GoStmt)(nil)}, func(n ast.Node) {
		call := n.(*ast.GoStmt).Call
		many = many || f.from(accepted, receiver(call)) || slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return f.from(accepted, arg) })
	})
	return many
}

// lockCall returns the mutex of a statement that is the call of a method of it.
func lockCall(info *types.Info, s ast.Stmt, method string) ast.Expr {
	call := alone(s)
	if call == nil {
		return nil
	}
	callee := calleeOf(info, call)
	if callee == nil || !isMethod(callee) || callee.Name() != method || callee.Pkg() == nil || callee.Pkg().Path() != "sync" {
		return nil
	}
	return receiver(call)
}

// held looks at what is done between Lock and Unlock.
func held(pass *analysis.Pass, mu ast.Expr, rest []ast.Stmt) {
	f := flowOf(pass)
	for _, s := range rest {
		if other := lockCall(pass.TypesInfo, s, "Unlock"); other != nil && types.ExprString(other) == types.ExprString(mu) {
			return
		}
		if _, ok := s.(*ast.GoStmt); ok {
			continue
		}
		reported, unlocked := false, false
		inspectHere(s, func(n ast.Node) bool {
			if inner, ok := n.(ast.Stmt); ok && lockCall(pass.TypesInfo, inner, "Unlock") != nil {
				unlocked = true // on some way; the rest is too hard to tell
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || reported || unlocked {
				return true
			}
			if conn := blockedOn(f, call); conn != nil && f.from(accepted, conn) && guardsMore(pass, mu, conn) {
				reported = true
				pass.Reportf(call.Pos(), "%s is locked while this waits for %s: one client that does not read, or does not send, stops everybody who needs the lock; copy what you need, unlock, and then read or write",
					shown(mu), shown(conn))
			}
			return true
		})
		if reported || unlocked {
			return
		}
	}
}

// blockedOn returns the connection that a call may wait for, nil where it waits
// for none.
func blockedOn(f *flow, call *ast.CallExpr) ast.Expr {
	for _, e := range []ast.Expr{writtenTo(f.info, call), readFrom(f.info, call)} {
		if e != nil && f.isStream(e) {
			return e
		}
	}
	return nil
}

// guardsMore reports whether a lock is shared by more than the users of one
// connection. A lock beside a connection, in one struct or one function, is the
// way to keep two goroutines' messages apart.
func guardsMore(pass *analysis.Pass, mu, conn ast.Expr) bool {
	info := pass.TypesInfo
	owner, other := root(info, mu), root(info, conn)
	if owner == nil || other == nil || owner == other {
		return false
	}
	global := func(o types.Object) bool { return o.Parent() == pass.Pkg.Scope() }
	switch {
	case global(owner):
		return !global(other)
	case isNamed(owner.Type(), "sync", "Mutex") || isNamed(owner.Type(), "sync", "RWMutex"):
		return false // a variable of the function, as the connection
	}
	return true
}
