package frame

// vlan is an IEEE 802.1Q tag. Only the first of a frame is one; what follows it
// is taken for its data, a second tag too.
var vlan = &protocol{
	name:     "VLAN tag",
	doc:      "a VLAN tag (802.1Q) behind the MAC addresses, in a frame of any kind",
	on:       "ethertype",
	numbers:  []int{0x8100},
	carries:  "ethertype",
	optional: true,
	size:     4,
	fields: []field{
		{name: "vlan", doc: "VLAN; 0 is none, in a tag that tells the priority only", off: 0, len: 2, mask: 0x0fff, format: decimal},
		{name: "prio", doc: "priority", off: 0, len: 1, mask: 0xe0, format: decimal},
		{name: "dei", doc: "drop eligible", off: 0, len: 1, mask: 0x10, format: decimal},
		{name: "ethertype", doc: "type of what follows", off: 2, len: 2, format: hexadecimal, usual: "0x88b5"},
	},
	describe: func(p packet, i int, inner string) string {
		tag := p[:i+1]
		text := "VLAN " + tag.word("vlan")
		if prio := tag.word("prio"); prio != "0" {
			text += " priority " + prio
		}
		if tag.word("dei") == "1" {
			text += " drop eligible"
		}
		if inner != "" {
			text += ", " + inner
		}
		return text
	},
}
