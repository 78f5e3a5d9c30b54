package nameserver

import (
	"encoding/binary"
	"fmt"

	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
)

// leastIDs is how many ids tell whether they can be guessed.
const leastIDs = 32

func cmdUnguessable(p *play.Play, c *script.Call) error {
	ids := make(map[string][]uint16)
	for i, name := range c.Args {
		var ports []uint16
		for _, q := range bookOf(p).came[name] {
			ids[name] = append(ids[name], binary.BigEndian.Uint16(q.message))
			ports = append(ports, q.from.Port())
		}
		if len(ports) < leastIDs {
			return fmt.Errorf("%d questions to %s were asked for together, want %d", len(ports), name, leastIDs)
		}
		if pattern := guessable(ids[name]); pattern != "" {
			return p.Failf("nobody should be able to guess the ids of the questions to %s, but %s: draw each with crypto/rand or math/rand/v2", name, pattern)
		}
		if repeats(ports) > 0 {
			return p.Failf("each question to %s should leave from a socket of its own, but several that are under way came from one port", name)
		}
		for _, other := range c.Args[:i] {
			const most = 4 // that are in both by chance
			if shared(ids[name], ids[other]) > most {
				return p.Failf("%s and %s were asked with the same ids: is the seed always the same?", other, name)
			}
		}
	}
	return nil
}

// guessable says what pattern ids have, "" for none. That random ids look like it
// happens less than once in a million times.
func guessable(ids []uint16) string {
	const few = 4
	if repeats(ids) > few {
		return "the same ids come again and again"
	}
	steps := make([]uint16, len(ids)-1)
	for i := range steps {
		steps[i] = ids[i+1] - ids[i]
	}
	if repeats(steps) > len(steps)/2 {
		return "each is the one before and a few more"
	}
	for bit := range 16 {
		for period := 1; period <= 2; period++ {
			if periodic(ids, bit, period) {
				return fmt.Sprintf("bit %d of them is the same in every id or in every second one", bit)
			}
		}
	}
	return ""
}

func periodic(ids []uint16, bit, period int) bool {
	for i := range len(ids) - period {
		if (ids[i]^ids[i+period])>>bit&1 == 1 {
			return false
		}
	}
	return true
}

// repeats is how many numbers have come before.
func repeats(numbers []uint16) (n int) {
	seen := make(map[uint16]bool)
	for _, number := range numbers {
		if seen[number] {
			n++
		}
		seen[number] = true
	}
	return n
}

func shared(a, b []uint16) (n int) {
	seen := make(map[uint16]bool)
	for _, number := range a {
		seen[number] = true
	}
	for _, number := range b {
		if seen[number] {
			n++
		}
	}
	return n
}
