package lint

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
)

// transparentMethods give out what their receiver holds.
var transparentMethods = map[string]bool{
	"ReadString": true, "ReadBytes": true, "ReadSlice": true, "ReadLine": true, "ReadByte": true, "ReadRune": true,
	"Text": true, "Bytes": true, "Peek": true, "String": true,
}

// transparent reports whether a function of the standard library gives out what
// its arguments hold, without a bound of its own.
func transparent(callee types.Object) bool {
	if b, ok := callee.(*types.Builtin); ok {
		return b.Name() == "append"
	}
	if callee.Pkg() == nil {
		return false
	}
	switch callee.Pkg().Path() {
	case "strings", "bytes":
		return true
	case "strconv":
		return callee.Name() == "Atoi" || callee.Name() == "ParseInt" || callee.Name() == "ParseUint"
	case "encoding/binary":
		return callee.Name() == "Uint32" || callee.Name() == "Uint64" || strings.HasSuffix(callee.Name(), "varint")
	case "bufio":
		return strings.HasPrefix(callee.Name(), "New")
	case "io":
		return callee.Name() == "ReadAll"
	case "fmt":
		return strings.HasPrefix(callee.Name(), "Sprint")
	}
	return false
}

// begins reports whether a value enters with this expression.
func (f *flow) begins(o origin, e ast.Expr) bool {
	if call, ok := e.(*ast.CallExpr); ok {
		if callee := calleeOf(f.info, call); callee != nil && standard(callee) {
			if entersBy(f.info, o, callee, call) {
				return true
			}
		}
	}
	switch t := f.info.TypeOf(e); o {
	case stream:
		return isNamed(t, "net", "TCPConn") || isNamed(t, "crypto/tls", "Conn")
	case datagram:
		return isNamed(t, "net", "UDPConn") || isNamed(t, "net", "PacketConn")
	}
	return false
}

func entersBy(info *types.Info, o origin, callee types.Object, call *ast.CallExpr) bool {
	name := callee.Name()
	accepts := isMethod(callee) && (name == "Accept" || name == "AcceptTCP")
	switch o {
	case accepted:
		return accepts
	case stream:
		return accepts || strings.HasPrefix(dials(info, callee, call), "tcp")
	}
	network := dials(info, callee, call)
	return strings.HasPrefix(network, "udp") || strings.HasPrefix(network, "ip") || strings.HasPrefix(network, "unixgram")
}

// dials is the network that a call connects to, where it is written there.
func dials(info *types.Info, callee types.Object, call *ast.CallExpr) string {
	if callee.Pkg() == nil || (callee.Pkg().Path() != "net" && callee.Pkg().Path() != "crypto/tls") ||
		!(strings.HasPrefix(callee.Name(), "Dial") || strings.HasPrefix(callee.Name(), "Listen")) {
		return ""
	}
	for _, arg := range call.Args {
		if v := info.Types[arg].Value; v != nil && v.Kind() == constant.String {
			return constant.StringVal(v)
		}
	}
	return ""
}
