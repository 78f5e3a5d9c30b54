package frame

import (
	"encoding/hex"
	"fmt"
	"net/netip"
)

// MAC is an Ethernet address.
type MAC [6]byte

// Broadcast is the MAC of every station.
var Broadcast = MAC{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}

// String writes the address as the lessons print it: 14-9d-da-2a-dd-0a.
func (m MAC) String() string {
	return fmt.Sprintf("%02x-%02x-%02x-%02x-%02x-%02x", m[0], m[1], m[2], m[3], m[4], m[5])
}

// ParseMAC reads six pairs of hexadecimal digits in either case with - or :
// between them, or the word broadcast.
func ParseMAC(s string) (MAC, error) {
	if s == "broadcast" {
		return Broadcast, nil
	}
	var m MAC
	wrong := fmt.Errorf("%q is no MAC address", s)
	if len(s) != 17 {
		return MAC{}, wrong
	}
	for i := range m {
		if i > 0 && (s[3*i-1] != s[2] || s[2] != '-' && s[2] != ':') {
			return MAC{}, wrong
		}
		if _, err := hex.Decode(m[i:i+1], []byte(s[3*i:3*i+2])); err != nil {
			return MAC{}, wrong
		}
	}
	return m, nil
}

// IP is an IPv4 address.
type IP [4]byte

// String writes the address in dotted decimals.
func (a IP) String() string { return netip.AddrFrom4(a).String() }

// ParseIP reads an IPv4 address in dotted decimals.
func ParseIP(s string) (IP, error) {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return IP{}, fmt.Errorf("%q is no IPv4 address", s)
	}
	return a.As4(), nil
}

// MAC is the Ethernet address that the station with this IPv4 address has in
// scenarios that do not say otherwise: 10.0.0.2 has 02-00-0a-00-00-02.
func (a IP) MAC() MAC { return MAC{0x02, 0x00, a[0], a[1], a[2], a[3]} }
