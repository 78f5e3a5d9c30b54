package harness

import (
	"bytes"
	"testing"
)

// Blocks are what was to be repeated, and nothing is lost between them.
func TestInBlocks(t *testing.T) {
	long := bytes.Repeat([]byte("long"), 20_000)
	for _, test := range []struct {
		data  []byte
		times int
	}{
		{nil, 3},
		{[]byte("x"), 0},
		{[]byte("abc"), 1},
		{[]byte("abc"), 100_000},
		{[]byte("0123456789abcdef"), 4096 * 3},
		{long, 3},
	} {
		block, blocks, rest := inBlocks(test.data, test.times)
		got := append(bytes.Repeat(block, blocks), rest...)
		if want := bytes.Repeat(test.data, test.times); !bytes.Equal(got, want) {
			t.Errorf("%d bytes, %d times: %d bytes in %d blocks of %d and %d",
				len(test.data), test.times, len(got), blocks, len(block), len(rest))
		}
		if len(block) > max(64<<10, len(test.data)) {
			t.Errorf("%d bytes, %d times: a block of %d bytes", len(test.data), test.times, len(block))
		}
	}
}
