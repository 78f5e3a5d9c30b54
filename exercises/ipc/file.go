package main

import (
	"errors"
	"io"
)

// lockFile is given; this line goes when you call it.
var _ = lockFile

// put adds the lines of in to the messages that stand in the file, behind them and in
// their order: a line is a message, and its LF is what makes it one. The last line of
// in may lack its LF, and a CR before an LF belongs to the line's end.
//
// Other programs do the same at the same time. Whoever looks at the file in order to
// change it holds the lock of FILE.lock (lockFile) from the look until the change is
// made. Decide what is to be done between lockFile and unlock, and what is better done
// before.
//
// Where it fails, put has added nothing. And it may be killed at any moment: what
// stands behind the last LF of the file is the beginning of a message whose put was
// killed, and has to be cut off.
func put(file string, in io.Reader) error {
	return errors.New("file.go: put is not written yet")
}

// get prints all messages of the file to out and takes them out of it. What it has
// not printed, it must not take out, even if it is killed or out fails.
//
// A file that is not there has no messages.
func get(file string, out io.Writer) error {
	return errors.New("file.go: get is not written yet")
}
