package frame

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var updateDocs = flag.Bool("update-docs", false, "write fields.md anew")

func TestFieldsAreTheTable(t *testing.T) {
	want := reference()
	if *updateDocs {
		if err := os.WriteFile("fields.md", []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("fields.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("fields.md is not the tables; run go test ./harness/internal/frame -run TestFieldsAreTheTable -update-docs")
	}
}

// reference lists the kinds and fields, in the order of the tables.
func reference() string {
	var b strings.Builder
	b.WriteString("# Kinds and fields of frames\n\n" +
		"In parentheses stands what a field is unless it is given. A field without them follows from the others where it can,\n" +
		"as lengths, checksums and MAC addresses do (10.0.0.2 has 02-00-0a-00-00-02), or is zero.\n\n")
	row := func(name, doc string) { fmt.Fprintf(&b, "    %-10s %s\n", name, doc) }
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
