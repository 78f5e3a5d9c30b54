package udp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"wirebook/harness/internal/sockdiag"
	"wirebook/harness/internal/sys"
)

// Unread tells how much lies unread in the socket, of whatever program in this
// network namespace, that receives what from sends to to: in bytes as the kernel
// counts them, with its own overhead, so 0 only when not even an empty datagram
// waits, or when there is no such socket. Where the kernel cannot be asked for
// one socket, it is looked for in /proc/net/udp.
func Unread(from, to netip.AddrPort) (int, error) {
	if sys.Blind() {
		return 0, errors.ErrUnsupported
	}
	n, err := diagUnread(from, to)
	if err != nil {
		n, err = procUnread(to)
	}
	if err != nil {
		return 0, fmt.Errorf("udp: the socket at %v: %w", to, err)
	}
	return n, nil
}

// diagUnread asks as a packet would look for its receiver. A socket of family
// AF_INET6 that takes IPv4, too, is found under IPv4 addresses.
func diagUnread(from, to netip.AddrPort) (int, error) {
	a, _, err := sockdiag.Ask(sockdiag.Question{
		Protocol: syscall.IPPROTO_UDP,
		Local:    netip.AddrPortFrom(to.Addr().Unmap(), to.Port()),
		Remote:   netip.AddrPortFrom(from.Addr().Unmap(), from.Port()),
	})
	return int(a.ReadQueue), err
}

// procUnread counts in all sockets that are bound to the port of addr and to its
// address or to every address.
func procUnread(addr netip.AddrPort) (sum int, err error) {
	for _, name := range []string{"/proc/net/udp", "/proc/net/udp6"} {
		text, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) && name == "/proc/net/udp6" {
			continue // a kernel without IPv6
		}
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(string(text)) {
			local, unread, ok := procEntry(line)
			if ok && local.Port() == addr.Port() && (local.Addr().IsUnspecified() || local.Addr() == addr.Addr().Unmap()) {
				sum += unread
			}
		}
	}
	return sum, nil
}

// procEntry reads a line of /proc/net/udp:
//
//	sl  local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ref pointer drops
func procEntry(line string) (local netip.AddrPort, unread int, ok bool) {
	f := strings.Fields(line)
	if len(f) < 13 || f[0] == "sl" {
		return local, 0, false
	}
	addr, hexPort, _ := strings.Cut(f[1], ":")
	_, hexUnread, _ := strings.Cut(f[4], ":")
	port, err1 := strconv.ParseUint(hexPort, 16, 16)
	n, err2 := strconv.ParseUint(hexUnread, 16, 32)
	a, ok := procAddr(addr)
	if !ok || err1 != nil || err2 != nil {
		return local, 0, false
	}
	return netip.AddrPortFrom(a, uint16(port)), int(n), true
}

// procAddr reads an address as /proc prints it: 32-bit words in hex, each with
// its bytes in the machine's order.
func procAddr(s string) (netip.Addr, bool) {
	var b []byte
	for word := range slices.Chunk([]byte(s), 8) {
		w, err := strconv.ParseUint(string(word), 16, 32)
		if err != nil {
			return netip.Addr{}, false
		}
		b = binary.NativeEndian.AppendUint32(b, uint32(w))
	}
	a, ok := netip.AddrFromSlice(b)
	return a.Unmap(), ok
}
