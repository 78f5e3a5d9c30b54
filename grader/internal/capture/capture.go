// Package capture writes what went over a wire as a pcapng file, for Wireshark, tshark
// and whatever else reads those.
//
// Frames are written as they were, each cable as an interface of its own. Of TCP we know
// what the ends of a connection sent and received, and not the segments: a [Stream] makes
// segments of it, with the handshake, right numbers and checksums, and an acknowledgement
// for each, as the loopback of a machine that is not busy would. Datagrams become packets
// as they were sent. Both stand on an interface of packets that have no frame around them.
package capture

import (
	"io"
	"net/netip"
	"runtime"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// A Writer writes one capture. A file without a packet is empty: Packets tells.
type Writer struct {
	// Packets is how many were written.
	Packets int

	out        io.Writer
	comment    string
	ng         *pcapgo.NgWriter // nil before the first packet
	interfaces map[string]int
}

// New returns a writer of a capture, whose comment a reader shows first.
func New(out io.Writer, comment string) *Writer {
	return &Writer{out: out, comment: comment, interfaces: make(map[string]int)}
}

// loopback is the interface of packets without a frame; no cable is called so.
const loopback = "packets of IP"

// Frame writes a frame as it was on a cable.
func (w *Writer) Frame(at time.Time, cable string, frame []byte, comment string) error {
	return w.write(at, "cable "+cable, layers.LinkTypeEthernet, frame, comment)
}

// Datagram writes a UDP datagram.
func (w *Writer) Datagram(at time.Time, from, to netip.AddrPort, data []byte, comment string) error {
	from, to = alike(from, to)
	udp := &layers.UDP{SrcPort: layers.UDPPort(from.Port()), DstPort: layers.UDPPort(to.Port())}
	return w.packet(at, from.Addr(), to.Addr(), layers.IPProtocolUDP, udp, data, comment)
}

// Flush hands on what was written so far, for a reader who looks while packets come.
func (w *Writer) Flush() error {
	if w.ng == nil {
		return nil
	}
	return w.ng.Flush()
}

// Close writes what is still to be written.
func (w *Writer) Close() error { return w.Flush() }

// transport is UDP or TCP.
type transport interface {
	gopacket.SerializableLayer
	SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
}

// packet puts a header of IP before a segment or a datagram.
func (w *Writer) packet(at time.Time, from, to netip.Addr, protocol layers.IPProtocol, t transport, data []byte, comment string) error {
	const hops = 64
	var network interface {
		gopacket.NetworkLayer
		gopacket.SerializableLayer
	}
	if from.Is4() {
		network = &layers.IPv4{Version: 4, Flags: layers.IPv4DontFragment, TTL: hops, Protocol: protocol, SrcIP: from.AsSlice(), DstIP: to.AsSlice()}
	} else {
		network = &layers.IPv6{Version: 6, HopLimit: hops, NextHeader: protocol, SrcIP: from.AsSlice(), DstIP: to.AsSlice()}
	}
	if err := t.SetNetworkLayerForChecksum(network); err != nil {
		return err
	}
	b := gopacket.NewSerializeBuffer()
	options := gopacket.SerializeOptions{FixLengths: true, ComputeChecksums: true}
	if err := gopacket.SerializeLayers(b, options, network, t, gopacket.Payload(data)); err != nil {
		return err
	}
	return w.write(at, loopback, layers.LinkTypeRaw, b.Bytes(), comment)
}

// alike returns addresses of one family: a socket of IPv6 may be told in that of IPv4.
func alike(from, to netip.AddrPort) (netip.AddrPort, netip.AddrPort) {
	unmap := func(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }
	wide := func(a netip.AddrPort) netip.AddrPort {
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr().As16()), a.Port())
	}
	from, to = unmap(from), unmap(to)
	if from.Addr().Is4() != to.Addr().Is4() {
		return wide(from), wide(to)
	}
	return from, to
}

// mostComment is what has room in an option of a packet, and more than anybody reads.
const mostComment = 1000

func (w *Writer) write(at time.Time, name string, link layers.LinkType, data []byte, comment string) error {
	id, err := w.find(name, link)
	if err != nil {
		return err
	}
	var options pcapgo.NgPacketOptions
	if comment != "" {
		options.Comments = []string{comment[:min(len(comment), mostComment)]}
	}
	w.Packets++
	return w.ng.WritePacketWithOptions(gopacket.CaptureInfo{
		Timestamp: at, CaptureLength: len(data), Length: len(data), InterfaceIndex: id,
	}, data, options)
}

// find returns the interface of a name, which it makes the first time.
func (w *Writer) find(name string, link layers.LinkType) (id int, err error) {
	id, known := w.interfaces[name]
	if known {
		return id, nil
	}
	about := pcapgo.NgInterface{Name: name, LinkType: link, OS: runtime.GOOS}
	if w.ng == nil {
		w.ng, err = pcapgo.NewNgWriterInterface(w.out, about, pcapgo.NgWriterOptions{
			SectionInfo: pcapgo.NgSectionInfo{Application: "wirebook", OS: runtime.GOOS, Comment: w.comment},
		})
	} else {
		id, err = w.ng.AddInterface(about)
	}
	w.interfaces[name] = id
	return id, err
}
