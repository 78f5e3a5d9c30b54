package source

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/doc"
	"go/scanner"
	"go/token"
	"path"
	"slices"
)

// fewTokens is the size below which two programs are alike by chance.
const fewTokens = 200

// Shape is a hash of a program that stays the same when its names are changed,
// its lines laid out anew, its comments rewritten, its files and their order
// renamed. It is "" where so little is written beside what was given that all
// programs look so.
func (f Files) Shape(given Files) string {
	var parts []string
	tokens := 0
	for name, text := range f {
		if bytes.Equal(text, given[name]) {
			continue
		}
		shape, n := shapeOf(text)
		parts = append(parts, shape)
		tokens += n
	}
	if tokens < fewTokens {
		return ""
	}
	slices.Sort(parts)
	sum := sha256.Sum256(fmt.Append(nil, parts))
	return hex.EncodeToString(sum[:12])
}

// shapeOf writes a file's tokens, and a number for each name that is its author's.
func shapeOf(text []byte) (shape string, tokens int) {
	imported := make(map[string]bool)
	for _, p := range (Files{"": text}).Imports() {
		imported[path.Base(p)] = true
	}
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(text)), text, nil, 0)
	names := make(map[string]int)
	h := sha256.New()
	comma, kept := false, 0 // kept: how many tokens of package.Name are still to come
	for {
		_, tok, word := s.Scan()
		if comma && tok != token.RPAREN && tok != token.RBRACE && tok != token.RBRACK {
			fmt.Fprintln(h, token.COMMA)
		}
		comma = tok == token.COMMA
		switch {
		case tok == token.EOF:
			return hex.EncodeToString(h.Sum(nil)), tokens
		case tok == token.SEMICOLON, comma: // where lines end is layout
			continue
		case tok == token.IDENT && imported[word] && kept == 0:
			kept = 3
			fmt.Fprintln(h, word)
		case tok == token.IDENT && (kept > 0 || doc.IsPredeclared(word)):
			fmt.Fprintln(h, word)
		case tok == token.IDENT:
			if _, seen := names[word]; !seen {
				names[word] = len(names)
			}
			fmt.Fprintln(h, names[word])
		default:
			fmt.Fprintln(h, tok, word)
		}
		kept = max(0, kept-1)
		tokens++
	}
}
