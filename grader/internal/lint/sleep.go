package lint

import (
	"go/ast"
	"go/constant"
	"go/types"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
)

// sleep finds a time.Sleep that stands for something which the program could
// know: that a goroutine is done, that a variable has changed, that what was
// sent has arrived.
var sleep = &analysis.Analyzer{
	Name:     "sleep",
	Doc:      "finds sleeps that stand for synchronisation",
	Run:      runSleep,
	Requires: []*analysis.Analyzer{inspect.Analyzer, flows},
}

func runSleep(pass *analysis.Pass) (any, error) {
	eachFunc(pass, func(body *ast.BlockStmt) {
		blocksHere(body, func(list []ast.Stmt, loops bool) { sleepIn(pass, list, loops) })
		inspectHere(body, func(n ast.Node) bool {
			if loop, ok := n.(*ast.ForStmt); ok {
				spins(pass, loop)
			}
			return true
		})
	})
	return nil, nil
}

// sleepIn looks at what stands before and behind the sleeps of a list.
func sleepIn(pass *analysis.Pass, list []ast.Stmt, loops bool) {
	f := flowOf(pass)
	for i, s := range list {
		if !isSleep(pass.TypesInfo, s) || i == 0 {
			continue
		}
		if _, ok := list[i-1].(*ast.GoStmt); ok && !loops {
			pass.Reportf(s.Pos(), "this sleep waits for the goroutine above, and no time is long enough on every machine; let the goroutine say that it is ready or done, by a channel or a sync.WaitGroup")
			continue
		}
		sent := sends(f, list[i-1])
		if sent == nil {
			continue
		}
		switch next := following(list, i, loops && isShort(pass.TypesInfo, s)); {
		case next == nil:
		case sends(f, next) == sent:
			pass.Reportf(s.Pos(), "this sleep is to keep two messages apart, and TCP may still deliver them together, or one in pieces: it carries a stream of bytes; mark in the stream where a message ends, with a line end or a length")
		case closes(f, next) == sent:
			pass.Reportf(s.Pos(), "this sleep is to let the message arrive before the connection is closed, and that takes as long as it takes; Close sends what is still to be sent, and an answer, or the other side's end, is what tells you that it has arrived")
		}
	}
}

// isShort reports whether a sleep is for less than a second. What is sent every
// second or more is sent for the sake of the time.
func isShort(info *types.Info, s ast.Stmt) bool {
	call := alone(s)
	value := info.Types[call.Args[0]].Value
	if value == nil {
		return false
	}
	nanoseconds, exact := constant.Int64Val(constant.ToInt(value))
	return exact && nanoseconds < int64(time.Second)
}

// following is the statement that is done after the one at i, the first again
// at the end of a loop.
func following(list []ast.Stmt, i int, loops bool) ast.Stmt {
	switch {
	case i+1 < len(list):
		return list[i+1]
	case loops:
		return list[0]
	}
	return nil
}

// sends returns the variable of the connection that a statement writes to.
func sends(f *flow, s ast.Stmt) types.Object {
	var to types.Object
	switch s.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.IfStmt:
	default:
		return nil
	}
	if branch, ok := s.(*ast.IfStmt); ok {
		if s = branch.Init; s == nil {
			return nil
		}
	}
	inspectHere(s, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if e := writtenTo(f.info, call); e != nil && f.isStream(e) {
				to = f.target(e)
			}
		}
		return true
	})
	return to
}

// closes returns the variable of the connection that a statement closes.
func closes(f *flow, s ast.Stmt) types.Object {
	call := alone(s)
	if call == nil {
		return nil
	}
	callee, on := calleeOf(f.info, call), receiver(call)
	if callee == nil || on == nil || !isMethod(callee) || callee.Name() != "Close" || !f.isStream(on) {
		return nil
	}
	return f.target(on)
}

// spins reports a loop that does nothing but sleep until a variable changes.
func spins(pass *analysis.Pass, loop *ast.ForStmt) {
	if loop.Cond == nil || loop.Init != nil || loop.Post != nil || len(loop.Body.List) != 1 || !isSleep(pass.TypesInfo, loop.Body.List[0]) {
		return
	}
	calls := false
	ast.Inspect(loop.Cond, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		calls = calls || ok && !looksOnly(pass.TypesInfo, call)
		return true
	})
	if !calls {
		pass.Reportf(loop.Pos(), "this loop sleeps until %s changes: it wakes for nothing, comes late, and without a lock it may never see the change; let the one who changes it say so, by a channel",
			shown(loop.Cond))
	}
}

// looksOnly reports whether a call is one of len, or of an atomic's Load.
func looksOnly(info *types.Info, call *ast.CallExpr) bool {
	callee := calleeOf(info, call)
	if b, ok := callee.(*types.Builtin); ok {
		return b.Name() == "len"
	}
	return callee != nil && callee.Pkg() != nil && callee.Pkg().Path() == "sync/atomic"
}

// blocksHere calls f with the lists of statements in body, and whether a list is
// the body of a loop. Function literals are left out.
func blocksHere(body *ast.BlockStmt, f func(list []ast.Stmt, loops bool)) {
	loops := make(map[*ast.BlockStmt]bool)
	inspectHere(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			loops[n.Body] = true
		case *ast.RangeStmt:
			loops[n.Body] = true
		case *ast.BlockStmt:
			f(n.List, loops[n])
		case *ast.CaseClause:
			f(n.Body, false)
		case *ast.CommClause:
			f(n.Body, false)
		}
		return true
	})
}
