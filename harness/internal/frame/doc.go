/*
Package frame takes Ethernet frames apart and puts them together, right or
wrong on purpose, and reads and writes the text in which scenarios speak of
them.

A packet is a list of layers: its headers, the outermost first, then the data
behind the last of them, then padding. What is known of one sort of layer is a
protocol: where its fields lie and what they are called, which of them follow
from the rest of the packet, how a line of text says what it is. Each protocol
is a file of its own and a row in one table, and all else is made from that
table: nothing outside of its file names a protocol.

[ParseSend] reads what a scenario sends. Every field has a value that makes the
frame right, and any can be given another. [ParseExpect] reads what a scenario
expects: of a frame that is well formed, the given fields are compared, and a
[Mismatch] says where the first difference is. [Check] finds the mistakes in both
before anything is played. [Describe] says in one line what a frame is.

	frame lan send arp op=reply spa=10.0.0.3
	frame lan expect icmp type=request to=10.0.0.2 as=ping
	frame lan send answer of=ping data='other bytes'
	frame lan expect arp op=reply + icmp type=reply

The last line expects two frames in any order. A frame that came is remembered
by the name that as= gives it. The kind answer is the right answer to it, or,
without of=, to the frame that came last; its fields are those of the kind of
that frame.

In the lists, parentheses hold what a field is unless it is given. A field without
them follows from the others where it can, as lengths, checksums and MAC
addresses do (10.0.0.2 has 02-00-0a-00-00-02), or is zero.

# Kinds and fields

raw: any frame; its data is all that follows the Ethernet header.

	dst        destination MAC (02-00-0a-00-00-01)
	src        source MAC (02-00-0a-00-00-02)
	ethertype  type of what follows (0x88b5)

arp: an ARP packet. It has the fields of raw too, and no data.

	htype      hardware type, 1 for Ethernet (1)
	ptype      protocol type, 0x0800 for IPv4 (0x0800)
	hlen       hardware address length (6)
	plen       protocol address length (4)
	op         operation: request, reply or a number (request)
	sha        sender hardware address
	spa        sender protocol address (10.0.0.2)
	tha        target hardware address, of zeros in a request
	tpa        target protocol address (10.0.0.1)

ipv4: an IPv4 packet; its data is all that the header carries. It has the fields of raw too.

	from       source address (10.0.0.2)
	to         destination address (10.0.0.1)
	ttl        time to live (64)
	proto      protocol (253)
	ipid       identification
	tos        type of service
	flags      flags: 1 more fragments, 2 do not fragment
	offset     fragment offset, in units of eight bytes
	options    options in hexadecimal, a multiple of four bytes
	version    IP version (4)
	ihl        header length, in words of four bytes
	iplen      total length
	ipsum      header checksum; bad is one that does not fit

icmp: an ICMP message in an IPv4 packet. It has the fields of ipv4 too.

	type       type: request and reply are the echo's, others a number (request)
	code       code
	id         identifier of an echo; in other messages, the third 16-bit word (1)
	seq        sequence number of an echo; in other messages, the fourth 16-bit word (1)
	sum        checksum; bad is one that does not fit

udp: a UDP datagram in an IPv4 packet. It has the fields of ipv4 too.

	sport      source port (4000)
	dport      destination port (5000)
	udplen     length
	sum        checksum; bad is one that does not fit, 0 is none

Data:

	data       bytes carried (wirebook)
	hex        bytes carried, in hexadecimal
	size       number of bytes carried: letters of the alphabet, over and over

A frame that is ready to be sent is spoilt by these, in the order of the words:

	cut        how many bytes of the frame are left
	pad        how many bytes of padding are added
	patch      bytes that overwrite the frame's: OFFSET:HEX, more of them behind commas
*/
package frame
