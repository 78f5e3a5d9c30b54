package lint

import (
	"go/ast"
	"go/types"
)

// lock finds a lock that is held while one connection is read or written, where
// it guards more than this connection: whoever reads slowly then stops all.
func lock(p *program) {
	if !p.servesMany() {
		return
	}
	for body := range p.bodies {
		for n := range here(body) {
			list, _ := statements(n)
			for i, s := range list {
				if mu := p.locking(s, ".Lock"); mu != nil {
					p.heldFor(mu, list[i+1:])
				}
			}
		}
	}
}

// servesMany reports whether a goroutine is started for each connection that is
// accepted. Where one is served after the other, no lock makes others wait.
func (p *program) servesMany() bool {
	for n := range p.nodes {
		if g, ok := n.(*ast.GoStmt); ok && (p.from(accepted, receiver(g.Call)) || p.anyFrom(accepted, g.Call.Args)) {
			return true
		}
	}
	return false
}

// locking returns the mutex of a statement that is the call of a method of it.
func (p *program) locking(n ast.Node, method string) ast.Expr {
	if call := alone(n); call != nil && p.called(call) == method && p.home(call) == "sync" {
		return receiver(call)
	}
	return nil
}

// heldFor looks at what is done between Lock and Unlock.
func (p *program) heldFor(mu ast.Expr, rest []ast.Stmt) {
	for _, s := range rest {
		if other := p.locking(s, ".Unlock"); other != nil && types.ExprString(other) == types.ExprString(mu) {
			return
		}
		if _, ok := s.(*ast.GoStmt); ok {
			continue
		}
		for n := range here(s) {
			if p.locking(n, ".Unlock") != nil {
				return // on some way; the rest is too hard to tell
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				continue
			}
			if conn := p.blockedOn(call); conn != nil && p.from(accepted, conn) && p.guardsMore(mu, conn) {
				p.report(call.Pos(), "%s is locked while this waits for %s: one client that does not read, or does not send, stops everybody who needs the lock; copy what you need, unlock, and then read or write",
					shown(mu), shown(conn))
				return
			}
		}
	}
}

// blockedOn returns the connection that a call may wait for, nil where it waits
// for none.
func (p *program) blockedOn(call *ast.CallExpr) ast.Expr {
	for _, e := range []ast.Expr{p.writtenTo(call), p.readFrom(call)} {
		if p.isStream(e) {
			return e
		}
	}
	return nil
}

// guardsMore reports whether a lock is shared by more than the users of one
// connection. A lock beside a connection, in one struct or one function, is the
// way to keep two goroutines' messages apart.
func (p *program) guardsMore(mu, conn ast.Expr) bool {
	owner, other := p.root(mu), p.root(conn)
	if owner == nil || other == nil || owner == other {
		return false
	}
	global := func(o types.Object) bool { return o.Parent() == p.pkg.Scope() }
	if global(owner) {
		return !global(other)
	}
	// A variable of the function is as the connection.
	return !isNamed(owner.Type(), "sync", "Mutex") && !isNamed(owner.Type(), "sync", "RWMutex")
}
