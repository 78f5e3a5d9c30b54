package sockdiag

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"
	"syscall"
	"unsafe"
)

// A Question names a socket. The kernel answers with the socket that best fits,
// as it would look for the receiver of a packet.
type Question struct {
	Protocol uint8 // syscall.IPPROTO_TCP or IPPROTO_UDP
	// Local and Remote are the socket's own address and the other end's, both
	// of one family. For a datagram socket Remote is whoever sends to it.
	Local, Remote netip.AddrPort
	// Extensions asks for attributes: bit n-1 for INET_DIAG_n.
	Extensions uint8
}

// An Answer is what the kernel knows of a socket, under the names of struct
// inet_diag_msg.
type Answer struct {
	State       uint8
	Retransmits uint8
	Expires     uint32 // milliseconds until the socket's timer
	ReadQueue   uint32
	WriteQueue  uint32
	Inode       uint32 // 0 when no process holds it
	// LocalPort and RemotePort are those of the socket that was found, which
	// may be one that fits less than was asked.
	LocalPort, RemotePort uint16

	attributes []byte
}

// From <linux/sock_diag.h>.
const sockDiagByFamily = 20

// sockID is struct inet_diag_sockid. Ports and addresses are in network order.
type sockID struct {
	sport, dport [2]byte
	src, dst     [16]byte
	iface        uint32
	cookie       [2]uint32
}

// request is struct nlmsghdr and struct inet_diag_req_v2.
type request struct {
	header              syscall.NlMsghdr
	family, protocol    uint8
	extensions, padding uint8
	states              uint32
	id                  sockID
}

// message is struct inet_diag_msg.
type message struct {
	family, state, timer, retrans uint8
	id                            sockID
	expires                       uint32
	rqueue, wqueue                uint32
	uid, inode                    uint32
}

// netlink is the one socket that all questions go through. It is opened with
// the first of them, so in the network namespace that the engine plays in.
var netlink struct {
	sync.Mutex
	fd   int
	open bool
	seq  uint32
	buf  [4096]byte
}

// Ask asks. found is false when there is no such socket.
func Ask(q Question) (a Answer, found bool, err error) {
	req := newRequest(q)
	netlink.Lock()
	defer netlink.Unlock()
	if !netlink.open {
		if err := open(); err != nil {
			return a, false, fmt.Errorf("netlink: %w", err)
		}
	}
	netlink.seq++
	req.header.Seq = netlink.seq
	if a, found, err = exchange(&req); err != nil {
		// Whatever went wrong, the next question starts afresh.
		syscall.Close(netlink.fd)
		netlink.open = false
		return a, false, fmt.Errorf("netlink: %w", err)
	}
	return a, found, nil
}

func open() error {
	fd, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_INET_DIAG)
	if err != nil {
		return err
	}
	// The kernel answers within our own send. The timeout is for the day that
	// it does not.
	syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Sec: 1})
	netlink.fd, netlink.open = fd, true
	return nil
}

func newRequest(q Question) request {
	req := request{
		family:     syscall.AF_INET,
		protocol:   q.Protocol,
		extensions: q.Extensions,
		states:     ^uint32(0),
		id:         sockID{cookie: [2]uint32{^uint32(0), ^uint32(0)}},
	}
	if q.Local.Addr().Is6() {
		req.family = syscall.AF_INET6
	}
	src, dst := q.Local, q.Remote
	if q.Protocol == syscall.IPPROTO_UDP {
		src, dst = dst, src // the kernel has them the other way round, and keeps to it (net/ipv4/udp_diag.c)
	}
	copy(req.id.src[:], src.Addr().AsSlice())
	copy(req.id.dst[:], dst.Addr().AsSlice())
	binary.BigEndian.PutUint16(req.id.sport[:], src.Port())
	binary.BigEndian.PutUint16(req.id.dport[:], dst.Port())
	req.header = syscall.NlMsghdr{
		Len:   uint32(unsafe.Sizeof(req)),
		Type:  sockDiagByFamily,
		Flags: syscall.NLM_F_REQUEST,
	}
	return req
}

// exchange sends the request and reads its one answer.
func exchange(req *request) (a Answer, found bool, err error) {
	out := unsafe.Slice((*byte)(unsafe.Pointer(req)), unsafe.Sizeof(*req))
	if _, err := repeat(func() (int, error) { return syscall.Write(netlink.fd, out) }); err != nil {
		return a, false, err
	}
	for {
		n, err := repeat(func() (int, error) { return syscall.Read(netlink.fd, netlink.buf[:]) })
		if err != nil {
			return a, false, err
		}
		if n < syscall.NLMSG_HDRLEN {
			return a, false, fmt.Errorf("answer of %d bytes", n)
		}
		header := (*syscall.NlMsghdr)(unsafe.Pointer(&netlink.buf[0]))
		if header.Seq != req.header.Seq {
			continue // the late answer to a question that was given up
		}
		body := netlink.buf[syscall.NLMSG_HDRLEN:n]
		switch header.Type {
		case syscall.NLMSG_ERROR:
			if len(body) < 4 {
				return a, false, fmt.Errorf("answer of %d bytes", n)
			}
			if errno := syscall.Errno(-int32(binary.NativeEndian.Uint32(body))); errno != syscall.ENOENT {
				return a, false, errno
			}
			return a, false, nil
		case sockDiagByFamily:
			a, err = decode(body)
			return a, err == nil, err
		default:
			return a, false, fmt.Errorf("answer of type %d", header.Type)
		}
	}
}

// repeat calls f until no signal comes between.
func repeat(f func() (int, error)) (n int, err error) {
	for {
		if n, err = f(); err != syscall.EINTR {
			return n, err
		}
	}
}

func decode(body []byte) (Answer, error) {
	var m message
	if len(body) < int(unsafe.Sizeof(m)) {
		return Answer{}, fmt.Errorf("answer of %d bytes", len(body))
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&m)), unsafe.Sizeof(m)), body)
	return Answer{
		State:       m.state,
		Retransmits: m.retrans,
		Expires:     m.expires,
		ReadQueue:   m.rqueue,
		WriteQueue:  m.wqueue,
		Inode:       m.inode,
		LocalPort:   binary.BigEndian.Uint16(m.id.sport[:]),
		RemotePort:  binary.BigEndian.Uint16(m.id.dport[:]),
		attributes:  append([]byte{}, body[unsafe.Sizeof(m):]...),
	}, nil
}

// Attribute returns what the answer says under a number of INET_DIAG, nil for
// nothing.
func (a Answer) Attribute(number uint16) []byte {
	for rest := a.attributes; len(rest) >= 4; {
		size := int(binary.NativeEndian.Uint16(rest))
		if size < 4 || size > len(rest) {
			return nil
		}
		if binary.NativeEndian.Uint16(rest[2:]) == number {
			return rest[4:size]
		}
		rest = rest[min((size+3)&^3, len(rest)):]
	}
	return nil
}
