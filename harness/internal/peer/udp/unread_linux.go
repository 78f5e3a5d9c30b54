package udp

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"wirebook/harness/internal/sockdiag"
	"wirebook/harness/internal/sys"
)

// Unread tells how much lies unread in the socket, of whatever program in this
// network namespace, that receives what from sends to to: in bytes as the kernel
// counts them, with its own overhead, so 0 only when not even an empty datagram
// waits, or when there is no such socket.
func Unread(from, to netip.AddrPort) (int, error) {
	if sys.Blind() {
		return 0, errors.ErrUnsupported
	}
	// A socket of family AF_INET6 that takes IPv4, too, is found under IPv4
	// addresses.
	a, _, err := sockdiag.Ask(sockdiag.Question{
		Protocol: syscall.IPPROTO_UDP,
		Local:    netip.AddrPortFrom(to.Addr().Unmap(), to.Port()),
		Remote:   netip.AddrPortFrom(from.Addr().Unmap(), from.Port()),
	})
	if err != nil {
		return 0, fmt.Errorf("udp: the socket at %v: %w", to, err)
	}
	return int(a.ReadQueue), nil
}
