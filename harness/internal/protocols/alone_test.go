package protocols_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"wirebook/harness/internal/protocols"
)

// No protocol is named but in its own file, which is named after it, and in
// the table of protocols.
func TestProtocolsStandAlone(t *testing.T) {
	var files []string
	for _, dir := range []string{".", "../packet", "../frame"} {
		found, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		names := make(map[string]int)
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				names[n.Name]++
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil {
					names[text]++
				}
			}
			return true
		})
		for _, at := range []string{"ethernet", "raw", "vlan", "arp", "ipv4", "icmp", "udp", "tcp", "dhcp"} {
			owner := map[string]string{"raw": "ethernet"}[at]
			if owner == "" {
				owner = at
			}
			allowed := 0
			if file == "table.go" && at != "raw" {
				allowed = 1
			}
			if n := names[at]; file != owner+".go" && n != allowed {
				t.Errorf("%s names %s %d times, want %d", file, at, n, allowed)
			}
		}
	}
	if len(protocols.Table) != 8 {
		t.Error("a new protocol: add its names to this test")
	}
}
