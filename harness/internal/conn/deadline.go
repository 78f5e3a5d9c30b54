package conn

import (
	"os"
	"time"
)

// Stall wakes a blocked read by a deadline in the past.
var (
	past        = time.Unix(1, 0)
	never       time.Time
	errDeadline = os.ErrDeadlineExceeded
)
