package main

import (
	"fmt"
	"strings"
)

// info returns the ten lines about an address and its subnet.
func info(ip ipv4, prefix int) string {
	network := ip & netmask(prefix)
	last := network | ^netmask(prefix) // all host bits one
	size := uint64(1) << (32 - prefix) // 2^32 for /0: more than 32 bits hold

	// Of an ordinary subnet the lowest address names the subnet itself and
	// the highest everyone in it (RFC 950 §2.1, RFC 919).
	firstHost, lastHost, hosts := network+1, last-1, size-2
	broadcast := last.String()
	if prefix >= 31 {
		// Two addresses are a link's two ends, and one is a host: nothing
		// is left to set aside (RFC 3021 §2.1).
		firstHost, lastHost, hosts = network, last, size
		broadcast = "none"
	}

	var text strings.Builder
	fmt.Fprintf(&text, "address:   %v\n", ip)
	fmt.Fprintf(&text, "netmask:   %v\n", netmask(prefix))
	fmt.Fprintf(&text, "prefix:    %d\n", prefix)
	fmt.Fprintf(&text, "network:   %v\n", network)
	fmt.Fprintf(&text, "broadcast: %s\n", broadcast)
	fmt.Fprintf(&text, "first:     %v\n", firstHost)
	fmt.Fprintf(&text, "last:      %v\n", lastHost)
	fmt.Fprintf(&text, "hosts:     %d\n", hosts)
	fmt.Fprintf(&text, "scope:     %s\n", scope(ip))
	fmt.Fprintf(&text, "binary:    %s\n", ip.binary())
	return text.String()
}

// same reports whether a and b are in one subnet: whether their first prefix
// bits are the same.
func same(a, b ipv4, prefix int) bool {
	return a&netmask(prefix) == b&netmask(prefix)
}

// maxSubnets is how many lines a split may have.
const maxSubnets = 1 << 16

// split returns the subnets of newPrefix bits within the subnet of ip, one a
// line.
func split(ip ipv4, prefix, newPrefix int) (string, error) {
	if newPrefix < prefix {
		return "", fmt.Errorf("new prefix %d is a larger subnet than /%d", newPrefix, prefix)
	}
	count := uint64(1) << (newPrefix - prefix)
	if count > maxSubnets {
		return "", fmt.Errorf("new prefix %d gives %d subnets, more than %d", newPrefix, count, maxSubnets)
	}
	network := ip & netmask(prefix)
	var text strings.Builder
	// The loop counts subnets, not addresses: behind the last subnet of
	// 255.0.0.0/8 there is no address at which it could end.
	for i := range ipv4(count) {
		subnet := network | i<<(32-newPrefix)
		fmt.Fprintf(&text, "%v/%d\n", subnet, newPrefix)
	}
	return text.String(), nil
}

// scopes are the blocks of addresses with a purpose of their own. They do not
// overlap.
var scopes = []struct {
	network ipv4
	prefix  int
	name    string
}{
	{dotted(0, 0, 0, 0), 8, "reserved"},            // RFC 1122 §3.2.1.3
	{dotted(10, 0, 0, 0), 8, "private"},            // RFC 1918 §3
	{dotted(100, 64, 0, 0), 10, "shared"},          // RFC 6598 §7
	{dotted(127, 0, 0, 0), 8, "loopback"},          // RFC 1122 §3.2.1.3
	{dotted(169, 254, 0, 0), 16, "link-local"},     // RFC 3927 §2.1
	{dotted(172, 16, 0, 0), 12, "private"},         // RFC 1918 §3
	{dotted(192, 0, 2, 0), 24, "documentation"},    // RFC 5737 §3
	{dotted(192, 168, 0, 0), 16, "private"},        // RFC 1918 §3
	{dotted(198, 51, 100, 0), 24, "documentation"}, // RFC 5737 §3
	{dotted(203, 0, 113, 0), 24, "documentation"},  // RFC 5737 §3
	{dotted(224, 0, 0, 0), 4, "multicast"},         // RFC 5771 §3
	{dotted(240, 0, 0, 0), 4, "reserved"},          // RFC 1112 §4
}

// dotted returns the address a.b.c.d.
func dotted(a, b, c, d byte) ipv4 {
	return ipv4(a)<<24 | ipv4(b)<<16 | ipv4(c)<<8 | ipv4(d)
}

// scope returns the purpose of an address: "public" for one that has no other.
func scope(ip ipv4) string {
	for _, s := range scopes {
		if ip&netmask(s.prefix) == s.network {
			return s.name
		}
	}
	return "public"
}
