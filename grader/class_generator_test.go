package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"unicode"
	"unicode/utf8"

	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/source"
	"wirebook/grader/internal/workbook"
)

// A classGenerator writes submissions that do what the solutions do, of which
// no two are the same program: names and bodies differ.
type classGenerator struct {
	lessons []*workbook.Lesson
	count   int
}

// write writes a class of n submissions into dir. The first hanging of them do
// nothing in any lesson, for ever.
func (g *classGenerator) write(tb testing.TB, dir string, n, hanging int) {
	for i := range n {
		g.count++
		for _, l := range g.lessons {
			files := g.hang()
			if i >= hanging {
				files = vary(tb, l, g.count)
			}
			folder := filepath.Join(dir, fmt.Sprintf("student-%03d", i), l.Name)
			if err := os.MkdirAll(folder, 0o777); err != nil {
				tb.Fatal(err)
			}
			for name, text := range files {
				if err := os.WriteFile(filepath.Join(folder, name), text, 0o666); err != nil {
					tb.Fatal(err)
				}
			}
		}
	}
}

func (g *classGenerator) hang() source.Files {
	return source.Files{"main.go": fmt.Appendf(nil, "package main\n\nimport \"time\"\n\nfunc main() {\n\tfor {\n\t\ttime.Sleep(%d * time.Hour)\n\t}\n}\n", g.count)}
}

// vary returns a lesson's solution with every third of its own names changed
// everywhere, and a statement more in each function. Files that everyone has
// stay as they are.
func vary(tb testing.TB, l *workbook.Lesson, number int) source.Files {
	random := rand.New(rand.NewPCG(uint64(number), 0))
	fixed := make(map[string]bool) // names that stay
	for _, name := range types.Universe.Names() {
		fixed[name] = true
	}
	for _, name := range []string{"main", "init", "_", "iota"} {
		fixed[name] = true
	}
	changes := make(source.Files)
	for name, text := range l.Solution {
		if given, ok := l.Given[name]; ok && lessonfile.Same(given, text) {
			eachName(text, func(name string, _, _ int) { fixed[name] = true })
			continue
		}
		changes[name] = text
	}
	for _, path := range l.Solution.Imports() {
		fixed[filepath.Base(path)] = true
	}
	fixed["rand"] = true // of math/rand/v2
	names := make(map[string]string)
	varied := make(source.Files)
	for name, text := range l.Solution {
		varied[name] = text
	}
	for _, name := range changes.Names() {
		var out bytes.Buffer
		text := moreStatements(tb, changes[name], random)
		at := 0
		eachName(text, func(name string, begin, end int) {
			first, _ := utf8.DecodeRuneInString(name)
			if fixed[name] || !unicode.IsLower(first) {
				return
			}
			if names[name] == "" {
				names[name] = name
				if random.IntN(3) == 0 {
					names[name] = name + strconv.Itoa(number)
				}
			}
			out.Write(text[at:begin])
			out.WriteString(names[name])
			at = end
		})
		out.Write(text[at:])
		varied[name] = out.Bytes()
	}
	return varied
}

// eachName calls f with every identifier and where it stands.
func eachName(text []byte, f func(name string, begin, end int)) {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	for {
		pos, tok, name := s.Scan()
		if tok == token.EOF {
			return
		}
		if tok == token.IDENT {
			begin := file.Offset(pos)
			f(name, begin, begin+len(name))
		}
	}
}

// moreStatements puts a statement without effect into each function.
func moreStatements(tb testing.TB, text []byte, random *rand.Rand) []byte {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "", text, parser.SkipObjectResolution)
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	at := 0
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			begin := set.Position(f.Body.Lbrace).Offset + 1
			out.Write(text[at:begin])
			fmt.Fprintf(&out, " _ = %d; ", random.IntN(1_000_000))
			at = begin
		}
	}
	out.Write(text[at:])
	return out.Bytes()
}
