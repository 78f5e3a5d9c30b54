package plug

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// Each network is whole: its hosts stand at cables of its devices, each cable joins two at
// least, and what somebody is told to try is for somebody.
func TestNetworks(t *testing.T) {
	for _, n := range networks {
		t.Run(n.Name, func(t *testing.T) {
			if found, err := Find(strings.Fields(n.Name)); err != nil || found.Name != n.Name {
				t.Errorf("it is not found by its words: %v", err)
			}
			ends := make(map[string]int)
			for _, d := range n.Devices {
				for _, c := range d.cables() {
					ends[c]++
				}
				words := d.words(func(string) string { return "LOCAL,REMOTE" })
				if strings.ContainsAny(strings.Join(words, " "), "{}") || !slices.Contains(words, "-realtime") {
					t.Errorf("%s starts as %q", d.Lesson, words)
				}
			}
			cards := make(map[string]bool)
			for i, h := range n.Hosts {
				if ends[h.Cable] == 0 {
					t.Errorf("%s stands at the cable %q, and there is none", h.Name, h.Cable)
				}
				ends[h.Cable]++
				if mac := h.station(i); cards[mac] {
					t.Errorf("%s has the card %s of another", h.Name, mac)
				} else {
					cards[mac] = true
				}
				if h.Address == "" {
					continue
				}
				p, err := netip.ParsePrefix(h.Address)
				if err != nil {
					t.Error(err)
				}
				if gateway, err := netip.ParseAddr(h.Gateway); h.Gateway != "" && (err != nil || !p.Contains(gateway)) {
					t.Errorf("%s does not reach its gateway %s: %v", h.Name, h.Gateway, err)
				}
			}
			for c, n := range ends {
				if n < 2 {
					t.Errorf("the cable %s leads nowhere", c)
				}
			}
			for _, line := range n.Try {
				if to, rest := n.split(line); to == "" || rest == "" {
					t.Errorf("%q is for nobody", line)
				}
			}
		})
	}
	if _, err := Find([]string{"chat"}); err == nil || !strings.Contains(err.Error(), `"chat": there is no such network; there are arp, `) {
		t.Errorf("a lesson without cables: %v", err)
	}
}

// A line is for whom its first word names.
func TestSplit(t *testing.T) {
	for _, test := range []struct{ network, line, to, rest string }{
		{"router", "routes", "router", "routes"},
		{"router", "h1 ping -c 1 10.2.0.9", "h1", "ping -c 1 10.2.0.9"},
		{"router", "h9 ping", "router", "h9 ping"},
		{"lswitch router", "lswitch macs", "lswitch", "macs"},
		{"lswitch router", "macs", "", "macs"},
		{"dhcp client", "state", "dhcp", "state"},
	} {
		n, err := Find(strings.Fields(test.network))
		if err != nil {
			t.Fatal(err)
		}
		if to, rest := n.split(test.line); to != test.to || rest != test.rest {
			t.Errorf("%s: %q is for %q: %q", test.network, test.line, to, rest)
		}
	}
}
