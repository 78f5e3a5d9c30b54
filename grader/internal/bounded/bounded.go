// Package bounded keeps what a stranger's program or a tool at work on it
// writes, and no more of it than its reader wants to hold.
package bounded

import "bytes"

// A Buffer keeps the first Max bytes that are written to it, and takes the rest
// as if it kept them: who writes is not to learn of the bound.
type Buffer struct {
	bytes.Buffer
	Max  int
	Over bool // more was written
}

func (b *Buffer) Write(p []byte) (int, error) {
	n := min(len(p), max(0, b.Max-b.Len()))
	b.Over = b.Over || n < len(p)
	b.Buffer.Write(p[:n])
	return len(p), nil
}
