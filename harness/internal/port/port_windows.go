package port

import "net/netip"

// Here a free port is not given away soon: ports are handed out in turn.
func holdTCP(netip.AddrPort) (func(), error) { return func() {}, nil }
func holdUDP(netip.AddrPort) (func(), error) { return func() {}, nil }
