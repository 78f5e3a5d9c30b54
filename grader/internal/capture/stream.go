package capture

import (
	"encoding/binary"
	"net/netip"
	"time"

	"github.com/gopacket/gopacket/layers"
)

// A Stream is a TCP connection of which segments are made. Its two ends are numbered: 0
// is the one that connects.
type Stream struct {
	w    *Writer
	ends [2]end
	dead bool // a reset was seen
}

// An end is one of a connection.
type end struct {
	addr netip.AddrPort
	next uint32 // the number of the next byte that it sends
	done bool   // it has sent its end
}

// Stream begins a connection with the handshake.
func (w *Writer) Stream(at time.Time, client, server netip.AddrPort, comment string) (*Stream, error) {
	client, server = alike(client, server)
	s := &Stream{w: w, ends: [2]end{{addr: client, next: 1 << 20}, {addr: server, next: 1 << 24}}}
	for _, step := range []struct {
		from    int
		flags   flags
		comment string
	}{{0, flags{syn: true}, comment}, {1, flags{syn: true, ack: true}, ""}, {0, flags{ack: true}, ""}} {
		if err := s.segment(at, step.from, step.flags, nil, step.comment); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// mostSegment is how many bytes one segment carries, as over a loopback: what a packet of
// IPv6 has room for.
const mostSegment = 1<<16 - 1 - 20 - 40

// Send writes what an end has sent.
func (s *Stream) Send(at time.Time, from int, data []byte, comment string) error {
	for len(data) > 0 && !s.dead && !s.ends[from].done {
		part := data[:min(len(data), mostSegment)]
		data = data[len(part):]
		if err := s.segment(at, from, flags{psh: len(data) == 0, ack: true}, part, comment); err != nil {
			return err
		}
		if err := s.segment(at, 1-from, flags{ack: true}, nil, ""); err != nil {
			return err
		}
	}
	return nil
}

// Finish ends what an end sends.
func (s *Stream) Finish(at time.Time, from int, comment string) error {
	if s.dead || s.ends[from].done {
		return nil
	}
	if err := s.segment(at, from, flags{fin: true, ack: true}, nil, comment); err != nil {
		return err
	}
	s.ends[from].done = true
	return s.segment(at, 1-from, flags{ack: true}, nil, "")
}

// Reset ends all of it.
func (s *Stream) Reset(at time.Time, from int, comment string) error {
	if s.dead {
		return nil
	}
	s.dead = true
	return s.segment(at, from, flags{rst: true, ack: true}, nil, comment)
}

type flags struct{ syn, ack, psh, fin, rst bool }

// The window: 65,535 times 2 to the power of windowScale, so that none is ever full.
const (
	window      = 1<<16 - 1
	windowScale = 7
)

func (s *Stream) segment(at time.Time, from int, f flags, data []byte, comment string) error {
	self, other := &s.ends[from], &s.ends[1-from]
	tcp := &layers.TCP{
		SrcPort: layers.TCPPort(self.addr.Port()), DstPort: layers.TCPPort(other.addr.Port()),
		Seq: self.next, SYN: f.syn, ACK: f.ack, PSH: f.psh, FIN: f.fin, RST: f.rst, Window: window,
	}
	if f.ack {
		tcp.Ack = other.next
	}
	if f.syn {
		tcp.Options = []layers.TCPOption{
			{OptionType: layers.TCPOptionKindMSS, OptionLength: 4, OptionData: binary.BigEndian.AppendUint16(nil, mostSegment)},
			{OptionType: layers.TCPOptionKindNop, OptionLength: 1},
			{OptionType: layers.TCPOptionKindWindowScale, OptionLength: 3, OptionData: []byte{windowScale}},
		}
	}
	self.next += uint32(len(data))
	if f.syn || f.fin {
		self.next++
	}
	return s.w.packet(at, self.addr.Addr(), other.addr.Addr(), layers.IPProtocolTCP, tcp, data, comment)
}
