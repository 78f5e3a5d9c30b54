package frame

// The stations of a scenario that names none: the program is us, the peer is
// them.
var (
	us   = IP{10, 0, 0, 1}
	them = IP{10, 0, 0, 2}
)

// kinds are the kinds of frames that scenarios can name. The kind answer is
// none of them: it turns into the kind of the frame that is answered.
var kinds = []*kind{arpKind, icmpKind, udpKind, ipv4Kind, rawKind}

var arpKind = &kind{
	name:   "arp",
	doc:    "an ARP packet",
	layers: []layer{ethernetLayer, arpLayer},
	blank: func() Packet {
		return Packet{
			Ethernet: Ethernet{Type: TypeARP},
			ARP: &ARP{
				Hardware: 1, Protocol: TypeIPv4, HardwareLen: 6, ProtocolLen: 4,
				Op: Request, SPA: them, TPA: us,
			},
		}
	},
	derive: func(p *Packet, given func(string) bool) {
		a := p.ARP
		if !given("sha") {
			a.SHA = a.SPA.MAC()
		}
		if !given("tha") && a.Op != Request {
			a.THA = a.TPA.MAC()
		}
		if !given("src") {
			p.Ethernet.Src = a.SHA
		}
		switch {
		case given("dst"):
		case a.Op == Request:
			p.Ethernet.Dst = Broadcast
		default:
			p.Ethernet.Dst = a.THA
		}
	},
	view: func(p *Packet) bool { return p.ARP != nil },
}

// ipBlank is what the kinds over IPv4 have in common.
func ipBlank(protocol uint8) Packet {
	return Packet{
		Ethernet: Ethernet{Type: TypeIPv4},
		IPv4:     &IPv4{Version: 4, TTL: 64, Protocol: protocol, Src: them, Dst: us},
		Payload:  []byte("wirebook"),
	}
}

func deriveIP(p *Packet, given func(string) bool) {
	if !given("src") {
		p.Ethernet.Src = p.IPv4.Src.MAC()
	}
	if !given("dst") {
		p.Ethernet.Dst = p.IPv4.Dst.MAC()
	}
}

var icmpKind = &kind{
	name:   "icmp",
	doc:    "an ICMP message in an IPv4 packet",
	layers: []layer{ethernetLayer, ipv4Layer, icmpLayer, dataLayer},
	blank: func() Packet {
		p := ipBlank(ProtocolICMP)
		p.ICMP = &ICMP{Type: EchoRequest, ID: 1, Seq: 1}
		return p
	},
	derive: deriveIP,
	view:   func(p *Packet) bool { return p.ICMP != nil },
}

var udpKind = &kind{
	name:   "udp",
	doc:    "a UDP datagram in an IPv4 packet",
	layers: []layer{ethernetLayer, ipv4Layer, udpLayer, dataLayer},
	blank: func() Packet {
		p := ipBlank(ProtocolUDP)
		p.UDP = &UDP{SrcPort: 4000, DstPort: 5000}
		return p
	},
	derive: deriveIP,
	view:   func(p *Packet) bool { return p.UDP != nil },
}

var ipv4Kind = &kind{
	name:   "ipv4",
	doc:    "an IPv4 packet; its data is all that the header carries",
	layers: []layer{ethernetLayer, ipv4Layer, dataLayer},
	blank:  func() Packet { return ipBlank(253) }, // for experiments (RFC 3692)
	derive: deriveIP,
	view: func(p *Packet) bool {
		if p.IPv4 == nil {
			return false
		}
		p.Payload = p.transport()
		p.ICMP, p.UDP = nil, nil
		return true
	},
}

var rawKind = &kind{
	name:   "raw",
	doc:    "any frame; its data is all that follows the Ethernet header",
	layers: []layer{ethernetLayer, dataLayer},
	blank: func() Packet {
		return Packet{
			Ethernet: Ethernet{Dst: us.MAC(), Src: them.MAC(), Type: 0x88b5}, // for experiments (IEEE 802)
			Payload:  []byte("wirebook"),
		}
	},
	derive: func(*Packet, func(string) bool) {},
	view: func(p *Packet) bool {
		p.Payload = p.Encode()[p.Ethernet.Len():]
		p.ARP, p.IPv4, p.ICMP, p.UDP, p.Padding = nil, nil, nil, nil, nil
		return true
	},
}

// kindNamed finds a kind, or nil.
func kindNamed(name string) *kind {
	for _, k := range kinds {
		if k.name == name {
			return k
		}
	}
	return nil
}

// field finds a field of the kind and the layer it is of.
func (k *kind) field(name string) (field, layer, bool) {
	for _, l := range k.layers {
		for _, f := range l.fields {
			if f.name == name {
				return f, l, true
			}
		}
	}
	return field{}, layer{}, false
}
