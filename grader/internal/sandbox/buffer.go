package sandbox

// A Buffer keeps the first Max bytes of what a stranger's program, or a tool at
// work on it, writes. It takes the rest as if it kept that, too: the writer is
// not to learn of the bound. Write is its only way in; with those of a
// bytes.Buffer, io.Copy would pass the bound by.
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
