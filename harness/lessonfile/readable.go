package lessonfile

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"unicode/utf8"
)

// readable says why a text is none that a reader, or a parser, can be asked to
// read, nil where it is one.
func readable(name string, text []byte) *Problem {
	switch {
	case len(bytes.TrimSpace(normal(text))) == 0:
		return &Problem{name, 0, "it is empty; write the program into it, or remove it"}
	case bytes.HasPrefix(text, []byte("version https://git-lfs.github.com/spec/")):
		return &Problem{name, 0, "it is a Git LFS pointer and not the file itself; fetch the file with \"git lfs pull\" and hand that in"}
	}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		// An encoding of two bytes a character is full of NUL.
		if !utf8.Valid(line) || bytes.IndexByte(line, 0) >= 0 {
			return &Problem{name, number, "it is not UTF-8; save the file as UTF-8"}
		}
	}
	if line := overgrown(name, text); line > 0 {
		return &Problem{name, line, fmt.Sprintf("a statement begins before this line and goes on over more than %d words and signs; divide it", maxTokens)}
	}
	return nil
}

// maxTokens bounds how deep the syntax tree of a file can be. Whatever walks it,
// in this program or in the compiler, calls itself once a level.
const maxTokens = 10_000

// overgrown returns the line in which what is open becomes more than maxTokens
// tokens, 0 where it never does. What is open are, from the outermost bracket
// to the innermost, the tokens since the last comma or semicolon there: no node
// of a syntax tree has more nodes above it. A table of any length is small, for
// each of its commas ends what came before.
func overgrown(name string, text []byte) int {
	file := token.NewFileSet().AddFile(name, -1, len(text))
	var s scanner.Scanner
	s.Init(file, text, nil, 0)
	var here level
	var outer []level // around it
	open := 0
	for {
		pos, tok, _ := s.Scan()
		here.tokens, open = here.tokens+1, open+1
		switch tok {
		case token.EOF:
			return 0
		case token.LPAREN, token.LBRACK, token.LBRACE:
			outer, here = append(outer, here), level{}
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if n := len(outer); n > 0 {
				open -= here.tokens - 1
				here, outer = outer[n-1], outer[:n-1]
				here.tokens++
			}
		case token.ELSE:
			here.elses++
		case token.COMMA, token.SEMICOLON:
			open -= here.tokens - here.elses
			here.tokens = here.elses
		}
		if open > maxTokens {
			return file.PositionFor(pos, false).Line
		}
	}
}

// A level is what stands between two brackets.
type level struct {
	tokens int // that are open
	elses  int // each is below the one before, with or without a semicolon
}
