package frame

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"wirebook/harness/internal/packet"
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
	rows := func(fields []packet.Field) {
		for _, f := range fields {
			doc := f.Doc
			if f.Usual != "" {
				doc += " (" + f.Usual + ")"
			}
			row(f.Name, doc)
		}
	}
	for _, at := range table {
		if at.Optional {
			fmt.Fprintf(&b, "%s. A frame has it if one of its fields is given, and is expected without it otherwise.\n\n", at.Doc)
			rows(at.Fields)
			b.WriteByte('\n')
			continue
		}
		fmt.Fprintf(&b, "%s: %s", at.Kind, at.Doc)
		if under := table.Under(at); under != nil {
			fmt.Fprintf(&b, ". It has the fields of %s too", under.Kind)
		}
		if at.Bare {
			b.WriteString(", and no data")
		}
		if at.Empty {
			b.WriteString(", and no data unless it is given")
		}
		b.WriteString(".\n\n")
		rows(at.Fields)
		b.WriteByte('\n')
	}
	b.WriteString("Data:\n\n")
	rows(packet.Data.Fields)
	b.WriteString("\nWhat is expected may follow from a frame that was sent or expected as=NAME before, on whichever cable:\n\n")
	for _, like := range likenesses {
		fmt.Fprintf(&b, "%s: %s.\n\n", like.kind, like.doc)
	}
	b.WriteString("An icmp about=NAME quotes that packet: its header and 8 bytes behind it or more, as it was or with a TTL one less, no padding, in\n" +
		"an error of 576 bytes at most; with quote=NAME only as it was. Of a field but data, one of several values may be expected: code=0|1.\n")
	b.WriteString("\nAn icmp that is sent with quote=NAME carries that packet, without padding: its header and all behind it, or quoted=N bytes.\n")
	b.WriteString("\nWhat maybe allows has the fields of what is expected. What is gathered has them for each segment, but seq, the number of the\n" +
		"first octet, data or size, all octets, flags=FIN,ACK, by which the stream ends, and ack=1|2, of which the last must have come\n" +
		"in the end. most=N is how many octets a segment has at most.\n")
	b.WriteString("\nstations=N sends N frames that differ in their source: it and the addresses that follow.\n")
	b.WriteString("\nA frame that is ready to be sent is spoilt by these, in the order of the words:\n\n")
	for _, d := range damages {
		row(d.name, d.doc)
	}
	return b.String()
}
