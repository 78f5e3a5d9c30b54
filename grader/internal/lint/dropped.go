package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// dropped finds errors of writing that nobody looks at, where what is lost then
// is lost unnoticed: a file that is not whole, and a loop that goes on sending
// to nobody. A single answer to a connection that is read as well is no such
// place, for the reader notices.
func dropped(p *program) {
	for body := range p.bodies {
		p.droppedFiles(body)
		for n := range here(body) {
			switch n.(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				p.droppedLoop(n)
			}
		}
	}
}

// droppedLoop reports a loop that passes on what it reads elsewhere, and never
// looks at what becomes of it.
func (p *program) droppedLoop(loop ast.Node) {
	var first *ast.CallExpr
	var reads bool
	var seen token.Pos // what lies before was looked at
	for n := range here(loop) {
		if n.Pos() < seen {
			continue
		}
		switch n := n.(type) {
		case *ast.SelectStmt, *ast.SendStmt:
			return
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				return
			}
		case *ast.ExprStmt:
			if call := alone(n); call != nil {
				if to := p.writtenTo(call); p.isStream(to) && !p.declaredIn(to, loop) {
					seen = call.End()
					if first == nil {
						first = call
					}
				}
			}
		case *ast.CallExpr:
			from := p.readFrom(n)
			if p.isStream(from) || p.isStream(p.writtenTo(n)) {
				return // it is looked at
			}
			reads = reads || from != nil && !p.from(stream, from)
		}
	}
	if first != nil && reads {
		p.report(first.Pos(), "the error of this writing to %s is dropped: when the other side has gone, the loop goes on and everything more is lost unnoticed; look at the error and leave the loop",
			shown(p.writtenTo(first)))
	}
}

// declaredIn reports whether what e begins with is declared within n.
func (p *program) declaredIn(e ast.Expr, n ast.Node) bool {
	o := p.root(e)
	return o == nil || (n.Pos() <= o.Pos() && o.Pos() < n.End())
}

// droppedFiles reports files that a function creates and fills, and of which it
// never learns whether they are whole.
func (p *program) droppedFiles(body *ast.BlockStmt) {
	for n := range here(body) {
		file := p.created(n)
		if file == nil {
			continue
		}
		switch use := p.useOf(body, file); {
		case use.escapes:
		case use.dropped != nil:
			p.report(use.dropped.Pos(), "the error of this writing to %s is dropped: when the disk is full the file stays cut, and the other side is told that all is well; look at the error",
				file.Name())
		case use.written && use.closed != nil && !use.learns:
			p.report(use.closed.Pos(), "the error of %s.Close is dropped: the system may tell only here that the last bytes did not reach the disk, and then a cut file counts as whole; look at the error before you say that all went well",
				file.Name())
		}
	}
}

// created returns the variable that holds a file which a statement has opened for
// writing, nil where it has opened none.
func (p *program) created(n ast.Node) types.Object {
	if a, ok := n.(*ast.AssignStmt); ok && len(a.Rhs) == 1 && len(a.Lhs) == 2 {
		id, named := a.Lhs[0].(*ast.Ident)
		call, calls := a.Rhs[0].(*ast.CallExpr)
		if named && calls && (p.called(call) == "os.Create" || p.called(call) == "os.CreateTemp") && p.Defs[id] != nil {
			return p.Defs[id]
		}
	}
	return nil
}

// A fileUse is what a function does with a file.
type fileUse struct {
	escapes bool // somebody else may look at its errors
	written bool
	learns  bool          // an error of Close or Sync is looked at
	dropped *ast.CallExpr // a write whose error is not
	closed  *ast.CallExpr // a Close whose error is not
}

func (p *program) useOf(body *ast.BlockStmt, file types.Object) (u fileUse) {
	understood := make(map[*ast.Ident]bool) // uses of the file
	dropped := make(map[*ast.CallExpr]bool)
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		if ok && p.ObjectOf(id) == file {
			understood[id] = true
			return true
		}
		return false
	}
	for n := range ast.Preorder(body) {
		switch n := n.(type) {
		case *ast.ExprStmt:
			dropped[alone(n)] = true
		case *ast.DeferStmt:
			dropped[n.Call] = true
		case *ast.CallExpr:
			switch name := p.called(n); {
			case is(p.writtenTo(n)):
				u.written = true
				if dropped[n] && u.dropped == nil {
					u.dropped = n
				}
			case !strings.HasPrefix(name, ".") || !is(receiver(n)):
			case name == ".Close" && dropped[n]:
				u.closed = n
			case name == ".Close" || name == ".Sync":
				u.learns = u.learns || !dropped[n]
			}
		case *ast.Ident:
			u.escapes = u.escapes || p.Uses[n] == file && !understood[n]
		}
	}
	return u
}
