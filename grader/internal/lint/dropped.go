package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
)

// dropped finds errors of writing that nobody looks at, where what is lost then
// is lost unnoticed: a file that is not whole, and a loop that goes on sending
// to nobody. A single answer to a connection that is read as well is no such
// place, for the reader notices.
var dropped = &analysis.Analyzer{
	Name:     "dropped",
	Doc:      "finds dropped errors of writing to files and connections",
	Run:      runDropped,
	Requires: []*analysis.Analyzer{inspect.Analyzer, flows},
}

func runDropped(pass *analysis.Pass) (any, error) {
	eachFunc(pass, func(body *ast.BlockStmt) {
		droppedFiles(pass, body)
		ast.Inspect(body, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt, *ast.RangeStmt:
				droppedLoop(pass, n)
			}
			return true
		})
	})
	return nil, nil
}

// writtenTo returns what a call writes to, nil where it does not write.
func writtenTo(info *types.Info, call *ast.CallExpr) ast.Expr {
	callee := calleeOf(info, call)
	if callee == nil {
		return nil
	}
	if isMethod(callee) {
		switch callee.Name() {
		case "Write", "WriteString", "ReadFrom":
			return receiver(call)
		}
		return nil
	}
	switch name := fullName(callee); {
	case len(call.Args) == 0:
	case strings.HasPrefix(name, "fmt.Fprint"), name == "io.WriteString", name == "io.Copy", name == "io.CopyN", name == "encoding/binary.Write":
		return call.Args[0]
	}
	return nil
}

// alone returns the call that a statement consists of: its results are dropped.
// A blank identifier says that the dropping is meant.
func alone(s ast.Node) *ast.CallExpr {
	if e, ok := s.(*ast.ExprStmt); ok {
		call, _ := e.X.(*ast.CallExpr)
		return call
	}
	return nil
}

// droppedLoop reports a loop that passes on what it reads elsewhere, and never
// looks at what becomes of it.
func droppedLoop(pass *analysis.Pass, loop ast.Node) {
	f := flowOf(pass)
	var first *ast.CallExpr
	reads, looks := false, false
	inspectHere(loop, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectStmt, *ast.SendStmt:
			looks = true
		case *ast.UnaryExpr:
			looks = looks || n.Op == token.ARROW
		case *ast.ExprStmt:
			if call := alone(n); call != nil {
				to := writtenTo(pass.TypesInfo, call)
				if to != nil && f.isStream(to) && !declaredIn(pass, to, loop) {
					if first == nil {
						first = call
					}
					return false
				}
			}
		case *ast.CallExpr:
			if to := writtenTo(pass.TypesInfo, n); to != nil && f.isStream(to) {
				looks = true
			}
			if from := readFrom(pass.TypesInfo, n); from != nil {
				reads = reads || !f.from(stream, from)
				looks = looks || f.isStream(from)
			}
		}
		return true
	})
	if first != nil && reads && !looks {
		pass.Reportf(first.Pos(), "the error of this writing to %s is dropped: when the other side has gone, the loop goes on and everything more is lost unnoticed; look at the error and leave the loop",
			shown(writtenTo(pass.TypesInfo, first)))
	}
}

// declaredIn reports whether what e begins with is declared within n.
func declaredIn(pass *analysis.Pass, e ast.Expr, n ast.Node) bool {
	o := root(pass.TypesInfo, e)
	return o == nil || (n.Pos() <= o.Pos() && o.Pos() < n.End())
}

// readFrom returns what a call reads from, nil where it does not read.
func readFrom(info *types.Info, call *ast.CallExpr) ast.Expr {
	callee := calleeOf(info, call)
	if callee == nil {
		return nil
	}
	if isMethod(callee) {
		switch callee.Name() {
		case "Read", "Scan", "ReadString", "ReadBytes", "ReadLine", "ReadSlice", "ReadByte", "ReadRune":
			return receiver(call)
		}
		return nil
	}
	switch fullName(callee) {
	case "io.ReadFull", "io.ReadAtLeast", "io.ReadAll":
		return call.Args[0]
	}
	return nil
}

// droppedFiles reports files that a function creates and fills, and of which it
// never learns whether they are whole.
func droppedFiles(pass *analysis.Pass, body *ast.BlockStmt) {
	for _, file := range created(pass.TypesInfo, body) {
		use := useOf(pass.TypesInfo, body, file)
		switch {
		case use.escapes:
		case use.dropped != nil:
			pass.Reportf(use.dropped.Pos(), "the error of this writing to %s is dropped: when the disk is full the file stays cut, and the other side is told that all is well; look at the error",
				file.Name())
		case use.written && use.closed != nil && !use.learns:
			pass.Reportf(use.closed.Pos(), "the error of %s.Close is dropped: the system may tell only here that the last bytes did not reach the disk, and then a cut file counts as whole; look at the error before you say that all went well",
				file.Name())
		}
	}
}

// created returns the variables that hold files which the function has opened
// for writing.
func created(info *types.Info, body *ast.BlockStmt) []types.Object {
	var files []types.Object
	inspectHere(body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 || len(a.Lhs) != 2 {
			return true
		}
		call, ok := a.Rhs[0].(*ast.CallExpr)
		if !ok {
			return true
		}
		switch fullName(calleeOf(info, call)) {
		case "os.Create", "os.CreateTemp":
			if id, ok := a.Lhs[0].(*ast.Ident); ok && info.Defs[id] != nil {
				files = append(files, info.Defs[id])
			}
		}
		return true
	})
	return files
}

// A fileUse is what a function does with a file.
type fileUse struct {
	escapes bool // somebody else may look at its errors
	written bool
	learns  bool          // an error of Close or Sync is looked at
	dropped *ast.CallExpr // a write whose error is not
	closed  *ast.CallExpr // a Close whose error is not
}

func useOf(info *types.Info, body *ast.BlockStmt, file types.Object) fileUse {
	var u fileUse
	harmless := make(map[*ast.Ident]bool) // uses that are understood
	is := func(e ast.Expr) bool {
		id, ok := ast.Unparen(e).(*ast.Ident)
		if ok && info.ObjectOf(id) == file {
			harmless[id] = true
			return true
		}
		return false
	}
	dropped := make(map[*ast.CallExpr]bool)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if call := alone(n); call != nil {
				dropped[call] = true
			}
		case *ast.DeferStmt:
			dropped[n.Call] = true
		case *ast.CallExpr:
			u.call(info, n, dropped[n], is)
		case *ast.Ident:
			if info.Uses[n] == file && !harmless[n] {
				u.escapes = true
			}
		}
		return true
	})
	return u
}

func (u *fileUse) call(info *types.Info, call *ast.CallExpr, dropped bool, is func(ast.Expr) bool) {
	if to := writtenTo(info, call); to != nil && is(to) {
		u.written = true
		if dropped && u.dropped == nil {
			u.dropped = call
		}
		return
	}
	callee := calleeOf(info, call)
	on := receiver(call)
	if callee == nil || !isMethod(callee) || on == nil || !is(on) {
		return
	}
	switch name := callee.Name(); {
	case name == "Close" && dropped:
		u.closed = call
	case name == "Close" || name == "Sync":
		u.learns = u.learns || !dropped
	}
}
