package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// endless finds loops that nothing can end, and that then do nothing but burn:
// they read from what has ended.
func endless(p *program) {
	e := &endings{program: p, ends: make(map[types.Object]bool)}
	e.find()
	for body := range p.bodies {
		labels := make(map[ast.Stmt]string)
		for n := range here(body) {
			switch n := n.(type) {
			case *ast.LabeledStmt:
				labels[n.Stmt] = n.Label.Name
			case *ast.ForStmt:
				if n.Cond == nil && !e.leaves(n.Body, labels[n], false) {
					e.tell(n)
				}
			}
		}
	}
}

func (e *endings) tell(loop *ast.ForStmt) {
	if idle(loop) {
		e.report(loop.Pos(), "this loop turns for ever and waits for nothing, so it takes a whole processor from everybody; select {} waits for ever, a channel or a sync.WaitGroup until something has happened")
		return
	}
	for n := range here(loop.Body) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			continue
		}
		name := e.called(call)
		switch from := e.readFrom(call); {
		case e.isStream(from):
			e.report(call.Pos(), "nothing ends this loop: when the other side has gone, every further read from %s returns at once with an error, and the loop turns without end and takes a whole processor; return at an error (io.EOF is the end)",
				shown(from))
			return
		case e.closesListener && (name == ".Accept" || name == ".AcceptTCP"):
			e.report(call.Pos(), "nothing ends this loop: when the listener is closed, every further Accept returns at once with an error, and the loop turns without end and takes a whole processor; return where errors.Is(err, net.ErrClosed)")
			return
		}
	}
}

// idle reports whether a loop does nothing at all.
func idle(loop *ast.ForStmt) bool {
	if loop.Post != nil || loop.Init != nil || len(loop.Body.List) > 1 {
		return false
	}
	if len(loop.Body.List) == 0 {
		return true
	}
	s, ok := loop.Body.List[0].(*ast.SelectStmt)
	if !ok || len(s.Body.List) != 1 {
		return false
	}
	clause := s.Body.List[0].(*ast.CommClause)
	return clause.Comm == nil && len(clause.Body) == 0
}

// endings knows which functions of a program may end it or the goroutine.
type endings struct {
	*program
	ends           map[types.Object]bool
	closesListener bool
}

func (e *endings) find() {
	var decls []*ast.FuncDecl
	for n := range e.nodes {
		switch n := n.(type) {
		case *ast.FuncDecl:
			decls = append(decls, n)
		case *ast.CallExpr:
			if on := receiver(n); on != nil && e.called(n) == ".Close" {
				t := e.TypeOf(on)
				e.closesListener = e.closesListener || isNamed(t, "net", "Listener") || isNamed(t, "net", "TCPListener")
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, d := range decls {
			if o := e.Defs[d.Name]; !e.ends[o] && e.callsEnd(d) {
				e.ends[o], changed = true, true
			}
		}
	}
}

func (e *endings) callsEnd(n ast.Node) bool {
	for n := range ast.Preorder(n) {
		if call, ok := n.(*ast.CallExpr); ok && e.mayEnd(call) {
			return true
		}
	}
	return false
}

// mayEnd reports whether a call may not return. What cannot be seen may.
func (e *endings) mayEnd(call *ast.CallExpr) bool {
	if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		return e.callsEnd(lit.Body)
	}
	if fn := e.own(call); fn != nil {
		return e.ends[fn]
	}
	switch o := e.callee(call).(type) {
	case *types.Builtin:
		return o.Name() == "panic"
	case *types.Func:
		switch e.home(call) {
		case "syscall":
			return true
		case "log":
			return strings.HasPrefix(o.Name(), "Fatal") || strings.HasPrefix(o.Name(), "Panic")
		}
		return e.called(call) == "os.Exit" || e.called(call) == "runtime.Goexit"
	}
	return e.converted(call) == nil
}

// leaves reports whether something in a loop may leave the loop with this label.
// inner says that a plain break ends something else.
func (e *endings) leaves(n ast.Node, label string, inner bool) bool {
	var seen token.Pos // what lies before was looked at
	for m := range here(n) {
		if m == n || m.Pos() < seen {
			continue
		}
		found := false
		switch m := m.(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			found = m.Tok == token.GOTO || m.Tok == token.BREAK && (m.Label != nil || !inner) ||
				m.Tok == token.CONTINUE && m.Label != nil && m.Label.Name != label
		case *ast.CallExpr:
			found = e.mayEnd(m)
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			found, seen = e.leaves(m, label, true), m.End()
		}
		if found {
			return true
		}
	}
	return false
}
