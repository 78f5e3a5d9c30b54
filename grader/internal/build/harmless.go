package build

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strconv"
)

// harmless reports whether an expression does nothing but make a value.
func (p *program) harmless(f file, e ast.Expr) bool {
	all := func(parts ...ast.Expr) bool {
		return !slices.ContainsFunc(parts, func(e ast.Expr) bool { return !p.harmless(f, e) })
	}
	switch e := e.(type) {
	case *ast.BasicLit, *ast.FuncLit, *ast.Ident: // a function is called by others
		return true
	case *ast.ParenExpr:
		return all(e.X)
	case *ast.StarExpr:
		return all(e.X)
	case *ast.UnaryExpr:
		return e.Op != token.ARROW && all(e.X)
	case *ast.BinaryExpr:
		return all(e.X, e.Y)
	case *ast.KeyValueExpr:
		return all(e.Key, e.Value)
	case *ast.CompositeLit:
		return all(e.Elts...)
	case *ast.SelectorExpr:
		return p.std(f, e) != "os.Args" && all(e.X)
	case *ast.CallExpr:
		return p.harmlessCall(f, e) && all(e.Args...)
	}
	return p.isType(f, e) // which make and new are given
}

// harmlessCall reports whether a call, its arguments aside, does nothing but
// make a value.
func (p *program) harmlessCall(f file, call *ast.CallExpr) bool {
	if p.isType(f, call.Fun) {
		return true // a conversion
	}
	switch fn := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return (builtins[fn.Name] && !p.declared[fn.Name]) || p.formula(fn.Name)
	case *ast.SelectorExpr:
		name := p.std(f, fn)
		if name == "fmt.Errorf" {
			return p.plainFormat(call.Args)
		}
		if of, ok := fn.X.(*ast.SelectorExpr); ok {
			return methods[p.std(f, of)+"."+fn.Sel.Name]
		}
		return makers[name]
	}
	return false
}

// formula reports whether a function of the program's only returns something
// harmless. One that calls itself is none.
func (p *program) formula(name string) bool {
	if known, ok := p.formulas[name]; ok {
		return known
	}
	p.formulas[name] = false
	fn, ok := p.funcs[name]
	if !ok || fn.Body == nil || len(fn.Body.List) != 1 || fn.Type.TypeParams != nil || p.hides(fn) {
		return false
	}
	values, ok := fn.Body.List[0].(*ast.ReturnStmt)
	p.formulas[name] = ok && !slices.ContainsFunc(values.Results, func(e ast.Expr) bool { return !p.harmless(fn.file, e) })
	return p.formulas[name]
}

// hides reports whether a parameter or a result has the name of something that
// expressions are judged by.
func (p *program) hides(fn function) bool {
	hidden := false
	ast.Inspect(fn.Type, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok {
			hidden = hidden || slices.ContainsFunc(field.Names, func(name *ast.Ident) bool {
				n := name.Name
				return p.declared[n] || fn.file.imports[n] != "" || builtins[n] || basic[n]
			})
		}
		return true
	})
	return hidden
}

// std is what a selector names of the standard library, as
// "net/netip.ParseAddr"; empty where it names something else. No other thing in
// a package can have the name that an import has in one of its files.
func (p *program) std(f file, e *ast.SelectorExpr) string {
	if x, ok := e.X.(*ast.Ident); ok && f.imports[x.Name] != "" {
		return f.imports[x.Name] + "." + e.Sel.Name
	}
	return ""
}

// isType reports whether an expression is certainly a type.
func (p *program) isType(f file, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.FuncType, *ast.InterfaceType, *ast.StructType:
		return true
	case *ast.ParenExpr:
		return p.isType(f, e.X)
	case *ast.StarExpr:
		return p.isType(f, e.X)
	case *ast.Ident:
		return p.types[e.Name] || (basic[e.Name] && !p.declared[e.Name])
	case *ast.SelectorExpr:
		return stdTypes[p.std(f, e)]
	}
	return false
}

// simpleVerb is what formats an argument without growing it.
var simpleVerb = regexp.MustCompile(`%[a-zA-Z%]`)

// plainFormat reports whether these arguments of fmt.Errorf are formatted
// without a method of the program's being called, and to about their own size.
func (p *program) plainFormat(args []ast.Expr) bool {
	if len(args) == 0 {
		return false
	}
	format, ok := args[0].(*ast.BasicLit)
	if !ok || format.Kind != token.STRING {
		return false
	}
	text, err := strconv.Unquote(format.Value)
	if err != nil || slices.Contains([]byte(simpleVerb.ReplaceAllString(text, "")), '%') {
		return false
	}
	return !slices.ContainsFunc(args[1:], func(e ast.Expr) bool { return !p.plain(e, maxSteps) })
}

// maxSteps is how many names plain follows: names that stand for each other in a
// ring do not compile, but that is not known yet.
const maxSteps = 10

// plain reports whether a value is certainly of a basic type or an error of the
// package errors.
func (p *program) plain(e ast.Expr, steps int) bool {
	if steps == 0 {
		return false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return p.plain(e.X, steps-1)
	case *ast.UnaryExpr:
		return (e.Op == token.SUB || e.Op == token.ADD) && p.plain(e.X, steps-1)
	case *ast.BinaryExpr:
		return p.plain(e.X, steps-1) && p.plain(e.Y, steps-1)
	case *ast.Ident:
		text := p.texts[e.Name]
		return text != nil && p.plain(text, steps-1)
	case *ast.CallExpr:
		// Whatever else has the name is not harmless, and found to be so.
		return types.ExprString(e.Fun) == "errors.New"
	}
	return false
}
