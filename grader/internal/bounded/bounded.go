// Package bounded keeps what a stranger's program or a tool at work on it
// writes, and no more of it than its reader wants to hold.
package bounded

// A Buffer keeps the first Max bytes that are written to it, and takes the rest
// as if it kept them: who writes is not to learn of the bound. Write is its only
// way in; with those of a bytes.Buffer, io.Copy would pass the bound by.
type Buffer struct {
	Max  int
	Over bool // more was written
	kept []byte
}

func (b *Buffer) Write(p []byte) (int, error) {
	n := min(len(p), b.Max-len(b.kept))
	b.Over = b.Over || n < len(p)
	b.kept = append(b.kept, p[:n]...)
	return len(p), nil
}

// Bytes returns what was kept, valid until the next Write.
func (b *Buffer) Bytes() []byte { return b.kept }

func (b *Buffer) String() string { return string(b.kept) }
