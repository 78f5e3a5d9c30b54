/*
Package frame reads and writes the text in which scenarios speak of Ethernet
frames: what they send, and what they expect. What a frame is, and which
protocols there are, is a matter of packages packet and protocols.

[ParseSend] reads what a scenario sends. Every field has a value that makes the
frame right, and any can be given another. [ParseExpect] reads what a scenario
expects: of a frame that is well formed, the given fields are compared, and a
[packet.Mismatch] says where the first difference is. [Check] finds the mistakes
in both before anything is played. [Describe] says in one line what a frame is.
[Differs] compares a whole frame with that of a right program, but for what a
lesson leaves [Free].

	frame lan send arp op=reply spa=10.0.0.3
	frame lan expect icmp type=request to=10.0.0.2 as=ping
	frame lan send answer of=ping data='other bytes'
	frame lan expect arp op=reply + icmp type=reply
	frame p1 send raw vlan=10 prio=5 size=46 as=hello
	frame p2 expect copy of=hello vlan=10
	frame eth1 expect forwarded of=ping src=02-00-0a-00-01-01
	frame eth0 expect icmp type=11 code=0 about=ping
	frame eth1 send icmp type=11 quote=ping quoted=8

The fourth line expects two frames in any order. as= gives a frame a name,
whether it is sent or expected, by which of=, about= and quote= speak of it later, on any
cable. The kind answer is the right answer to it, or, without of=, to the frame
that came last over the cable; its fields are those of the kind of that frame.

[ParseGather] reads the text of a TCP stream that is expected however it is cut:

	frame lan gather tcp seq=1001 data='hello\n' most=4

[ParseUnguessable] reads the names of segments. Nobody should be able to guess the number of
each from that of the one before.

	frame lan unguessable tcp of=s1,s2,s3,s4,s5,s6,s7,s8

fields.md lists all kinds and fields.
*/
package frame
