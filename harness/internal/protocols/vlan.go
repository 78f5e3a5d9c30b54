package protocols

import "wirebook/harness/internal/packet"

// vlan is an IEEE 802.1Q tag. Only the first of a frame is one; what follows it
// is taken for its data, a second tag too.
var vlan = &packet.Protocol{
	Name:     "VLAN tag",
	Doc:      "a VLAN tag (802.1Q) behind the MAC addresses, in a frame of any kind",
	On:       "ethertype",
	Numbers:  []int{0x8100},
	Carries:  "ethertype",
	Optional: true,
	Size:     4,
	Fields: []packet.Field{
		{Name: "vlan", Doc: "VLAN; 0 is none, in a tag that tells the priority only", Off: 0, Len: 2, Mask: 0x0fff, Format: packet.Decimal},
		{Name: "prio", Doc: "priority", Off: 0, Len: 1, Mask: 0xe0, Format: packet.Decimal},
		{Name: "dei", Doc: "drop eligible", Off: 0, Len: 1, Mask: 0x10, Format: packet.Decimal},
		{Name: "ethertype", Doc: "type of what follows", Off: 2, Len: 2, Format: packet.Hexadecimal, Usual: "0x88b5"},
	},
	Describe: func(p packet.Packet, i int, inner string) string {
		tag := p[:i+1]
		text := "VLAN " + tag.Word("vlan")
		if prio := tag.Word("prio"); prio != "0" {
			text += " priority " + prio
		}
		if tag.Word("dei") == "1" {
			text += " drop eligible"
		}
		if inner != "" {
			text += ", " + inner
		}
		return text
	},
}
