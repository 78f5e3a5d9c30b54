// Package pieces cuts what is sent to a program, and remembers how it was cut until
// the program has answered.
package pieces

import (
	"bytes"
	"slices"
)

// Sent is what was sent or typed to a program and is not answered yet.
type Sent struct {
	Pieces []string
	Split  bool // the script has cut a message
}

// mostSent bounds what is remembered of it, in bytes.
const mostSent = 64 << 10

// Add remembers data, cut at these places.
func (s *Sent) Add(data []byte, at []int) {
	s.Split = s.Split || len(at) > 0
	size := len(data)
	for _, piece := range s.Pieces {
		size += len(piece)
	}
	if size > mostSent || len(at) > mostSent/8 {
		return
	}
	_ = InTurn(data, at, func() error { return nil }, func(piece []byte) error {
		s.Pieces = append(s.Pieces, string(piece))
		return nil
	})
}

// With is both together.
func (s Sent) With(other Sent) Sent {
	return Sent{append(slices.Clip(s.Pieces), other.Pieces...), s.Split || other.Split}
}

// InTurn gives data in pieces cut at these places. Between two of them, taken
// returns when the program has read the one before.
func InTurn(data []byte, at []int, taken func() error, give func([]byte) error) error {
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

// InBlocks cuts data, repeated so many times, into a block that comes so many times
// over and a rest, so that nobody has to hold all of it.
func InBlocks(data []byte, times int) (block []byte, blocks int, rest []byte) {
	const most = 64 << 10
	batch := max(1, most/max(1, len(data)))
	return bytes.Repeat(data, min(batch, times)), times / batch, bytes.Repeat(data, times%batch)
}
