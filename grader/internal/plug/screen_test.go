package plug

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"wirebook/grader/internal/capture"
)

// A frame is an arrow from who sends it to the device or from it; a lost one is so called.
func TestScreen(t *testing.T) {
	frame, err := hex.DecodeString("ffffffffffff02000a00000208060001080006040001" + "02000a0000020a0000020000000000000a000001")
	if err != nil {
		t.Fatal(err)
	}
	n, err := Find([]string{"arp"})
	if err != nil {
		t.Fatal(err)
	}
	lan := &cable{name: "lan", ends: []end{{name: "h1"}, {name: "h2"}, {name: "arp"}}}
	var shown, packets bytes.Buffer
	s := &screen{out: &shown, capture: capture.New(&packets, "")}
	s.fit(n, 0)
	written := 0
	for _, p := range []passing{{cable: lan, from: 0}, {cable: lan, from: 2}, {cable: lan, from: 1, lost: true}} {
		p.frame = frame
		s.saw(p)
		if packets.Len() <= written || s.err != nil {
			t.Errorf("a packet is not written when it passes: %v", s.err)
		}
		written = packets.Len()
	}
	const want = `
  h1     ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02 ------------------------>  arp
  h1,h2 <------------------------ ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02   arp
  h2     LOST: ARP who-has 10.0.0.1 tell 10.0.0.2 at 02-00-0a-00-00-02 ------------------>  arp
`
	if got := "\n" + shown.String(); got != want {
		t.Errorf("got%s\nwant%s", got, want)
	}
	shown.Reset()
	s.fit(n, 80)
	s.saw(passing{cable: lan, frame: frame})
	if line := strings.TrimRight(shown.String(), "\n"); len(line) > 80 {
		t.Errorf("a line of %d columns for a terminal of 80: %s", len(line), line)
	}
	shown.Reset()
	packet, err := hex.DecodeString("02000a01000102000a0100090800" + "4500001400000000" + "40fd0000" + "0a0100090a020009")
	if err != nil {
		t.Fatal(err)
	}
	s.saw(passing{cable: lan, frame: packet})
	passedOn := bytes.Clone(packet)
	passedOn[22]-- // the TTL
	s.saw(passing{cable: &cable{name: "eth1", ends: []end{{name: "h2"}, {name: "router"}}}, from: 1, frame: passedOn})
	if !strings.HasSuffix(shown.String(), "changed: ttl=63\n") {
		t.Errorf("no line says what was changed:\n%s", &shown)
	}
}

// Of each frame that a switch hears and that is for one station, a line says where that one
// was heard before. What is lost nobody hears.
func TestScreenTellsWhatWasHeard(t *testing.T) {
	n, err := Find([]string{"lswitch", "router"})
	if err != nil {
		t.Fatal(err)
	}
	frame := func(digits string) []byte {
		b, err := hex.DecodeString(digits + "88b5")
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var shown bytes.Buffer
	s := &screen{out: &shown}
	s.fit(n, 0)
	p1 := &cable{name: "p1", ends: []end{{name: "h1"}, {name: "lswitch"}}}
	uplink := &cable{name: "uplink", ends: []end{{name: "lswitch"}, {name: "router"}}}
	began := time.Now()
	s.saw(passing{at: began, cable: p1, frame: frame("02000a00000102000a000009"), lost: true})
	s.saw(passing{at: began, cable: p1, frame: frame("02000a00000102000a000002")})
	s.saw(passing{at: began, cable: uplink, frame: frame("02000a00000102000a000002")}) // to the router
	s.saw(passing{at: began.Add(2 * time.Second), cable: uplink, from: 1, frame: frame("02000a00000202000a000001" + "8100000a")})
	s.saw(passing{at: began.Add(3 * time.Second), cable: p1, frame: frame("02000a00000102000a000002")})
	var got []string
	for line := range strings.Lines(shown.String()) {
		if _, heard, ok := strings.Cut(line, "heard so far: "); ok {
			got = append(got, strings.TrimSpace(heard))
		}
	}
	want := []string{
		"nothing from 02-00-0a-00-00-01",
		"02-00-0a-00-00-02 at p1 2s ago",
		"02-00-0a-00-00-01 at uplink with vlan=10 1s ago",
	}
	if !slices.Equal(got, want) {
		t.Errorf("heard so far: %q\nwant %q in\n%s", got, want, &shown)
	}
}
