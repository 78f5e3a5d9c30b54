package protocols_test

import (
	"testing"

	"wirebook/harness/internal/packet"
)

// A window that is wanted is the least: a larger one does as well.
func TestWindowIsTheLeast(t *testing.T) {
	p, err := packetOf("tcp win=2920", "")
	if err != nil {
		t.Fatal(err)
	}
	i, f := p.Find("win")
	for _, value := range []string{"0", "2919", "2920"} {
		if m := p[i].Unlike(f, packet.Assignment{Name: "win", Value: value}); m != nil {
			t.Error(m)
		}
	}
	m := p[i].Unlike(f, packet.Assignment{Name: "win", Value: "2921"})
	if m == nil || m.Want != "at least 2921" || m.Got != "2920" {
		t.Errorf("a window of 2920 where 2921 is wanted: %v", m)
	}
}
