package frame

import (
	"slices"
	"strings"

	"wirebook/harness/internal/packet"
)

// Passed remembers packets that went into a device, and tells what the device changed of
// those that it passes on.
type Passed struct {
	in [][]byte // the newest last
}

// rewritten are the fields that devices on the way write anew: routers the first
// three, a NAT all.
var rewritten = []string{"src", "dst", "ttl", "from", "to", "sport", "dport", "id"}

// In notes a frame that goes into the device.
func (p *Passed) In(frame []byte) {
	const most = 64
	if len(p.in) == most {
		p.in = p.in[1:]
	}
	p.in = append(p.in, frame)
}

// Out tells what the device changed in a frame that came out, in the words of a
// scenario: "ttl=63 src=02-00-0a-02-00-01". It tells "" of a packet that did not go
// in, or not with the same address at one of its ends, and of one that is as it was.
func (p *Passed) Out(frame []byte) string {
	var least []packet.Assignment
	for _, in := range slices.Backward(p.in) {
		changed, ok := table.Rewritten(in, frame, rewritten)
		if !ok || !hasEnd(frame, changed) {
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

// hasEnd tells whether a frame has addresses of ends of which one has not changed.
func hasEnd(frame []byte, changed []packet.Assignment) bool {
	p, _ := table.Decode(frame, nil, packet.Every)
	if _, f := p.Find("from"); f == nil {
		return false
	}
	is := func(name string) bool {
		return slices.ContainsFunc(changed, func(a packet.Assignment) bool { return a.Name == name })
	}
	return !is("from") || !is("to")
}
