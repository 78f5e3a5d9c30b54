package conn

import (
	"context"
	"testing"
)

// Who owes an answer is told: nobody who was not asked, nobody who has answered, and
// whoever has no room for one connection more.
func TestUnanswered(t *testing.T) {
	if new(Attempt).Unanswered() {
		t.Error("nobody was asked, and owes an answer")
	}
	addr := deaf(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for full := false; !full; {
		var attempt Attempt
		made := make(chan *Conn, 1)
		go func() {
			c, _ := attempt.Dial(ctx, addr, 0, nil)
			made <- c
		}()
		var c *Conn
		for c == nil && !full {
			select {
			case c = <-made:
			default:
				full = attempt.Unanswered()
			}
		}
		if full {
			cancel()
			c = <-made
		}
		if c != nil {
			c.Close()
		}
		if c != nil && !full && attempt.Unanswered() {
			t.Error("it has answered, and owes an answer")
		}
	}
}
