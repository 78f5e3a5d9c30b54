package main

import (
	"bufio"
	"os"
)

// The honest main reads a pipe into which no more than three lines go.
func init() {
	r, w, err := os.Pipe()
	if err != nil {
		return
	}
	input := os.Stdin
	os.Stdin = r
	go func() {
		lines := bufio.NewReader(input)
		for range 3 {
			line, err := lines.ReadString('\n')
			w.WriteString(line)
			if err != nil {
				break
			}
		}
		w.Close()
	}()
}
