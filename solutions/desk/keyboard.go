package main

import (
	"bufio"
	"bytes"
	"io"
)

// A keyboard is what the user types, line by line. Lines that were typed ahead
// wait in it.
type keyboard struct{ in *bufio.Reader }

func newKeyboard(in io.Reader) *keyboard { return &keyboard{bufio.NewReader(in)} }

// line waits for the next line and returns it without its end, LF or CR LF. It
// returns false where there is none: the user has typed q or Q alone on a line,
// or the input has ended. A last line without LF is a line, too.
func (k *keyboard) line() ([]byte, bool) {
	line, err := k.in.ReadBytes('\n')
	if err != nil && len(line) == 0 {
		return nil, false
	}
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	quit := string(line) == "q" || string(line) == "Q"
	return line, !quit
}
