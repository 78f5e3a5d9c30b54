package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

func batch(in io.Reader, out io.Writer) error {
	r := bufio.NewReader(in)
	for {
		line, err := r.ReadString('\n')
		if err == io.EOF && line == "" {
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		text, problem := answer(strings.Split(line, " "))
		if problem != nil {
			text = fmt.Sprintf("error: %v\n", problem)
		}
		if _, err := fmt.Fprintf(out, "%s\n", text); err != nil {
			return err
		}
	}
}
