package main

import "encoding/binary"

// A frame begins with its two MAC addresses. A tag stands behind them: the type
// 81 00, then 3 bits priority, 1 bit drop eligible and 12 bits VLAN.
const (
	macsLen  = 12
	typeLen  = 2
	tagLen   = 4
	typeTag  = 0x8100
	vlanBits = 0x0fff
)

// A frame is one in the switch: without its tag.
type frame struct {
	dst, src mac
	rest     []byte // from the type on

	tagged bool
	vlan   int    // tagged: what the tag says; 0 is none
	bits   uint16 // priority and drop eligible, where they stand in the tag
}

// parse takes the first tag out of a frame. What stands behind it is data, be it
// a tag too. false means that the frame ends in its tag.
func parse(b []byte) (frame, bool) {
	f := frame{dst: mac(b[0:6]), src: mac(b[6:12]), rest: b[macsLen:]}
	if binary.BigEndian.Uint16(f.rest) != typeTag {
		return f, true
	}
	if len(f.rest) < tagLen+typeLen {
		return f, false
	}
	tag := binary.BigEndian.Uint16(f.rest[typeLen:])
	f.tagged, f.vlan, f.bits = true, int(tag&vlanBits), tag&^vlanBits
	f.rest = f.rest[tagLen:]
	return f, true
}

// pack makes the bytes of the frame, with a tag of this VLAN, or without a tag
// if vlan is 0.
func (f frame) pack(vlan int) []byte {
	b := make([]byte, 0, macsLen+tagLen+len(f.rest))
	b = append(b, f.dst[:]...)
	b = append(b, f.src[:]...)
	if vlan != 0 {
		b = binary.BigEndian.AppendUint16(b, typeTag)
		b = binary.BigEndian.AppendUint16(b, f.bits|uint16(vlan))
	}
	return append(b, f.rest...)
}
