package frame

import (
	"bytes"
	"fmt"
)

// ethernet is an Ethernet II header.
var ethernet = &protocol{
	kind:    "raw",
	doc:     "any frame; its data is all that follows the Ethernet header",
	name:    "Ethernet header",
	carries: "ethertype",
	size:    14,
	fields: []field{
		{name: "dst", doc: "destination MAC", off: 0, len: 6, format: macAddress, usual: "02-00-0a-00-00-01",
			derive: func(p packet, i int) []byte { dst, _, _ := p.link(i); return dst }},
		{name: "src", doc: "source MAC", off: 6, len: 6, format: macAddress, usual: "02-00-0a-00-00-02",
			derive: func(p packet, i int) []byte { _, src, _ := p.link(i); return src }},
		// By default one for experiments (IEEE 802).
		{name: "ethertype", doc: "type of what follows", off: 12, len: 2, format: hexadecimal, usual: "0x88b5"},
	},
	describe: describeEthernet,
}

func describeEthernet(p packet, i int, inner string) string {
	h := p[i]
	usualDst, usualSrc, told := p.link(i)
	if usualSrc == nil {
		return p.describePlain(i, inner)
	}
	if src := h.get("src"); !bytes.Equal(src, usualSrc) {
		inner += ", from " + writeMAC(src)
	}
	switch dst := h.get("dst"); {
	case told && bytes.Equal(dst, usualDst):
	case bytes.Equal(dst, broadcast()):
		inner += ", to all"
	default:
		inner += ", to " + writeMAC(dst)
	}
	return inner
}

// describePlain says what a frame is in which no packet is known; tag is the words
// for its tag.
func (p packet) describePlain(i int, tag string) string {
	dst := writeMAC(p[i].get("dst"))
	if bytes.Equal(p[i].get("dst"), broadcast()) {
		dst = "all"
	}
	text := writeMAC(p[i].get("src")) + " > " + dst
	if tag != "" {
		text += ", " + tag
	}
	_, f := p.find("ethertype")
	if kind := p.word("ethertype"); kind != f.usual {
		text += ", type " + kind
	}
	return fmt.Sprintf("%s, %d bytes", text, len(p[len(p)-2].bytes)+len(p[len(p)-1].bytes))
}

// link is the MAC addresses that the packet in the frame asks for.
func (p packet) link(i int) (dst, src []byte, told bool) {
	for ; i < len(p); i++ {
		if p[i].link != nil {
			return p[i].link(p, i)
		}
	}
	return nil, nil, false
}

func broadcast() []byte { return bytes.Repeat([]byte{0xff}, 6) }

// station is the MAC address that the station with this IPv4 address has
// unless a scenario says otherwise: 10.0.0.2 has 02-00-0a-00-00-02.
func station(ip []byte) []byte { return append([]byte{0x02, 0x00}, ip...) }
