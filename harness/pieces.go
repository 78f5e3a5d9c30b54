package harness

import "fmt"

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

// inPieces labels what is sent in pieces cut at the given places.
func inPieces(data []byte, at []int) string {
	if len(at) == 0 {
		return quoteShort(data)
	}
	return fmt.Sprintf("%s in %d pieces", quoteShort(data), len(at)+1)
}
