// Package source is a program as text: its files in memory.
package source

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/scanner"
	"go/token"
	"io"
	"maps"
	"slices"

	"wirebook/harness/lessonfile"
)

// Files are the .go files of one program by name, flat and without tests.
type Files map[string][]byte

// Names returns the files' names, sorted.
func (f Files) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Complete returns the program as it is built. The folder as it stands is the
// whole program; only where none of its files declares func main (a student
// handed in chat.go alone) are the given files added that it lacks.
func (f Files) Complete(given Files) Files {
	if f.declaresMain() {
		return f
	}
	whole := maps.Clone(given)
	if whole == nil {
		whole = make(Files)
	}
	maps.Copy(whole, f)
	return whole
}

// declaresMain looks for the words "func main", which stand together in no
// other place. It scans, so that a syntax error hides nothing.
func (f Files) declaresMain() bool {
	for name, text := range f {
		var s scanner.Scanner
		s.Init(token.NewFileSet().AddFile(name, -1, len(text)), text, nil, 0)
		for before := token.ILLEGAL; before != token.EOF; {
			_, tok, word := s.Scan()
			if before == token.FUNC && tok == token.IDENT && word == "main" {
				return true
			}
			before = tok
		}
	}
	return false
}

// Equal reports whether both are the same program to a reader: editors that
// write Windows line ends or a byte order mark change nothing.
func (f Files) Equal(g Files) bool {
	return maps.EqualFunc(f, g, lessonfile.Same)
}

// Digest is a hash of names and contents, in hexadecimal.
func (f Files) Digest() string {
	h := sha256.New()
	f.WriteTo(h)
	return hex.EncodeToString(h.Sum(nil))
}

// WriteTo writes names and contents, each behind its length, so that no two
// sets of files are written the same.
func (f Files) WriteTo(w io.Writer) (n int64, err error) {
	for _, name := range f.Names() {
		k, err := fmt.Fprintf(w, "%q %d\n%s", name, len(f[name]), f[name])
		n += int64(k)
		if err != nil {
			return n, err
		}
	}
	return n, nil
}
