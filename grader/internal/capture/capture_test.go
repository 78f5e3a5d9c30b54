package capture

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// written returns the packets that write has made, as a reader sees them.
func written(t *testing.T, write func(*Writer) error) (packets []gopacket.Packet, names []string) {
	t.Helper()
	var b bytes.Buffer
	w := New(&b, "a comment")
	if err := errors.Join(write(w), w.Close()); err != nil {
		t.Fatal(err)
	}
	r, err := pcapgo.NewNgReader(&b, pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.SectionInfo().Comment; got != "a comment" {
		t.Errorf("the comment is %q", got)
	}
	for {
		data, about, err := r.ReadPacketData()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		on, err := r.Interface(about.InterfaceIndex)
		if err != nil {
			t.Fatal(err)
		}
		packets = append(packets, gopacket.NewPacket(data, on.LinkType, gopacket.Default))
		names = append(names, on.Name)
	}
	if len(packets) != w.Packets {
		t.Errorf("%d packets were read, %d written", len(packets), w.Packets)
	}
	return packets, names
}

var at = time.Unix(1_800_000_000, 123456789)

// A stream of both families is cut into segments, whose numbers go on, and ends.
func TestStream(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"127.0.0.1", "[::1]"} {
		client, server := netip.MustParseAddrPort(host+":50000"), netip.MustParseAddrPort(host+":40000")
		data := bytes.Repeat([]byte("0123456789"), 20_000)
		packets, _ := written(t, func(w *Writer) error {
			s, err := w.Stream(at, client, server, "step 1")
			if err != nil {
				return err
			}
			return errors.Join(
				s.Send(at, 0, data, ""), s.Send(at, 1, []byte("ok"), ""), s.Finish(at, 0, ""),
				s.Send(at, 0, []byte("behind the end"), ""), s.Reset(at, 1, ""), s.Finish(at, 1, ""))
		})
		var sent []byte
		var last *layers.TCP
		for _, p := range packets {
			last = p.TransportLayer().(*layers.TCP)
			if last.SrcPort == 50000 {
				sent = append(sent, last.Payload...)
			}
		}
		if !bytes.Equal(sent, data) {
			t.Errorf("%s: %d bytes were sent, %d are there", host, len(data), len(sent))
		}
		if want := uint32(1<<24 + 1 + 2); !last.RST || last.Seq != want || last.Ack != uint32(1<<20+1+len(data)+1) {
			t.Errorf("%s: the last segment is %+v, want a reset", host, last)
		}
	}
}

// Datagrams between two families, and frames of two cables: an interface each.
func TestDatagramsAndFrames(t *testing.T) {
	t.Parallel()
	packets, names := written(t, func(w *Writer) error {
		return errors.Join(
			w.Frame(at, "lan", []byte{1}, ""),
			w.Datagram(at, netip.MustParseAddrPort("[::ffff:127.0.0.1]:1"), netip.MustParseAddrPort("127.0.0.1:2"), []byte("hi"), ""),
			w.Frame(at, "wan", []byte{2}, ""),
			w.Datagram(at, netip.MustParseAddrPort("[::1]:1"), netip.MustParseAddrPort("127.0.0.1:2"), nil, ""),
			w.Frame(at, "lan", []byte{3}, ""))
	})
	want := []string{"cable lan", loopback, "cable wan", loopback, "cable lan"}
	for i, name := range want {
		if names[i] != name {
			t.Errorf("packet %d is on %q, want %q", i, names[i], name)
		}
	}
	if udp, ok := packets[1].TransportLayer().(*layers.UDP); !ok || string(udp.Payload) != "hi" || packets[1].NetworkLayer().LayerType() != layers.LayerTypeIPv4 {
		t.Errorf("the datagram is %v", packets[1])
	}
	if packets[3].NetworkLayer().LayerType() != layers.LayerTypeIPv6 {
		t.Errorf("the datagram is %v", packets[3])
	}
}
