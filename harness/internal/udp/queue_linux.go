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

	"golang.org/x/sys/unix"
)

// QueueOf looks at the sockets, of whatever program in this network namespace,
// that receive what is sent to addr: those bound to its port and to its
// address or to every address. The kernel is asked through NETLINK_SOCK_DIAG,
// which needs no privilege, or where that is not built in, /proc/net/udp.
func QueueOf(addr netip.AddrPort) (Queue, error) {
	all, err := diagSockets(addr.Port())
	if err != nil {
		all, err = procSockets(addr.Port())
	}
	if err != nil {
		return Queue{}, fmt.Errorf("udp: sockets at %v: %w", addr, err)
	}
	var q Queue
	for _, s := range all {
		if s.local.IsUnspecified() || s.local == addr.Addr().Unmap() {
			q.Sockets++
			q.Unread += s.unread
			q.Dropped += s.dropped
		}
	}
	return q, nil
}

// An entry is one socket of the kernel's table.
type entry struct {
	local           netip.Addr
	unread, dropped int
}

// diagSockets asks the kernel for the sockets bound to port (sock_diag(7)).
func diagSockets(port uint16) ([]entry, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	v4, err := dump(fd, unix.AF_INET, port)
	if err != nil {
		return nil, err
	}
	v6, err := dump(fd, unix.AF_INET6, port)
	if errors.Is(err, unix.ENOENT) { // a kernel without IPv6
		return v4, nil
	}
	return append(v4, v6...), err
}

// The sizes of struct nlmsghdr, inet_diag_req_v2 and inet_diag_msg, and the
// places in them that we use (linux/netlink.h, linux/inet_diag.h).
const (
	headerSize  = 16
	requestSize = 56
	messageSize = 72

	diagSrc    = 8  // inet_diag_msg.id.idiag_src
	diagRqueue = 56 // inet_diag_msg.idiag_rqueue

	attrMemInfo = 7     // INET_DIAG_SKMEMINFO
	memDrops    = 8 * 4 // SK_MEMINFO_DROPS, the ninth number in it
)

var native = binary.NativeEndian

// dump asks for the sockets of one family that are bound to port. The kernel
// itself looks for the port, so the answer is short and whole.
func dump(fd int, family uint8, port uint16) ([]entry, error) {
	req := make([]byte, headerSize+requestSize)
	native.PutUint32(req[0:], uint32(len(req)))
	native.PutUint16(req[4:], unix.SOCK_DIAG_BY_FAMILY)
	native.PutUint16(req[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	body := req[headerSize:]
	body[0], body[1], body[2] = family, unix.IPPROTO_UDP, 1<<(attrMemInfo-1)
	native.PutUint32(body[4:], ^uint32(0)) // in whatever state
	binary.BigEndian.PutUint16(body[8:], port)
	if err := unix.Sendto(fd, req, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, err
	}
	var all []entry
	buf := make([]byte, 1<<15)
	for {
		n, _, err := unix.Recvfrom(fd, buf, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		for rest := buf[:n]; len(rest) >= headerSize; {
			size := int(native.Uint32(rest))
			if size < headerSize || size > len(rest) {
				return nil, fmt.Errorf("netlink message of %d bytes in %d", size, len(rest))
			}
			msg := rest[headerSize:size]
			switch native.Uint16(rest[4:]) {
			case unix.NLMSG_DONE:
				return all, nil
			case unix.NLMSG_ERROR:
				return nil, netlinkError(msg)
			case unix.SOCK_DIAG_BY_FAMILY:
				if len(msg) >= messageSize {
					all = append(all, diagEntry(msg))
				}
			}
			rest = rest[min(align4(size), len(rest)):]
		}
	}
}

// netlinkError reads the negative errno that a refusal begins with.
func netlinkError(msg []byte) error {
	if len(msg) < 4 {
		return unix.EPROTO
	}
	return unix.Errno(-int32(native.Uint32(msg)))
}

func diagEntry(msg []byte) entry {
	var e entry
	if msg[0] == unix.AF_INET {
		e.local = netip.AddrFrom4([4]byte(msg[diagSrc:]))
	} else {
		e.local = netip.AddrFrom16([16]byte(msg[diagSrc:])).Unmap()
	}
	e.unread = int(native.Uint32(msg[diagRqueue:]))
	for attrs := msg[messageSize:]; len(attrs) >= 4; {
		size, kind := int(native.Uint16(attrs)), native.Uint16(attrs[2:])
		if size < 4 || size > len(attrs) {
			break
		}
		if kind == attrMemInfo && size >= 4+memDrops+4 {
			e.dropped = int(native.Uint32(attrs[4+memDrops:]))
		}
		attrs = attrs[min(align4(size), len(attrs)):]
	}
	return e
}

func align4(n int) int { return (n + 3) &^ 3 }

// procSockets reads the sockets bound to port from /proc/net/udp and udp6.
func procSockets(port uint16) ([]entry, error) {
	var all []entry
	for _, name := range []string{"/proc/net/udp", "/proc/net/udp6"} {
		text, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) && name == "/proc/net/udp6" {
			continue
		}
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			if e, p, ok := procEntry(line); ok && p == port {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// procEntry reads a line of /proc/net/udp:
//
//	sl  local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout inode ref pointer drops
func procEntry(line string) (e entry, port uint16, ok bool) {
	f := strings.Fields(line)
	if len(f) < 13 || f[0] == "sl" {
		return entry{}, 0, false
	}
	addr, hexPort, _ := strings.Cut(f[1], ":")
	_, unread, _ := strings.Cut(f[4], ":")
	p, err1 := strconv.ParseUint(hexPort, 16, 16)
	u, err2 := strconv.ParseUint(unread, 16, 32)
	d, err3 := strconv.Atoi(f[12])
	local, ok := procAddr(addr)
	if !ok || err1 != nil || err2 != nil || err3 != nil {
		return entry{}, 0, false
	}
	return entry{local: local, unread: int(u), dropped: d}, uint16(p), true
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
		b = native.AppendUint32(b, uint32(w))
	}
	a, ok := netip.AddrFromSlice(b)
	return a.Unmap(), ok
}
