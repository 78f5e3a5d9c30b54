package lint

import (
	"go/ast"
	"go/constant"
	"go/types"
	"time"
)

// sleep finds a time.Sleep that stands for something which the program could
// know: that a goroutine is done, that a variable has changed, that what was
// sent has arrived.
func sleep(p *program) {
	for body := range p.bodies {
		loops := make(map[ast.Node]bool) // their bodies
		for n := range here(body) {
			if list, loop := statements(n); loop != nil {
				loops[loop] = true
			} else {
				p.sleepsIn(list, loops[n])
			}
			if loop, ok := n.(*ast.ForStmt); ok {
				p.spins(loop)
			}
		}
	}
}

// statements are those of a list, or else the body of a loop.
func statements(n ast.Node) (list []ast.Stmt, loop *ast.BlockStmt) {
	switch n := n.(type) {
	case *ast.ForStmt:
		return nil, n.Body
	case *ast.RangeStmt:
		return nil, n.Body
	case *ast.BlockStmt:
		return n.List, nil
	case *ast.CaseClause:
		return n.Body, nil
	case *ast.CommClause:
		return n.Body, nil
	}
	return nil, nil
}

// sleepsIn looks at what stands before and behind the sleeps of a list.
func (p *program) sleepsIn(list []ast.Stmt, loops bool) {
	for i, s := range list {
		if p.calledAlone(s) != "time.Sleep" || i == 0 {
			continue
		}
		if _, ok := list[i-1].(*ast.GoStmt); ok && !loops {
			p.report(s.Pos(), "this sleep waits for the goroutine above, and no time is long enough on every machine; let the goroutine say that it is ready or done, by a channel or a sync.WaitGroup")
			continue
		}
		var next ast.Stmt
		if i+1 < len(list) {
			next = list[i+1]
		} else if loops && p.isShort(s) {
			next = list[0]
		}
		switch sent := p.sends(list[i-1]); {
		case sent == nil || next == nil:
		case p.sends(next) == sent:
			p.report(s.Pos(), "this sleep is to keep two messages apart, and TCP may still deliver them together, or one in pieces: it carries a stream of bytes; mark in the stream where a message ends, with a line end or a length")
		case p.closes(next) == sent:
			p.report(s.Pos(), "this sleep is to let the message arrive before the connection is closed, and that takes as long as it takes; Close sends what is still to be sent, and an answer, or the other side's end, is what tells you that it has arrived")
		}
	}
}

// isShort reports whether a sleep is for less than a second. What is sent every
// second or more is sent for the sake of the time.
func (p *program) isShort(s ast.Stmt) bool {
	value := p.Types[alone(s).Args[0]].Value
	if value == nil {
		return false
	}
	nanoseconds, exact := constant.Int64Val(constant.ToInt(value))
	return exact && nanoseconds < int64(time.Second)
}

// sends returns the variable of the connection that a statement writes to.
func (p *program) sends(s ast.Stmt) (to types.Object) {
	switch branch := s.(type) {
	case *ast.ExprStmt, *ast.AssignStmt:
	case *ast.IfStmt:
		s = branch.Init
	default:
		return nil
	}
	if s == nil {
		return nil
	}
	for n := range here(s) {
		if call, ok := n.(*ast.CallExpr); ok {
			if e := p.writtenTo(call); p.isStream(e) {
				to = p.target(e)
			}
		}
	}
	return to
}

// closes returns the variable of the connection that a statement closes.
func (p *program) closes(s ast.Stmt) types.Object {
	if p.calledAlone(s) == ".Close" {
		if on := receiver(alone(s)); p.isStream(on) {
			return p.target(on)
		}
	}
	return nil
}

// spins reports a loop that does nothing but sleep until a variable changes.
func (p *program) spins(loop *ast.ForStmt) {
	if loop.Cond == nil || loop.Init != nil || loop.Post != nil || len(loop.Body.List) != 1 || p.calledAlone(loop.Body.List[0]) != "time.Sleep" {
		return
	}
	for n := range ast.Preorder(loop.Cond) {
		if call, ok := n.(*ast.CallExpr); ok && p.called(call) != "len" && p.home(call) != "sync/atomic" {
			return // it does more than look
		}
	}
	p.report(loop.Pos(), "this loop sleeps until %s changes: it wakes for nothing, comes late, and without a lock it may never see the change; let the one who changes it say so, by a channel",
		shown(loop.Cond))
}
