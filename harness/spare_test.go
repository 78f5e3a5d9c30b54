package harness

import (
	"testing"
	"time"
)

// A spareLook is what one look, 40 ms after the one before, finds.
type spareLook struct {
	asleep bool
	sum    time.Duration
}

func TestSpare(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		name  string
		looks []spareLook
		want  time.Duration
	}{
		{"asleep", []spareLook{{true, 0}, {true, 0}, {true, 0}}, 80 * ms},
		{"asks for news", []spareLook{{true, 0}, {true, 4 * ms}, {true, 8 * ms}}, 72 * ms},
		{"is awake whenever we look", []spareLook{{false, 0}, {false, 4 * ms}, {false, 8 * ms}}, 0},
		{"waits for a processor, which is only told when it gets one",
			[]spareLook{{true, 0}, {false, 0}, {false, 0}, {false, 0}, {true, 150 * ms}}, 10 * ms},
		{"has worked more than one processor could", []spareLook{{true, 0}, {true, 70 * ms}, {true, 70 * ms}}, 40 * ms},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s spare
			now := time.Now()
			for _, l := range test.looks {
				s.look(now, l.asleep, l.sum)
				now = now.Add(40 * ms)
			}
			if s.total != test.want {
				t.Errorf("%v, want %v", s.total, test.want)
			}
		})
	}
}
