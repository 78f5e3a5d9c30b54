package main

import (
	"bufio"
	"io"
	"time"
)

func batch(in io.Reader, out io.Writer) error {
	r := bufio.NewReader(in)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			// No line yet: wait until there is one.
			time.Sleep(1000 * time.Hour)
		}
		text, _ := answer([]string{line})
		io.WriteString(out, text)
	}
}
