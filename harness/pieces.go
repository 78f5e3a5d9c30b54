package harness

import (
	"bytes"
	"fmt"
)

// inTurn gives data in pieces cut at these places. Between two of them, taken
// returns when the program has read the one before.
func inTurn(data []byte, at []int, taken func() error, give func([]byte) error) error {
	from := 0
	for _, to := range append(at, len(data)) {
		if from > 0 {
			if err := taken(); err != nil {
				return err
			}
		}
		if err := give(data[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// inBlocks cuts data, repeated so many times, into a block that comes so many
// times over and a rest, so that nobody has to hold all of it.
func inBlocks(data []byte, times int) (block []byte, blocks int, rest []byte) {
	const most = 64 << 10
	batch := max(1, most/max(1, len(data)))
	return bytes.Repeat(data, min(batch, times)), times / batch, bytes.Repeat(data, times%batch)
}

// inPieces labels what is sent in pieces cut at the given places.
func inPieces(data []byte, at []int) string {
	if len(at) == 0 {
		return quoteShort(data)
	}
	return fmt.Sprintf("%s in %d pieces", quoteShort(data), len(at)+1)
}
