package harness

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"wirebook/harness/telling"
)

var updateDocs = flag.Bool("update-docs", false, "write the table of commands into doc.go")

// The reference of the language in doc.go is the table of commands.
func TestDocIsTheTable(t *testing.T) {
	const begin, end = "# Commands\n", "*/\npackage harness"
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), begin)
	documented, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("doc.go: no section %q before %q", begin, end)
	}
	want := "\n" + reference()
	if documented == want {
		return
	}
	if !*updateDocs {
		t.Fatal("doc.go: the section # Commands is not the table of commands; run go test ./harness -run TestDocIsTheTable -update-docs")
	}
	if err := os.WriteFile("doc.go", []byte(before+begin+want+end+after), 0o666); err != nil {
		t.Fatal(err)
	}
}

// reference is the language's documentation: a list of the commands, of each its form
// and what it does.
func reference() string {
	var b strings.Builder
	for _, f := range language().Forms() {
		item := telling.Wrap("    ", f.Usage+": "+f.Doc)
		fmt.Fprintf(&b, "  - %s\n", strings.TrimPrefix(item, "    "))
	}
	return b.String()
}
