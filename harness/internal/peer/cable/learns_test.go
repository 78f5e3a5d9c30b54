package cable

import (
	"strings"
	"testing"
)

// A switch is told from hosts and routers by its arguments.
func TestLearns(t *testing.T) {
	for args, want := range map[string]bool{
		"switch -port p1=127.0.0.1:0,127.0.0.1:7 -port p2=127.0.0.1:0,127.0.0.1:8 -access p1=10 -trunk p2=10,native=30 -age 4s": true,
		"switch -port p1=127.0.0.1:0,127.0.0.1:7":                                                  false, // with one cable nothing is passed on
		"router -port a=127.0.0.1:0,127.0.0.1:8 -port b=127.0.0.1:0,127.0.0.1:7 -ip a=10.0.0.1/24": false,
		"host -ip 10.0.0.1/24 -cable 127.0.0.1:0,127.0.0.1:7":                                      false,
		"client -cable 127.0.0.1:0,127.0.0.1:7":                                                    false,
		"server -listen 127.0.0.1:0 -admin 127.0.0.1:0":                                            false,
	} {
		if got := Learns(strings.Fields(args)); got != want {
			t.Errorf("%s: %v", args, got)
		}
	}
}
