package frame

import (
	"fmt"
	"strings"
)

// Describe says in one line what a frame is:
//
//	ARP who-has 10.0.0.2 tell 10.0.0.1
//	ARP 10.0.0.2 is-at 02-00-0a-00-00-02, to 10.0.0.1
//	ICMP echo request 10.0.0.1 > 10.0.0.2 id 1 seq 1
//	UDP 10.0.0.1:68 > 255.255.255.255:67, 300 bytes
//
// What is wrong with it stands behind, in parentheses.
func Describe(b []byte) string {
	p, err := Decode(b)
	if err != nil {
		return fmt.Sprintf("%d bytes, too short for a frame", len(b))
	}
	var s strings.Builder
	for _, t := range p.Ethernet.Tags {
		fmt.Fprintf(&s, "VLAN %d ", t.ID)
	}
	switch {
	case p.ARP != nil:
		s.WriteString(p.ARP.describe())
	case p.ICMP != nil:
		s.WriteString(p.ICMP.describe(p.IPv4))
	case p.UDP != nil:
		fmt.Fprintf(&s, "UDP %s:%d > %s:%d, %d bytes", p.IPv4.Src, p.UDP.SrcPort, p.IPv4.Dst, p.UDP.DstPort, len(p.Payload))
	case p.IPv4 != nil:
		fmt.Fprintf(&s, "IPv4 %s > %s protocol %d, %d bytes", p.IPv4.Src, p.IPv4.Dst, p.IPv4.Protocol, len(p.Payload))
	case p.Ethernet.Type == TypeARP:
		s.WriteString("ARP")
	case p.Ethernet.Type == TypeIPv4:
		s.WriteString("IPv4")
	default:
		fmt.Fprintf(&s, "frame %s > %s type 0x%04x, %d bytes", p.Ethernet.Src, p.Ethernet.Dst, p.Ethernet.Type, len(p.Payload))
	}
	if err := p.Verify(); err != nil {
		fmt.Fprintf(&s, " (%v)", err)
	}
	return s.String()
}

func (a ARP) describe() string {
	switch a.Op {
	case Request:
		return fmt.Sprintf("ARP who-has %s tell %s", a.TPA, a.SPA)
	case Reply:
		return fmt.Sprintf("ARP %s is-at %s, to %s", a.SPA, a.SHA, a.TPA)
	}
	return fmt.Sprintf("ARP operation %d, %s (%s) to %s (%s)", a.Op, a.SPA, a.SHA, a.TPA, a.THA)
}

func (h ICMP) describe(ip *IPv4) string {
	switch h.Type {
	case EchoRequest:
		return fmt.Sprintf("ICMP echo request %s > %s id %d seq %d", ip.Src, ip.Dst, h.ID, h.Seq)
	case EchoReply:
		return fmt.Sprintf("ICMP echo reply %s > %s id %d seq %d", ip.Src, ip.Dst, h.ID, h.Seq)
	}
	return fmt.Sprintf("ICMP type %d code %d %s > %s", h.Type, h.Code, ip.Src, ip.Dst)
}
