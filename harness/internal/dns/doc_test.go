package dns

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"wirebook/harness/internal/dns/message"
)

var updateDocs = flag.Bool("update-docs", false, "write fields.md anew")

// fields.md is made of two tables.
func TestFieldsAreTheTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("# The fields of DNS messages\n\nMade from the tables of this package: `go test ./harness/internal/dns -run TestFieldsAreTheTable -update-docs`.\n\n")
	for _, bit := range message.Bits {
		fmt.Fprintf(&b, "* `%s` — of every message: %s. Of what is expected, `1|2` is either.\n", bit.Name, bit.Doc)
	}
	for _, f := range fields {
		fmt.Fprintf(&b, "* `%s` — %s: %s.\n", f.name, f.kinds, f.doc)
	}
	if *updateDocs {
		if err := os.WriteFile("fields.md", []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile("fields.md"); err != nil || string(got) != b.String() {
		t.Error("fields.md is not the tables; run go test ./harness/internal/dns -run TestFieldsAreTheTable -update-docs")
	}
}
