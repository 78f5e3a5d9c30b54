package protocols

import (
	"bytes"
	"fmt"

	"wirebook/harness/internal/packet"
)

// ethernet is an Ethernet II header.
var ethernet = &packet.Protocol{
	Kind:    "raw",
	Doc:     "any frame; its data is all that follows the Ethernet header",
	Name:    "Ethernet header",
	Carries: "ethertype",
	Size:    14,
	Fields: []packet.Field{
		{Name: "dst", Doc: "destination MAC", Off: 0, Len: 6, Format: packet.MACAddress, Usual: "02-00-0a-00-00-01",
			Derive: func(p packet.Packet, i int) []byte { dst, _, _ := link(p, i); return dst }},
		{Name: "src", Doc: "source MAC", Off: 6, Len: 6, Format: packet.MACAddress, Usual: "02-00-0a-00-00-02",
			Derive: func(p packet.Packet, i int) []byte { _, src, _ := link(p, i); return src }},
		// By default one for experiments (IEEE 802).
		{Name: "ethertype", Doc: "type of what follows", Off: 12, Len: 2, Format: packet.Hexadecimal, Usual: "0x88b5"},
	},
	Describe: describeEthernet,
}

func describeEthernet(p packet.Packet, i int, inner string) string {
	h := p[i]
	usualDst, usualSrc, told := link(p, i)
	if usualSrc == nil {
		return describePlain(p, i, inner)
	}
	if src := h.Get("src"); !bytes.Equal(src, usualSrc) {
		inner += ", from " + packet.MACAddress.Write(src)
	}
	switch dst := h.Get("dst"); {
	case told && bytes.Equal(dst, usualDst):
	case bytes.Equal(dst, packet.Broadcast()):
		inner += ", to all"
	default:
		inner += ", to " + packet.MACAddress.Write(dst)
	}
	return inner
}

// describePlain says what a frame is in which no packet is known; tag is the words
// for its tag.
func describePlain(p packet.Packet, i int, tag string) string {
	dst := packet.MACAddress.Write(p[i].Get("dst"))
	if bytes.Equal(p[i].Get("dst"), packet.Broadcast()) {
		dst = "all"
	}
	text := packet.MACAddress.Write(p[i].Get("src")) + " > " + dst
	if tag != "" {
		text += ", " + tag
	}
	_, f := p.Find("ethertype")
	if kind := p.Word("ethertype"); kind != f.Usual {
		text += ", type " + kind
	}
	return fmt.Sprintf("%s, %d bytes", text, len(p[len(p)-2].Bytes)+len(p[len(p)-1].Bytes))
}

// link is the MAC addresses that the packet in the frame asks for; the innermost
// header knows best.
func link(p packet.Packet, i int) (dst, src []byte, told bool) {
	for j := len(p) - 1; j >= i; j-- {
		if p[j].Link != nil {
			return p[j].Link(p, j)
		}
	}
	return nil, nil, false
}

// station is the MAC address that the station with this IPv4 address has
// unless a scenario says otherwise: 10.0.0.2 has 02-00-0a-00-00-02.
func station(ip []byte) []byte { return append([]byte{0x02, 0x00}, ip...) }
