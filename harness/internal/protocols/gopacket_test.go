package protocols_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"wirebook/harness/internal/packet"
	"wirebook/harness/internal/protocols"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
)

// The codec and gopacket must agree on frames that gopacket packed, and
// gopacket on frames that the codec packed.

func TestAgainstGopacket(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		theirs, kind, want := randomFrame(t, random)
		p, wrong := protocols.Table.Inspect(theirs)
		if wrong != nil {
			t.Fatalf("%x: %v", theirs, wrong)
		}
		if p.Kind() != kind {
			t.Fatalf("%x is of kind %s, want %s", theirs, p.Kind().Kind, kind.Kind)
		}
		for name, value := range want {
			if got := p.Get(name); !bytes.Equal(got, value) {
				t.Fatalf("%x: %s is %x, want %x", theirs, name, got, value)
			}
		}
		seal(p)
		if ours := p.Encode(); !bytes.Equal(ours, theirs) {
			t.Fatalf("theirs %x\nours   %x", theirs, ours)
		}
	}
}

// randomFrame packs a frame with gopacket and returns what must be found in it.
func randomFrame(t *testing.T, random *rand.Rand) (b []byte, kind *packet.Protocol, want map[string][]byte) {
	t.Helper()
	bytesOf := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return b
	}
	number := func() uint16 { return uint16(random.Uint32()) }

	ethernetHeader := &layers.Ethernet{DstMAC: bytesOf(6), SrcMAC: bytesOf(6)}
	want = map[string][]byte{"dst": ethernetHeader.DstMAC, "src": ethernetHeader.SrcMAC}
	stack := []gopacket.SerializableLayer{ethernetHeader}

	if random.IntN(3) == 0 {
		ethernetHeader.EthernetType = layers.EthernetTypeARP
		message := &layers.ARP{
			AddrType: layers.LinkTypeEthernet, Protocol: layers.EthernetTypeIPv4, HwAddressSize: 6, ProtAddressSize: 4,
			Operation: number(), SourceHwAddress: bytesOf(6), SourceProtAddress: bytesOf(4),
			DstHwAddress: bytesOf(6), DstProtAddress: bytesOf(4),
		}
		want["op"] = packet.Big(int(message.Operation), 2)
		want["sha"], want["spa"] = message.SourceHwAddress, message.SourceProtAddress
		want["tha"], want["tpa"] = message.DstHwAddress, message.DstProtAddress
		return serialize(t, append(stack, message)), protocols.Table.KindNamed("arp"), want
	}

	ethernetHeader.EthernetType = layers.EthernetTypeIPv4
	ip := &layers.IPv4{
		Version: 4, TOS: uint8(number()), Id: number(), TTL: uint8(number()), Flags: layers.IPv4Flag(random.IntN(4) * 2),
		Protocol: layers.IPProtocolICMPv4, SrcIP: bytesOf(4), DstIP: bytesOf(4),
	}
	if random.IntN(4) == 0 {
		ip.Options = []layers.IPv4Option{{OptionType: 1}, {OptionType: 1}, {OptionType: 1}, {OptionType: 1}}
		want["options"] = []byte{1, 1, 1, 1}
	}
	stack = append(stack, ip)
	want["from"], want["to"], want["tos"], want["ttl"] = ip.SrcIP, ip.DstIP, []byte{ip.TOS}, []byte{ip.TTL}
	want["ipid"], want["flags"] = packet.Big(int(ip.Id), 2), []byte{byte(ip.Flags)}
	payload := bytesOf(random.IntN(100))
	want["data"] = payload
	if random.IntN(2) == 0 {
		message := &layers.ICMPv4{TypeCode: layers.ICMPv4TypeCode(number()), Id: number(), Seq: number()}
		want["type"], want["code"] = []byte{message.TypeCode.Type()}, []byte{message.TypeCode.Code()}
		want["id"], want["seq"] = packet.Big(int(message.Id), 2), packet.Big(int(message.Seq), 2)
		return serialize(t, append(stack, message, gopacket.Payload(payload))), protocols.Table.KindNamed("icmp"), want
	}
	if random.IntN(2) == 0 {
		segment := &layers.TCP{SrcPort: layers.TCPPort(number()), DstPort: layers.TCPPort(number()),
			Seq: random.Uint32(), Ack: random.Uint32(), Window: number(), Urgent: number()}
		for _, bit := range []*bool{&segment.FIN, &segment.SYN, &segment.RST, &segment.PSH, &segment.ACK, &segment.URG, &segment.ECE, &segment.CWR} {
			*bit = random.IntN(2) == 0
		}
		if segment.SYN {
			segment.Options = []layers.TCPOption{{OptionType: layers.TCPOptionKindMSS, OptionLength: 4, OptionData: bytesOf(2)}}
			want["mss"] = append([]byte{2, 4}, segment.Options[0].OptionData...)
		}
		ip.Protocol = layers.IPProtocolTCP
		if err := segment.SetNetworkLayerForChecksum(ip); err != nil {
			t.Fatal(err)
		}
		want["sport"], want["dport"] = packet.Big(int(segment.SrcPort), 2), packet.Big(int(segment.DstPort), 2)
		want["seq"], want["ack"], want["win"] = packet.Big(int(segment.Seq), 4), packet.Big(int(segment.Ack), 4), packet.Big(int(segment.Window), 2)
		want["urgptr"] = packet.Big(int(segment.Urgent), 2)
		delete(want, "flags") // are the segment's
		if len(want["options"]) > 0 {
			delete(want, "options")
		}
		return serialize(t, append(stack, segment, gopacket.Payload(payload))), protocols.Table.KindNamed("tcp"), want
	}
	ip.Protocol = layers.IPProtocolUDP
	datagram := &layers.UDP{SrcPort: layers.UDPPort(number()), DstPort: layers.UDPPort(number())}
	if err := datagram.SetNetworkLayerForChecksum(ip); err != nil {
		t.Fatal(err)
	}
	want["sport"], want["dport"] = packet.Big(int(datagram.SrcPort), 2), packet.Big(int(datagram.DstPort), 2)
	if random.IntN(2) == 0 {
		datagram.DstPort = layers.UDPPort(67 + random.IntN(2))
		want["dport"] = packet.Big(int(datagram.DstPort), 2)
		for _, name := range []string{"flags", "options", "data"} {
			delete(want, name) // flags are the message's
		}
		message := &layers.DHCPv4{
			Operation: layers.DHCPOp(1 + random.IntN(2)), HardwareType: layers.LinkTypeEthernet, HardwareLen: 6, RelayHops: uint8(number()),
			Xid: random.Uint32(), Secs: number(), Flags: number(),
			ClientIP: bytesOf(4), YourClientIP: bytesOf(4), NextServerIP: bytesOf(4), RelayAgentIP: bytesOf(4), ClientHWAddr: bytesOf(6),
		}
		want["op"], want["hops"], want["xid"] = []byte{byte(message.Operation)}, []byte{message.RelayHops}, packet.Big(int(message.Xid), 4)
		want["secs"], want["flags"] = packet.Big(int(message.Secs), 2), packet.Big(int(message.Flags), 2)
		want["ciaddr"], want["yiaddr"], want["siaddr"] = message.ClientIP, message.YourClientIP, message.NextServerIP
		want["giaddr"], want["chaddr"] = message.RelayAgentIP, message.ClientHWAddr
		codes := map[string]layers.DHCPOpt{"type": 53, "server": 54, "requested": 50, "lease": 51, "mask": 1, "router": 3, "dns": 6, "list": 55, "t1": 58, "t2": 59, "id": 61}
		for name, code := range codes { // in any order
			want[name] = nil
			if random.IntN(2) == 0 {
				want[name] = bytesOf(1 + random.IntN(9))
				message.Options = append(message.Options, layers.NewDHCPOption(code, want[name]))
			}
		}
		message.Options = append(message.Options, layers.NewDHCPOption(layers.DHCPOptEnd, nil))
		return serialize(t, append(stack, datagram, message)), protocols.Table.KindNamed("dhcp"), want
	}
	return serialize(t, append(stack, datagram, gopacket.Payload(payload))), protocols.Table.KindNamed("udp"), want
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
		"dhcp":                                 "Ethernet IPv4 UDP DHCPv4",
		"dhcp type=ack router=10.0.0.1 t1=5":   "Ethernet IPv4 UDP DHCPv4",
		"tcp flags=SYN mss=1460":               "Ethernet IPv4 TCP",
		"tcp data=x":                           "Ethernet IPv4 TCP Payload",
		"ipv4 options=01010101 proto=1 hex=00": "Ethernet IPv4",
	} {
		b := send(t, words)
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
		if segment, ok := packet.TransportLayer().(interface {
			SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
		}); ok {
			if err := segment.SetNetworkLayerForChecksum(packet.NetworkLayer()); err != nil {
				t.Fatal(err)
			}
		}
		if err, mismatches := packet.VerifyChecksums(); err != nil || len(mismatches) > 0 {
			t.Errorf("%s: %v, %v", words, err, mismatches)
		}
	}
}
