package nameserver

import (
	"math/rand/v2"
	"testing"
)

// series are leastIDs ids by a rule.
func series(id func(i int) uint16) []uint16 {
	ids := make([]uint16, leastIDs)
	for i := range ids {
		ids[i] = id(i)
	}
	return ids
}

func TestGuessable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func(int) uint16 { return uint16(r.Uint32()) }
	for range 100_000 {
		if why := guessable(series(random)); why != "" {
			t.Fatalf("random ids: %s", why)
		}
	}
	for name, id := range map[string]func(i int) uint16{
		"one":         func(int) uint16 { return 7 },
		"counter":     func(i int) uint16 { return 65530 + uint16(i) },
		"two steps":   func(i int) uint16 { return uint16(i + i/2) },
		"even":        func(i int) uint16 { return random(i) &^ 1 },
		"alternating": func(i int) uint16 { return random(i)&^0x8000 | uint16(i)<<15 },
		"few":         func(i int) uint16 { return uint16(i%20) * 3001 },
	} {
		if guessable(series(id)) == "" {
			t.Errorf("%s: nobody could guess", name)
		}
	}
}

func TestShared(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	a := series(func(int) uint16 { return uint16(r.Uint32()) })
	b := series(func(int) uint16 { return uint16(r.Uint32()) })
	if n := shared(a, a); n != leastIDs {
		t.Errorf("%d of the same ids are shared", n)
	}
	if n := shared(a, b); n > 1 {
		t.Errorf("%d of other ids are shared", n)
	}
}
