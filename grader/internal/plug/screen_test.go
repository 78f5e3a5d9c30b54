package plug

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

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
}
