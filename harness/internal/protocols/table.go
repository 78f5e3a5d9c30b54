// Package protocols is what is known of each protocol in a frame: a file a
// protocol, and their table.
package protocols

import "wirebook/harness/internal/packet"

// Table is all of them, that of the outermost header first. A new one is a file
// of its own and a row here.
var Table = packet.Table{ethernet, vlan, arp, ipv4, icmp, udp, tcp, dhcp}
