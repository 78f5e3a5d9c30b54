package drain

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"syscall"

	"wirebook/harness/internal/sockdiag"
)

// From <linux/inet_diag.h>.
const (
	inetDiagInfo    = 2
	inetDiagULPInfo = 19
)

// The places in struct tcp_info (<linux/tcp.h>) of what we use of it. A newer
// kernel says more than we know, an older one less.
const (
	infoUnacked       = 24
	infoLastDataSent  = 44
	infoLastAckRecv   = 56
	infoBytesReceived = 128
	infoNotsentBytes  = 144
	infoBytesSent     = 200
	infoBytesRetrans  = 208
	infoSize          = 216
)

// latestAck is after how many milliseconds an acknowledgement is no longer
// late but lost: Linux delays none by more than 200, and answers nothing at all
// to a segment that finds no room.
const latestAck = 250

// firstTimer is after how many milliseconds Linux repeats its part of a handshake
// (RFC 6298 section 2.1). One that takes longer than an acknowledgement can be
// late is not about to be over: the program lets the kernel wait for more.
const firstTimer = 1000

// ask is a variable for the test of a kernel that does not answer.
var ask = sockdiag.Ask

// diagnose asks the kernel for the program's socket.
func diagnose(local, remote netip.AddrPort) (socket, error) {
	a, found, err := ask(sockdiag.Question{
		Protocol:   syscall.IPPROTO_TCP,
		Local:      remote,
		Remote:     local,
		Extensions: 1 << (inetDiagInfo - 1),
	})
	if err != nil {
		return socket{}, fmt.Errorf("drain: %w", err)
	}
	// For want of the connection the kernel offers the listener on its port,
	// which has no other end.
	if !found || a.LocalPort != remote.Port() || a.RemotePort != local.Port() {
		return socket{}, nil
	}
	s := socket{
		state:   a.State,
		rqueue:  int(a.ReadQueue),
		wqueue:  int(a.WriteQueue),
		inode:   a.Inode,
		layered: a.Attribute(inetDiagULPInfo) != nil,
		fresh:   a.Retransmits == 0 && a.Expires > firstTimer-latestAck,
	}
	if info := a.Attribute(inetDiagInfo); len(info) >= infoSize {
		native := binary.NativeEndian
		s.info = true
		s.received = native.Uint64(info[infoBytesReceived:])
		s.sent = native.Uint64(info[infoBytesSent:]) - native.Uint64(info[infoBytesRetrans:])
		s.notSent = uint64(native.Uint32(info[infoNotsentBytes:]))
		late := min(native.Uint32(info[infoLastDataSent:]), native.Uint32(info[infoLastAckRecv:]))
		s.moving = native.Uint32(info[infoUnacked:]) > 0 && late < latestAck
	}
	return s, nil
}
