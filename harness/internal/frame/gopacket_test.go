package frame

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// The codec and gopacket must agree on frames that gopacket packed, and
// gopacket on frames that the codec packed.

func TestAgainstGopacket(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		theirs, want := randomFrame(t, random)
		p, err := Decode(theirs)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Verify(); err != nil {
			t.Fatalf("%x: %v", theirs, err)
		}
		if !want(p) {
			t.Fatalf("%x decodes to %s, %+v", theirs, Describe(theirs), p)
		}
		p.Seal()
		if ours := p.Encode(); !bytes.Equal(ours, theirs) {
			t.Fatalf("theirs %x\nours   %x", theirs, ours)
		}
	}
}

// randomFrame packs a frame with gopacket and returns what must be found in it.
func randomFrame(t *testing.T, random *rand.Rand) (b []byte, want func(Packet) bool) {
	t.Helper()
	bytesOf := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	number := func() uint16 { return uint16(random.Uint32()) }

	ethernet := &layers.Ethernet{DstMAC: bytesOf(6), SrcMAC: bytesOf(6)}
	stack := []gopacket.SerializableLayer{ethernet}
	next := &ethernet.EthernetType
	vlan := number() & 0xfff
	tagged := random.IntN(3) == 0
	if tagged {
		*next = layers.EthernetTypeDot1Q
		tag := &layers.Dot1Q{Priority: uint8(random.IntN(8)), DropEligible: random.IntN(2) == 1, VLANIdentifier: vlan}
		stack = append(stack, tag)
		next = &tag.Type
	}
	outer := func(p Packet) bool {
		return bytes.Equal(p.Ethernet.Dst[:], ethernet.DstMAC) && bytes.Equal(p.Ethernet.Src[:], ethernet.SrcMAC) &&
			(len(p.Ethernet.Tags) == 1) == tagged && (!tagged || p.Ethernet.Tags[0].ID == vlan)
	}

	if random.IntN(3) == 0 {
		*next = layers.EthernetTypeARP
		arp := &layers.ARP{
			AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: number(), SourceHwAddress: bytesOf(6), SourceProtAddress: bytesOf(4),
			DstHwAddress: bytesOf(6), DstProtAddress: bytesOf(4),
		}
		stack = append(stack, arp)
		return serialize(t, stack), func(p Packet) bool {
			return outer(p) && p.ARP != nil && p.ARP.Op == arp.Operation &&
				bytes.Equal(p.ARP.SHA[:], arp.SourceHwAddress) && bytes.Equal(p.ARP.SPA[:], arp.SourceProtAddress) &&
				bytes.Equal(p.ARP.THA[:], arp.DstHwAddress) && bytes.Equal(p.ARP.TPA[:], arp.DstProtAddress)
		}
	}

	*next = layers.EthernetTypeIPv4
	ip := &layers.IPv4{
		Version: 4, TOS: uint8(number()), Id: number(), TTL: uint8(number()), Flags: layers.IPv4Flag(random.IntN(4) * 2),
		Protocol: layers.IPProtocolICMPv4, SrcIP: bytesOf(4), DstIP: bytesOf(4),
	}
	if random.IntN(4) == 0 {
		ip.Options = []layers.IPv4Option{{OptionType: 1}, {OptionType: 1}, {OptionType: 1}, {OptionType: 1}}
	}
	stack = append(stack, ip)
	payload := bytesOf(random.IntN(100))
	inner := func(p Packet) bool {
		return outer(p) && p.IPv4 != nil && p.IPv4.TTL == ip.TTL && p.IPv4.ID == ip.Id &&
			bytes.Equal(p.IPv4.Src[:], ip.SrcIP) && bytes.Equal(p.IPv4.Dst[:], ip.DstIP) &&
			len(p.IPv4.Options) == len(ip.Options) && bytes.Equal(p.Payload, payload)
	}
	if random.IntN(2) == 0 {
		icmp := &layers.ICMPv4{TypeCode: layers.ICMPv4TypeCode(number()), Id: number(), Seq: number()}
		stack = append(stack, icmp, gopacket.Payload(payload))
		return serialize(t, stack), func(p Packet) bool {
			return inner(p) && p.ICMP != nil && p.ICMP.ID == icmp.Id && p.ICMP.Seq == icmp.Seq &&
				p.ICMP.Type == icmp.TypeCode.Type() && p.ICMP.Code == icmp.TypeCode.Code()
		}
	}
	ip.Protocol = layers.IPProtocolUDP
	udp := &layers.UDP{SrcPort: layers.UDPPort(number()), DstPort: layers.UDPPort(number())}
	if err := udp.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	stack = append(stack, udp, gopacket.Payload(payload))
	return serialize(t, stack), func(p Packet) bool {
		return inner(p) && p.UDP != nil && p.UDP.SrcPort == uint16(udp.SrcPort) && p.UDP.DstPort == uint16(udp.DstPort)
	}
}

func serialize(t *testing.T, stack []gopacket.SerializableLayer) []byte {
	t.Helper()
	buffer := gopacket.NewSerializeBuffer()
	if err := gopacket.SerializeLayers(buffer, gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}, stack...); err != nil {
		t.Fatal(err)
	}
	return bytes.Clone(buffer.Bytes())
}

// What scenarios send is what gopacket reads.
func TestGopacketReadsOurs(t *testing.T) {
	for words, want := range map[string]string{
		"arp op=reply spa=10.0.0.7":            "Ethernet ARP",
		"icmp to=10.0.0.9 seq=500 size=33":     "Ethernet IPv4 ICMPv4 Payload",
		"udp data=x":                           "Ethernet IPv4 UDP Payload",
		"arp vlan=100,10/3":                    "Ethernet Dot1Q Dot1Q ARP",
		"ipv4 options=01010101 proto=1 hex=00": "Ethernet IPv4",
	} {
		b := send(t, words, nil)
		packet := gopacket.NewPacket(b, layers.LayerTypeEthernet, gopacket.Default)
		got := ""
		for _, l := range packet.Layers() {
			if l.LayerType() != gopacket.LayerTypeDecodeFailure {
				got += l.LayerType().String() + " "
			}
		}
		if got != want+" " {
			t.Errorf("%s: gopacket reads %s, want %s", words, got, want)
		}
		if udp, ok := packet.TransportLayer().(*layers.UDP); ok {
			if err := udp.SetNetworkLayerForChecksum(packet.NetworkLayer()); err != nil {
				t.Fatal(err)
			}
		}
		if err, mismatches := packet.VerifyChecksums(); err != nil || len(mismatches) > 0 {
			t.Errorf("%s: %v, %v", words, err, mismatches)
		}
	}
}
