package main

import (
	"bufio"
	"bytes"
	"io"
)

// readKeyboard sends each line that the user types to typed, without its end, LF
// or CR LF. It closes typed where there are no more: the user has typed q or Q
// alone on a line, or the input has ended. A last line without LF is a line, too.
// Lines that are typed ahead wait until they are received.
func readKeyboard(keyboard io.Reader, typed chan<- []byte) {
	defer close(typed)
	in := bufio.NewReader(keyboard)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil && len(line) == 0 {
			return
		}
		line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
		if string(line) == "q" || string(line) == "Q" {
			return
		}
		typed <- line
	}
}
