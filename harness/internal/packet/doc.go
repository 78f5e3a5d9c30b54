// Package packet takes Ethernet frames apart and puts them together, right or
// wrong on purpose.
//
// A [Packet] is a list of layers: its headers, the outermost first, then the data
// behind the last of them, then padding. What is known of one sort of layer is a
// [Protocol]: where its fields lie and what they are called, which of them follow
// from the rest of the packet, how a line of text says what it is. The protocols
// that are known are a [Table], and all here is made from it: nothing in this
// package names a protocol.
package packet
