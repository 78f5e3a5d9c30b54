//go:build ignore

// Command pack writes the hostile submissions that no version control can hold
// as files: names that only archives have, links, pipes.
//
//	go run pack.go     in this folder
//
// Each archive stands in its attack's folder, beside the file ATTACK. The same
// bytes come out each time.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
)

// nothing is a program that does nothing.
const nothing = "package main\n\nfunc main() {}\n"

// honest is a program that does everything right.
func honest() string {
	text, err := os.ReadFile(filepath.FromSlash("hostile/go-work/subnet/main.go"))
	check(err)
	return string(text)
}

// An entry is one of an archive.
type entry struct {
	name, text string
	kind       byte   // as tar has it; 0 for a regular file
	link       string // what a link leads to
}

func main() {
	right := entry{name: "subnet/main.go", text: honest()}
	writeZip("odd-names", right,
		entry{name: "subnet/-toolexec=evil.go", text: nothing},
		entry{name: "subnet/@args.go", text: nothing},
		entry{name: "subnet/$(touch evil).go", text: nothing},
		entry{name: "subnet/\x1b[2J--- PASS.go", text: nothing},
		entry{name: "subnet/\u202eog.niam.go", text: nothing},
		entry{name: "subnet/</td><script>alert(1)</script>.go", text: nothing})
	writeZip("look-alikes", right,
		entry{name: "subnet/m\u0430in.go", text: "package main\n\nfunc init() {}\n"},
		entry{name: "\u0435xercises/subnet/main.go", text: nothing})
	writeZip("case-twins",
		entry{name: "subnet/main.go", text: honest()},
		entry{name: "subnet/MAIN.go", text: nothing},
		entry{name: "subnet/main.Go", text: nothing})
	writeZip("same-twice", right, entry{name: "subnet/main.go", text: nothing})
	writeZip("device-names", right, entry{name: "subnet/con.go", text: "package main\n"}, entry{name: "subnet/aux.go", text: "package main\n"})
	writeZip("climbing", right,
		entry{name: "../../exercises/subnet/main_test.go", text: nothing},
		entry{name: "/subnet/evil.go", text: nothing},
		entry{name: "subnet/../../evil.go", text: nothing},
		entry{name: `subnet\evil.go`, text: nothing},
		entry{name: "C:/evil.go", text: nothing})
	writeZip("too-large", right, entry{name: "subnet/large.go", text: "package main\n" + strings.Repeat(" ", 64<<20)})
	many := []entry{right}
	for i := range 150 {
		many = append(many, entry{name: fmt.Sprintf("subnet/file%d.go", i), text: "package main\n"})
	}
	writeZip("too-many", many...)
	writeTar("links",
		entry{name: "subnet/main.go", kind: tar.TypeSymlink, link: "../../../../solutions/subnet/main.go"},
		entry{name: "subnet/hard.go", kind: tar.TypeLink, link: "/etc/passwd"},
		entry{name: "subnet/pipe.go", kind: tar.TypeFifo},
		entry{name: "subnet/null.go", kind: tar.TypeChar},
		entry{name: "chat", kind: tar.TypeSymlink, link: "../../../solutions/chat"})
	writeTar("name-not-utf8", right, entry{name: "subnet/\xff\xfe.go", text: nothing})
}

func writeZip(attack string, entries ...entry) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		part, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate})
		check(err)
		_, err = part.Write([]byte(e.text))
		check(err)
	}
	check(w.Close())
	write(attack, ".zip", b.Bytes())
}

func writeTar(attack string, entries ...entry) {
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	w := tar.NewWriter(packed)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Linkname: e.link, Typeflag: e.kind, Mode: 0o644, Size: int64(len(e.text)), Format: tar.FormatGNU}
		if h.Typeflag == 0 {
			h.Typeflag = tar.TypeReg
		}
		check(w.WriteHeader(h))
		_, err := w.Write([]byte(e.text))
		check(err)
	}
	check(w.Close())
	check(packed.Close())
	write(attack, ".tar.gz", b.Bytes())
}

func write(attack, ending string, data []byte) {
	check(os.WriteFile(filepath.Join("hostile", attack, attack+ending), data, 0o666))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
