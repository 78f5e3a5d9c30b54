package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxInput is how many bytes one put takes.
const maxInput = 16 << 20

// put adds the lines of in to the messages of the file.
func put(file string, in io.Reader) (err error) {
	// All of it before the lock: a person who types stands in nobody's way.
	messages, err := readMessages(in)
	if err != nil || len(messages) == 0 {
		return err
	}
	unlock, err := lockFile(file + ".lock")
	if err != nil {
		return err
	}
	defer unlock()

	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	end, err := endOfMessages(f)
	if err != nil {
		return err
	}
	// What stands behind the last message was left by a put that was killed.
	if err := f.Truncate(end); err != nil {
		return err
	}
	if _, err := f.WriteAt(messages, end); err != nil {
		return errors.Join(err, f.Truncate(end)) // all of them or none
	}
	return f.Sync()
}

// readMessages reads lines, which may lack the last LF, and returns them as they
// stand in a file.
func readMessages(in io.Reader) ([]byte, error) {
	input, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	if err != nil {
		return nil, err
	}
	if len(input) > maxInput {
		return nil, fmt.Errorf("the input has more than %d bytes", maxInput)
	}
	messages := make([]byte, 0, len(input)+1)
	for line := range bytes.Lines(input) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		line = bytes.TrimSuffix(line, []byte("\r"))
		messages = append(append(messages, line...), '\n')
	}
	return messages, nil
}

// get prints the messages of the file to out and takes them out.
func get(file string, out io.Writer) (err error) {
	unlock, err := lockFile(file + ".lock")
	if err != nil {
		return err
	}
	defer unlock()

	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	end, err := endOfMessages(f)
	if err != nil {
		return err
	}
	// First this, then that: killed in between, it has lost nothing.
	if _, err := io.Copy(out, io.NewSectionReader(f, 0, end)); err != nil {
		return err
	}
	return f.Truncate(0)
}

// endOfMessages returns the place behind the last LF of a file. A message is one
// only when its LF is there.
func endOfMessages(f *os.File) (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	block := make([]byte, 64<<10)
	for end := info.Size(); end > 0; {
		part := block[:min(end, int64(len(block)))]
		begin := end - int64(len(part))
		if _, err := f.ReadAt(part, begin); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
			return begin + int64(i) + 1, nil
		}
		end = begin
	}
	return 0, nil
}
