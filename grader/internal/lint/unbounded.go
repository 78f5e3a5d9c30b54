package lint

import "go/ast"

// unbounded finds memory of which a stranger decides how much it is.
func unbounded(p *program) {
	for n := range p.nodes {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			continue
		}
		switch name := p.called(call); name {
		case "make":
			for _, size := range call.Args[1:] {
				if p.from(accepted, size) && !p.small(size) && p.unchecked(size) {
					p.report(call.Pos(), "the size %s comes from the client, and make takes that much memory before a byte of it has arrived: one line is enough to end the server; refuse a size that is too large, or read piece by piece",
						shown(size))
					break
				}
			}
		case "io.ReadAll":
			if p.from(accepted, call.Args[0]) {
				p.report(call.Pos(), "io.ReadAll returns when the client has ended its half, and keeps in memory all that it sends until then, without end; read a message of known length, or set a bound with io.LimitReader")
			}
		case ".ReadString", ".ReadBytes":
			if on := receiver(call); isNamed(p.TypeOf(on), "bufio", "Reader") && p.from(accepted, on) {
				p.report(call.Pos(), "%s keeps a line in memory however long it grows: a client that never sends its end fills the server; count the bytes and give up at a bound, or use bufio.Scanner, which has one",
					name[1:])
			}
		}
	}
}

// unchecked reports whether nothing that a size is made of has been compared.
func (p *program) unchecked(size ast.Expr) bool {
	for n := range ast.Preorder(size) {
		if id, ok := n.(*ast.Ident); ok && p.bounded[p.ObjectOf(id)] {
			return false
		}
	}
	return true
}
