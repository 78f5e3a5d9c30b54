package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// An edge says that what from holds, to may hold.
type edge struct {
	from ast.Expr
	to   types.Object
}

// edges collects the edges of a package, and the numbers that are compared.
type edges struct {
	*flow
	all []edge
}

func (b *edges) add(to types.Object, from ast.Expr) {
	if to != nil && from != nil {
		b.all = append(b.all, edge{from, to})
	}
}

func (b *edges) collect(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		b.assign(n.Lhs, n.Rhs)
	case *ast.ValueSpec:
		var left []ast.Expr
		for _, name := range n.Names {
			left = append(left, name)
		}
		b.assign(left, n.Values)
	case *ast.RangeStmt:
		b.add(b.target(n.Value), n.X)
	case *ast.SendStmt:
		b.add(b.target(n.Chan), n.Value)
	case *ast.CompositeLit:
		b.literal(n)
	case *ast.CallExpr:
		b.call(n)
	case *ast.BinaryExpr:
		switch n.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			b.bound(n.X)
			b.bound(n.Y)
		}
	}
}

func (b *edges) bound(e ast.Expr) {
	if o := b.target(e); o != nil {
		b.bounded[o] = true
	}
}

func (b *edges) assign(left, right []ast.Expr) {
	for i, l := range left {
		switch {
		case len(right) == len(left):
			b.add(b.target(l), right[i])
		case len(right) == 1:
			b.add(b.target(l), right[0])
		}
	}
}

func (b *edges) literal(n *ast.CompositeLit) {
	t := b.info.TypeOf(n)
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				b.add(b.info.ObjectOf(key), kv.Value)
			}
		} else if i < s.NumFields() {
			b.add(s.Field(i), e)
		}
	}
}

// call adds the edges from arguments to parameters, and those by which a reader
// fills a buffer.
func (b *edges) call(n *ast.CallExpr) {
	callee := calleeOf(b.info, n)
	if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
		b.arguments(b.info.TypeOf(lit), n.Args)
		return
	}
	if callee == nil {
		return
	}
	if from, to := filling(b.info, callee, n); to != nil {
		b.add(b.target(to), from)
	}
	if fn, ok := callee.(*types.Func); ok && fn.Pkg() != nil && !standard(fn) {
		b.arguments(fn.Origin().Type(), n.Args)
	}
}

func (b *edges) arguments(t types.Type, args []ast.Expr) {
	sig, ok := t.(*types.Signature)
	if !ok || sig.Params().Len() == 0 {
		return
	}
	for i, arg := range args {
		b.add(sig.Params().At(min(i, sig.Params().Len()-1)), arg)
	}
}

// filling tells which argument of a call receives what the other one holds.
func filling(info *types.Info, callee types.Object, n *ast.CallExpr) (from, to ast.Expr) {
	if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && isMethod(callee) && len(n.Args) > 0 {
		switch callee.Name() {
		case "Read", "ReadFrom", "ReadFromUDP", "ReadFromUDPAddrPort":
			return sel.X, n.Args[0]
		case "Decode":
			return sel.X, n.Args[0]
		}
		return nil, nil
	}
	switch name := fullName(callee); {
	case name == "io.ReadFull" || name == "io.ReadAtLeast":
		return n.Args[0], n.Args[1]
	case name == "encoding/binary.Read" && len(n.Args) == 3:
		return n.Args[0], n.Args[2]
	case strings.HasPrefix(name, "fmt.Fscan") && len(n.Args) == 2, strings.HasPrefix(name, "fmt.Sscan") && len(n.Args) == 2:
		return n.Args[0], n.Args[1]
	case (name == "fmt.Fscanf" || name == "fmt.Sscanf") && len(n.Args) == 3:
		return n.Args[0], n.Args[2]
	}
	return nil, nil
}

// returns adds what a function returns to what its calls hold.
func (b *edges) returns(decl *ast.FuncDecl) {
	fn := b.info.Defs[decl.Name]
	if decl.Body == nil || fn == nil {
		return
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			for _, e := range n.Results {
				b.add(fn, e)
			}
		}
		return true
	})
	if decl.Type.Results == nil {
		return
	}
	for _, field := range decl.Type.Results.List {
		for _, name := range field.Names {
			b.add(fn, name)
		}
	}
}
