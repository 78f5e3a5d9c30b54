package frame

import (
	"slices"
	"strings"

	"wirebook/harness/internal/packet"
)

// Passed remembers packets that went into a device, and tells what the device changed of
// those that it passes on.
type Passed struct {
	in []packet.Packet // the newest last
}

// rewritten are the fields that devices on the way write anew: routers the first
// three, a NAT all.
var rewritten = []string{"src", "dst", "ttl", "from", "to", "sport", "dport", "id"}

// In notes a frame that goes into the device.
func (p *Passed) In(frame []byte) {
	const most = 64
	came := table.Untagged(frame)
	if !hasEnds(came) {
		return
	}
	if len(p.in) == most {
		p.in = p.in[1:]
	}
	p.in = append(p.in, came)
}

// Out tells what the device changed in a frame that came out, in the words of a
// scenario: "ttl=63 src=02-00-0a-02-00-01". It tells "" of a packet that did not go
// in, or not with the same address at one of its ends, and of one that is as it was.
func (p *Passed) Out(frame []byte) string {
	left := table.Untagged(frame)
	if !hasEnds(left) {
		return ""
	}
	var least []packet.Assignment
	for _, came := range slices.Backward(p.in) {
		changed, ok := came.Rewritten(left, rewritten)
		if !ok || has(changed, "from") && has(changed, "to") {
			continue
		}
		if len(changed) == 0 {
			return ""
		}
		if least == nil || len(changed) < len(least) {
			least = changed
		}
	}
	var words []string
	for _, a := range least {
		words = append(words, a.String())
	}
	return strings.Join(words, " ")
}

// hasEnds tells whether a packet has addresses of its ends.
func hasEnds(p packet.Packet) bool {
	_, f := p.Find("from")
	return f != nil
}

func has(fields []packet.Assignment, name string) bool {
	return slices.ContainsFunc(fields, func(a packet.Assignment) bool { return a.Name == name })
}
