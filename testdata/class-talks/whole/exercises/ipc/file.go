package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// put writes the old messages and the new ones to another file, and gives it the name.
func put(file string, in io.Reader) error {
	var added strings.Builder
	lines := bufio.NewReader(in)
	for more := true; more; {
		line, err := lines.ReadString('\n')
		switch {
		case err == io.EOF:
			more = false
		case err != nil:
			return err
		}
		if !more && line == "" {
			break
		}
		text, _ := strings.CutSuffix(line, "\n")
		text, _ = strings.CutSuffix(text, "\r")
		fmt.Fprintln(&added, text)
	}

	unlock, err := lockFile(file + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	old, err := messagesOf(file)
	if err != nil {
		return err
	}
	fresh := file + ".new"
	if err := os.WriteFile(fresh, append(old, added.String()...), 0o600); err != nil {
		_ = os.Remove(fresh)
		return err
	}
	return replaceFile(fresh, file)
}

func get(file string, out io.Writer) error {
	unlock, err := lockFile(file + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	messages, err := messagesOf(file)
	if err != nil {
		return err
	}
	for len(messages) > 0 {
		n := min(len(messages), 1000)
		if _, err := out.Write(messages[:n]); err != nil {
			return err
		}
		messages = messages[n:]
	}
	if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
		return err
	}
	return nil
}

// messagesOf reads a file up to its last LF.
func messagesOf(file string) ([]byte, error) {
	data, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return data[:bytes.LastIndexByte(data, '\n')+1], nil
}
