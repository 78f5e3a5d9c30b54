package frame

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var updateDocs = flag.Bool("update-docs", false, "write the kinds and fields into doc.go")

// The kinds and fields in doc.go are those of the tables.
func TestDocIsTheTable(t *testing.T) {
	const begin, end = "# Kinds and fields\n\n", "*/\npackage frame"
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(text), begin)
	documented, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("doc.go: no section %q before %q", begin, end)
	}
	want := reference()
	if documented == want {
		return
	}
	if !*updateDocs {
		t.Fatal("doc.go: the section # Kinds and fields is not the tables; run go test ./harness/internal/frame -run TestDocIsTheTable -update-docs")
	}
	if err := os.WriteFile("doc.go", []byte(before+begin+want+end+after), 0o666); err != nil {
		t.Fatal(err)
	}
}

// reference lists the kinds and fields, in the order of the tables. What a
// field is unless it is given stands in parentheses.
func reference() string {
	var b strings.Builder
	row := func(name, doc string) { fmt.Fprintf(&b, "\t%-10s %s\n", name, doc) }
	rows := func(fields []field) {
		for _, f := range fields {
			doc := f.doc
			if f.usual != "" {
				doc += " (" + f.usual + ")"
			}
			row(f.name, doc)
		}
	}
	for _, at := range protocols {
		stack := at.stack()
		fmt.Fprintf(&b, "%s: %s", at.kind, at.doc)
		if len(stack) > 1 {
			fmt.Fprintf(&b, ". It has the fields of %s too", stack[len(stack)-2].kind)
		}
		if at.bare {
			b.WriteString(", and no data")
		}
		b.WriteString(".\n\n")
		rows(at.fields)
		b.WriteByte('\n')
	}
	b.WriteString("Data:\n\n")
	rows(data.fields)
	b.WriteString("\nA frame that is ready to be sent is spoilt by these, in the order of the words:\n\n")
	for _, d := range damages {
		row(d.name, d.doc)
	}
	return b.String()
}
