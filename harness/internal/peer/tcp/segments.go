package tcp

import (
	"errors"
	"fmt"
	"strconv"

	"wirebook/harness/internal/conn"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
)

// segments counts those with data that a connection has received (RFC 4898's
// tcpEStatsPerfDataSegsIn).
type segments struct{ counted uint32 }

// count makes what has come so far the past.
func (s *segments) count(c *conn.Conn) {
	if n, err := c.DataSegmentsIn(); err == nil {
		s.counted = n
	}
}

func checkSegments(c *script.Call) error {
	if n, err := strconv.Atoi(c.Args[1]); err != nil || n < 1 {
		return fmt.Errorf("%q is no number of at least 1", c.Args[1])
	}
	return nil
}

func cmdSegments(p *play.Play, s *stream, c *script.Call) error {
	most, _ := strconv.Atoi(c.Args[1])
	if err := p.Settle("come to rest"); err != nil {
		return err
	}
	now, err := s.DataSegmentsIn()
	if errors.Is(err, conn.ErrNoSegments) {
		p.Note("this system cannot tell in how many writes a program has sent something")
		return nil
	}
	if err != nil {
		return err
	}
	came := int(now - s.counted)
	if came > most {
		return p.Failf("%s should have sent %s this in %d piece(s), but it came in %d: each Write is a piece, and between two of them a connection may end", s.program, s.name, most, came)
	}
	return nil
}
