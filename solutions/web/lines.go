package main

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// errTooLong is the error of a line, or of lines, of which more has come than is read.
var errTooLong = errors.New("too long")

// A lineReader reads the lines of a head. It counts their bytes, line ends too, and
// reads no more than limit: who never ends a line must not fill the memory.
type lineReader struct {
	r     *bufio.Reader
	limit int
}

// next returns the next line without its end, CR LF or LF alone. The error is io.EOF
// where the stream ends before the line begins, and io.ErrUnexpectedEOF where it ends
// in the line.
func (l *lineReader) next() (string, error) {
	var line []byte
	for {
		part, err := l.r.ReadSlice('\n') // of a long line only what is buffered
		if l.limit -= len(part); l.limit < 0 {
			return "", errTooLong
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), nil
		case err == io.EOF && len(line) > 0:
			return "", io.ErrUnexpectedEOF
		case err != bufio.ErrBufferFull:
			return "", err
		}
	}
}

// isToken reports whether s is a token (RFC 9110 §5.6.2), as methods and names of
// fields are.
func isToken(s string) bool {
	const special = "!#$%&'*+-.^_`|~"
	for _, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && !isDigit(c) && strings.IndexByte(special, c) < 0 {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// onlyDigits reports whether s is digits and nothing else. The functions of strconv
// take more: a sign, a 0x, an underscore.
func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
