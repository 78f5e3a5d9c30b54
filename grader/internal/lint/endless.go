package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
)

// endless finds loops that nothing can end, and that then do nothing but burn:
// they read from what has ended.
var endless = &analysis.Analyzer{
	Name:     "endless",
	Doc:      "finds loops that go on when there is nothing more to read",
	Run:      runEndless,
	Requires: []*analysis.Analyzer{inspect.Analyzer, flows},
}

func runEndless(pass *analysis.Pass) (any, error) {
	e := &endings{flow: flowOf(pass), ends: make(map[types.Object]bool)}
	e.find(pass)
	eachFunc(pass, func(body *ast.BlockStmt) {
		labels := make(map[ast.Stmt]string)
		inspectHere(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.LabeledStmt:
				labels[n.Stmt] = n.Label.Name
			case *ast.ForStmt:
				if n.Cond == nil && !e.leaves(n.Body, labels[n]) {
					e.report(pass, n)
				}
			}
			return true
		})
	})
	return nil, nil
}

func (e *endings) report(pass *analysis.Pass, loop *ast.ForStmt) {
	if idle(loop) {
		pass.Reportf(loop.Pos(), "this loop turns for ever and waits for nothing, so it takes a whole processor from everybody; select {} waits for ever, a channel or a sync.WaitGroup until something has happened")
		return
	}
	reported := false
	inspectHere(loop.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || reported {
			return !reported
		}
		switch from := readFrom(pass.TypesInfo, call); {
		case from != nil && e.isStream(from):
			reported = true
			pass.Reportf(call.Pos(), "nothing ends this loop: when the other side has gone, every further read from %s returns at once with an error, and the loop turns without end and takes a whole processor; return at an error (io.EOF is the end)",
				shown(from))
		case e.closesListener && isAccept(pass.TypesInfo, call):
			reported = true
			pass.Reportf(call.Pos(), "nothing ends this loop: when the listener is closed, every further Accept returns at once with an error, and the loop turns without end and takes a whole processor; return where errors.Is(err, net.ErrClosed)")
		}
		return true
	})
}

// idle reports whether a loop does nothing at all.
func idle(loop *ast.ForStmt) bool {
	if loop.Post != nil || loop.Init != nil {
		return false
	}
	switch list := loop.Body.List; len(list) {
	case 0:
		return true
	case 1:
		s, ok := list[0].(*ast.SelectStmt)
		if !ok || len(s.Body.List) != 1 {
			return false
		}
		clause := s.Body.List[0].(*ast.CommClause)
		return clause.Comm == nil && len(clause.Body) == 0
	}
	return false
}

func isAccept(info *types.Info, call *ast.CallExpr) bool {
	callee := calleeOf(info, call)
	return callee != nil && isMethod(callee) && (callee.Name() == "Accept" || callee.Name() == "AcceptTCP")
}

// endings knows which functions of a package may end the program or goroutine.
type endings struct {
	*flow
	ends           map[types.Object]bool
	closesListener bool
}

func (e *endings) find(pass *analysis.Pass) {
	var decls []*ast.FuncDecl
	for _, file := range pass.Files {
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				decls = append(decls, fn)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				callee, on := calleeOf(e.info, call), receiver(call)
				if callee != nil && on != nil && isMethod(callee) && callee.Name() == "Close" {
					t := e.info.TypeOf(on)
					e.closesListener = e.closesListener || isNamed(t, "net", "Listener") || isNamed(t, "net", "TCPListener")
				}
			}
			return true
		})
	}
	for changed := true; changed; {
		changed = false
		for _, d := range decls {
			o := e.info.Defs[d.Name]
			if !e.ends[o] && e.callsEnd(d.Body) {
				e.ends[o], changed = true, true
			}
		}
	}
}

func (e *endings) callsEnd(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || e.mayEnd(call)
		}
		return !found
	})
	return found
}

// mayEnd reports whether a call may not return. What cannot be seen may.
func (e *endings) mayEnd(call *ast.CallExpr) bool {
	if tv := e.info.Types[call.Fun]; tv.IsType() {
		return false
	}
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return e.callsEnd(lit.Body)
	}
	callee := calleeOf(e.info, call)
	switch o := callee.(type) {
	case nil, *types.Var:
		return true
	case *types.Builtin:
		return o.Name() == "panic"
	}
	if fn, ok := callee.(*types.Func); ok && !standard(fn) {
		return e.ends[fn.Origin()]
	}
	if callee.Pkg() == nil {
		return false
	}
	path, name := callee.Pkg().Path(), callee.Name()
	return path == "os" && name == "Exit" || path == "runtime" && name == "Goexit" || path == "syscall" ||
		path == "log" && (strings.HasPrefix(name, "Fatal") || strings.HasPrefix(name, "Panic"))
}

// leaves reports whether something in a loop's body may leave the loop.
func (e *endings) leaves(body *ast.BlockStmt, label string) bool {
	found := false
	var walk func(n ast.Node, inner bool) // inner: a plain break ends something else
	walk = func(n ast.Node, inner bool) {
		inspectHere(n, func(m ast.Node) bool {
			if found || m == n {
				return !found
			}
			switch m := m.(type) {
			case *ast.ReturnStmt:
				found = true
			case *ast.BranchStmt:
				found = found || e.branches(m, label, inner)
			case *ast.CallExpr:
				found = found || e.mayEnd(m)
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				walk(m, true)
				return false
			}
			return !found
		})
	}
	walk(body, false)
	return found
}

func (e *endings) branches(b *ast.BranchStmt, label string, inner bool) bool {
	switch b.Tok {
	case token.GOTO:
		return true
	case token.BREAK:
		return b.Label != nil || !inner
	case token.CONTINUE:
		return b.Label != nil && b.Label.Name != label
	}
	return false
}
