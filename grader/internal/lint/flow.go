package lint

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// An origin is where a value of interest enters a program.
//
// The flow from it is known as the variables, fields and functions that may hold,
// or return, what comes from there: the connection itself, a reader around it, or
// what was read from it. It knows neither order nor branches, and of calls only
// those whose function can be seen.
type origin int

const (
	accepted origin = iota // a connection that a stranger has opened
	stream                 // a TCP connection, whoever has opened it
	datagram               // a UDP socket
	origins                // how many there are
)

// An edge says that what from holds, to may hold.
type edge struct {
	from ast.Expr
	to   types.Object
}

// edges collects the edges of a program.
type edges struct {
	*program
	all []edge
}

// follow finds out what flows where.
func (p *program) follow() {
	p.bounded = make(map[types.Object]bool)
	for o := range p.held {
		p.held[o] = make(map[types.Object]bool)
	}
	b := &edges{program: p}
	for n := range p.nodes {
		b.collect(n)
	}
	for changed := true; changed; {
		changed = false
		for _, e := range b.all {
			for o := range origins {
				if !p.held[o][e.to] && !p.bounded[e.to] && p.from(o, e.from) {
					p.held[o][e.to], changed = true, true
				}
			}
		}
	}
}

func (b *edges) add(to types.Object, from ast.Expr) {
	if to != nil && from != nil {
		b.all = append(b.all, edge{from, to})
	}
}

func (b *edges) collect(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			b.add(b.target(left), n.Rhs[min(i, len(n.Rhs)-1)])
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if len(n.Values) > 0 {
				b.add(b.target(name), n.Values[min(i, len(n.Values)-1)])
			}
		}
	case *ast.RangeStmt:
		b.add(b.target(n.Value), n.X)
	case *ast.SendStmt:
		b.add(b.target(n.Chan), n.Value)
	case *ast.CompositeLit:
		b.literal(n)
	case *ast.CallExpr:
		b.call(n)
	case *ast.FuncDecl:
		b.returns(n)
	case *ast.BinaryExpr:
		switch n.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			for _, e := range []ast.Expr{n.X, n.Y} {
				if o := b.target(e); o != nil {
					b.bounded[o] = true
				}
			}
		}
	}
}

func (b *edges) literal(n *ast.CompositeLit) {
	t := b.TypeOf(n).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	s, ok := t.(*types.Struct)
	if !ok {
		return
	}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			b.add(b.target(kv.Key), kv.Value)
		} else {
			b.add(s.Field(i), e)
		}
	}
}

// call adds the edges from arguments to parameters, and those by which a reader
// fills a buffer.
func (b *edges) call(n *ast.CallExpr) {
	if from, to := b.filling(n); to != nil {
		b.add(b.target(to), from)
	}
	if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
		b.arguments(b.TypeOf(lit), n.Args)
	} else if fn := b.own(n); fn != nil {
		b.arguments(fn.Type(), n.Args)
	}
}

func (b *edges) arguments(t types.Type, args []ast.Expr) {
	params := t.(*types.Signature).Params()
	for i, arg := range args {
		if last := params.Len() - 1; last >= 0 {
			b.add(params.At(min(i, last)), arg)
		}
	}
}

// filling tells which argument of a call receives what the other one holds.
func (p *program) filling(call *ast.CallExpr) (from, to ast.Expr) {
	args := call.Args
	switch name := p.called(call); {
	case len(args) == 0:
	case name == ".Read", name == ".ReadFrom", name == ".ReadFromUDP", name == ".ReadFromUDPAddrPort", name == ".Decode":
		return receiver(call), args[0]
	case (name == "io.ReadFull" || name == "io.ReadAtLeast") && len(args) > 1,
		(strings.HasPrefix(name, "fmt.Fscan") || strings.HasPrefix(name, "fmt.Sscan")) && len(args) == 2:
		return args[0], args[1]
	case (name == "fmt.Fscanf" || name == "fmt.Sscanf" || name == "encoding/binary.Read") && len(args) == 3:
		return args[0], args[2]
	}
	return nil, nil
}

// returns adds what a function returns to what its calls hold.
func (b *edges) returns(decl *ast.FuncDecl) {
	if decl.Body == nil {
		return
	}
	fn := b.Defs[decl.Name]
	for n := range here(decl) {
		if r, ok := n.(*ast.ReturnStmt); ok {
			for _, e := range r.Results {
				b.add(fn, e)
			}
		}
	}
	if decl.Type.Results == nil {
		return
	}
	for _, field := range decl.Type.Results.List {
		for _, name := range field.Names {
			b.add(fn, name)
		}
	}
}

// target is the variable or field that an expression names, through
// conversions, pointers and indices.
func (p *program) target(e ast.Expr) types.Object {
	for e != nil {
		switch x := e.(type) {
		case *ast.Ident:
			if o := p.ObjectOf(x); o != nil && x.Name != "_" {
				return o
			}
			return nil
		case *ast.SelectorExpr:
			return p.ObjectOf(x.Sel)
		case *ast.CallExpr:
			e = p.converted(x)
		default:
			e = inner(e)
		}
	}
	return nil
}

// isStream reports whether an expression is a TCP connection, or a reader around
// one, and certainly no UDP socket.
func (p *program) isStream(e ast.Expr) bool { return p.from(stream, e) && !p.from(datagram, e) }

// from reports whether an expression may hold what comes from an origin.
func (p *program) from(o origin, e ast.Expr) bool {
	if e == nil {
		return false
	}
	switch t := p.TypeOf(e); {
	case o == stream && (isNamed(t, "net", "TCPConn") || isNamed(t, "crypto/tls", "Conn")),
		o == datagram && (isNamed(t, "net", "UDPConn") || isNamed(t, "net", "PacketConn")):
		return true
	}
	switch e := e.(type) {
	case *ast.Ident, *ast.SelectorExpr:
		return p.held[o][p.target(e)]
	case *ast.BinaryExpr:
		return p.from(o, e.X) || p.from(o, e.Y)
	case *ast.CompositeLit:
		return p.fromElements(o, e)
	case *ast.CallExpr:
		return p.fromCall(o, e)
	}
	return p.from(o, inner(e))
}

func (p *program) anyFrom(o origin, all []ast.Expr) bool {
	return slices.ContainsFunc(all, func(e ast.Expr) bool { return p.from(o, e) })
}

// fromElements is for slices, arrays and maps; a struct holds things apart.
func (p *program) fromElements(o origin, e *ast.CompositeLit) bool {
	if _, ok := p.TypeOf(e).Underlying().(*types.Struct); ok {
		return false
	}
	return slices.ContainsFunc(e.Elts, func(x ast.Expr) bool {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			x = kv.Value
		}
		return p.from(o, x)
	})
}

func (p *program) fromCall(o origin, call *ast.CallExpr) bool {
	if x := p.converted(call); x != nil {
		return !p.small(x) && p.from(o, x)
	}
	if fn := p.own(call); fn != nil {
		return p.held[o][fn]
	}
	return p.enters(o, call) || p.from(o, p.gives(call)) || p.passes(call) && p.anyFrom(o, call.Args)
}

// enters reports whether a value enters with a call.
func (p *program) enters(o origin, call *ast.CallExpr) bool {
	name := p.called(call)
	accepts := name == ".Accept" || name == ".AcceptTCP"
	network := p.dials(call)
	switch o {
	case accepted:
		return accepts
	case stream:
		return accepts || strings.HasPrefix(network, "tcp")
	}
	return strings.HasPrefix(network, "udp") || strings.HasPrefix(network, "ip") || strings.HasPrefix(network, "unixgram")
}

// dials is the network that a call connects to, where it is written there.
func (p *program) dials(call *ast.CallExpr) string {
	home, callee := p.home(call), p.callee(call)
	if home != "net" && home != "crypto/tls" || !strings.HasPrefix(callee.Name(), "Dial") && !strings.HasPrefix(callee.Name(), "Listen") {
		return ""
	}
	for _, arg := range call.Args {
		if v := p.Types[arg].Value; v != nil && v.Kind() == constant.String {
			return constant.StringVal(v)
		}
	}
	return ""
}

// gives is what a method is called on that gives out what this holds, nil for
// all other calls.
func (p *program) gives(call *ast.CallExpr) ast.Expr {
	switch p.called(call) {
	case ".ReadString", ".ReadBytes", ".ReadSlice", ".ReadLine", ".ReadByte", ".ReadRune", ".Text", ".Bytes", ".Peek", ".String":
		return receiver(call)
	}
	return nil
}

// passes reports whether a function of the standard library gives out what its
// arguments hold, without a bound of its own.
func (p *program) passes(call *ast.CallExpr) bool {
	switch name := p.called(call); name {
	case "append", "strconv.Atoi", "strconv.ParseInt", "strconv.ParseUint", "io.ReadAll":
		return true
	default:
		home := p.home(call)
		return home == "strings" || home == "bytes" ||
			home == "encoding/binary" && (name == ".Uint32" || name == ".Uint64" || strings.HasSuffix(name, "varint")) ||
			strings.HasPrefix(name, "bufio.New") || strings.HasPrefix(name, "fmt.Sprint")
	}
}

// small reports whether an expression is a number of a size that harms nobody.
func (p *program) small(e ast.Expr) bool {
	t, ok := p.TypeOf(e).Underlying().(*types.Basic)
	return ok && slices.Contains([]types.BasicKind{types.Uint8, types.Int8, types.Uint16, types.Int16}, t.Kind())
}
