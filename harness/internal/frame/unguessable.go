package frame

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wirebook/harness/internal/packet"
)

const (
	// leastNumbers is how many numbers tell whether the next one can be guessed: that random
	// ones look like it happens once in 2^28 times.
	leastNumbers = 8
	// maxStep is more than a clock or a counter moves on between two connections.
	maxStep = 1 << 28
)

// Unguessable are TCP segments, by their names. Nobody should be able to guess the sequence
// number of each from that of the one before.
type Unguessable []string

// ParseUnguessable reads what follows `frame PEER unguessable`: the kind tcp, and of= with the
// names of the segments, commas between, in the order in which they came.
func ParseUnguessable(words []string) (Unguessable, error) {
	if _, err := streaming(words); err != nil {
		return nil, fmt.Errorf("frame: %w", err)
	}
	if len(words) != 2 || !strings.HasPrefix(words[1], "of=") {
		return nil, errors.New("frame: of=NAME,NAME and so on is missing: the segments whose numbers are looked at")
	}
	names := strings.Split(words[1][len("of="):], ",")
	if len(names) < leastNumbers {
		return nil, fmt.Errorf("frame: %d segments do not tell whether their numbers can be guessed, %d do", len(names), leastNumbers)
	}
	return names, nil
}

// Pattern says how the numbers can be guessed, or "" where they cannot.
func (u Unguessable) Pattern(seen *Memory) (string, error) {
	numbers := make([]uint32, len(u))
	for i, name := range u {
		b, err := seen.frame(name)
		if err != nil {
			return "", err
		}
		p, _ := table.Decode(b, nil, packet.Every)
		if _, f := p.Find("seq"); f == nil {
			return "", fmt.Errorf("%s has no sequence number", name)
		}
		n, err := strconv.ParseUint(p.Word("seq"), 10, 32)
		if err != nil {
			return "", err
		}
		numbers[i] = uint32(n)
	}
	for i := range numbers[1:] {
		if numbers[i+1]-numbers[i] >= maxStep {
			return "", nil
		}
	}
	return fmt.Sprintf("each is less than 2^28 above the one before: %d, %d, %d ...", numbers[0], numbers[1], numbers[2]), nil
}
