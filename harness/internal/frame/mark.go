package frame

import (
	"bytes"
	"slices"

	"wirebook/harness/internal/packet"
)

// A Station is who sent a frame: its MAC address, and the tag behind it.
type Station string

// Sender is the station that sent a frame, "" if none can have sent it.
func Sender(frame []byte) Station {
	const src, ethertype = 6, 2
	p, _ := table.Decode(frame, table[0], packet.Every)
	if !p.Has(table[0]) || isGroup(frame[src:]) {
		return ""
	}
	headers := p.Start(len(p) - 2)
	return Station(frame[src : headers-ethertype])
}

// MAC is the station's address without the tag.
func (s Station) MAC() string { return string(s[:min(len(s), 6)]) }

// isGroup tells whether a MAC address is one of many stations.
func isGroup(mac []byte) bool { return mac[0]&1 != 0 }

// marked is what stands in a mark behind its addresses and its tag: a type for
// experiments (IEEE 802), not that which frames have by default, and data.
var marked = append([]byte{0x88, 0xb6}, "a mark of the workbook"...)

// Mark is a frame of the station to all. A switch passes it on behind those
// that it got before over the same cable, and learns nothing from it if the
// station has just been heard there.
func Mark(from Station) []byte { return slices.Concat(packet.Broadcast(), []byte(from), marked) }

// IsMark tells whether a frame is a [Mark], with a tag or without.
func IsMark(frame []byte) bool { return bytes.HasSuffix(frame, marked) }
