package plug

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A card is an end of a cable in a test: what it sends stands in a channel, what it gets
// is kept with the time.
type card struct {
	sends chan string
	begin time.Time
	mu    sync.Mutex
	got   []string
}

func newCard(frames ...string) *card {
	c := &card{sends: make(chan string, len(frames)), begin: time.Now()}
	for _, f := range frames {
		c.sends <- f
	}
	return c
}

func (c *card) Read(b []byte) (int, error) {
	f, ok := <-c.sends
	if !ok {
		return 0, io.EOF
	}
	return copy(b, f), nil
}

func (c *card) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, fmt.Sprint(string(b), " ", time.Since(c.begin)))
	return len(b), nil
}

func (c *card) Close() error { return nil }

// carried is what the cards get when all that they send is carried.
func carried(ctx context.Context, f fault, seen func(passing), cards ...*card) {
	c := &cable{name: "lan", fault: f, seen: seen}
	for i, k := range cards {
		c.ends = append(c.ends, end{fmt.Sprint("h", i), k})
		close(k.sends)
	}
	c.carry(ctx)
}

// What one sends all others get, and he does not, in order, and after the delay.
func TestCable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, c := newCard("1", "2"), newCard(), newCard("3")
		carried(t.Context(), fault{delay: 50 * time.Millisecond}, func(passing) {}, a, b, c)
		slices.Sort(b.got) // what comes from two ends overtakes
		for _, test := range []struct{ got, want []string }{
			{a.got, []string{"3 50ms"}},
			{b.got, []string{"1 50ms", "2 50ms", "3 50ms"}},
			{c.got, []string{"1 50ms", "2 50ms"}},
		} {
			if !slices.Equal(test.got, test.want) {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		}
	})
}

// When all is over, what is under way does not arrive, and nobody waits for it.
func TestCablePulled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		a, b := newCard("1", "2"), newCard()
		carried(ctx, fault{delay: time.Hour}, func(passing) {}, a, b)
		if len(b.got) > 0 || time.Since(a.begin) > 0 {
			t.Errorf("got %q after %v", b.got, time.Since(a.begin))
		}
	})
}

// Which frames are lost the seed decides, for each end by itself, whatever others send;
// lost ones are seen, and do not arrive.
func TestLoss(t *testing.T) {
	frames := make([]string, 1000)
	for i := range frames {
		frames[i] = fmt.Sprint(i)
	}
	lost := func(seed int64, other ...string) (names []string, arrived int) {
		a, b := newCard(frames...), newCard(other...)
		var mu sync.Mutex
		carried(t.Context(), fault{loss: 0.1, seed: seed}, func(p passing) {
			mu.Lock()
			defer mu.Unlock()
			if p.lost && p.from == 0 {
				names = append(names, string(p.frame))
			}
		}, a, b)
		return names, len(b.got)
	}
	once, arrived := lost(1)
	if n := len(once); n < 60 || n > 140 || arrived != len(frames)-n {
		t.Errorf("of %d frames %d are lost, of 10 in a hundred, and %d arrive", len(frames), n, arrived)
	}
	if again, _ := lost(1, "x", "y", "z"); !slices.Equal(once, again) {
		t.Errorf("another time these are lost: %q, and not %q", again, once)
	}
	if other, _ := lost(2); slices.Equal(once, other) {
		t.Error("another seed loses the same frames")
	}
	f := fault{loss: 0.5, seed: 1}
	if a, b := f.dice("lan", 0), f.dice("lan", 1); a.Uint64() == b.Uint64() {
		t.Error("two ends of a cable lose the same frames")
	}
}
