package drain

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// From <linux/sock_diag.h> and <linux/inet_diag.h>.
const (
	sockDiagByFamily = 20
	inetDiagInfo     = 2
	inetDiagULPInfo  = 19
)

// sockID is struct inet_diag_sockid. Ports and addresses are in network order.
type sockID struct {
	sport, dport [2]byte
	src, dst     [16]byte
	iface        uint32
	cookie       [2]uint32
}

// request is struct nlmsghdr and struct inet_diag_req_v2.
type request struct {
	header              unix.NlMsghdr
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

// diagnose asks the kernel for the program's socket.
func diagnose(local, remote netip.AddrPort) (socket, error) {
	req := request{
		family:     unix.AF_INET,
		protocol:   unix.IPPROTO_TCP,
		extensions: 1 << (inetDiagInfo - 1),
		states:     ^uint32(0),
		id:         sockID{cookie: [2]uint32{^uint32(0), ^uint32(0)}},
	}
	if remote.Addr().Is6() {
		req.family = unix.AF_INET6
	}
	copy(req.id.src[:], remote.Addr().AsSlice())
	copy(req.id.dst[:], local.Addr().AsSlice())
	binary.BigEndian.PutUint16(req.id.sport[:], remote.Port())
	binary.BigEndian.PutUint16(req.id.dport[:], local.Port())
	req.header = unix.NlMsghdr{
		Len:   uint32(unsafe.Sizeof(req)),
		Type:  sockDiagByFamily,
		Flags: unix.NLM_F_REQUEST,
	}

	netlink.Lock()
	defer netlink.Unlock()
	if !netlink.open {
		fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
		if err != nil {
			return socket{}, fmt.Errorf("drain: netlink: %w", err)
		}
		// The kernel answers within our own send. The timeout is for the day
		// that it does not.
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 1})
		netlink.fd, netlink.open = fd, true
	}
	netlink.seq++
	req.header.Seq = netlink.seq
	s, err := exchange(&req)
	if err != nil {
		// Whatever went wrong, the next question starts afresh.
		unix.Close(netlink.fd)
		netlink.open = false
		return socket{}, fmt.Errorf("drain: netlink: %w", err)
	}
	// For want of the connection the kernel offers the listener on its port,
	// which has no other end.
	if s.state != 0 && (s.id.sport != req.id.sport || s.id.dport != req.id.dport) {
		return socket{}, nil
	}
	return s.socket, nil
}

type answer struct {
	socket
	id sockID
}

// exchange sends the request and reads its one answer. No such socket is an
// answer with state 0.
func exchange(req *request) (answer, error) {
	out := unsafe.Slice((*byte)(unsafe.Pointer(req)), unsafe.Sizeof(*req))
	for {
		_, err := syscall.Write(netlink.fd, out)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return answer{}, err
		}
		break
	}
	for {
		n, err := syscall.Read(netlink.fd, netlink.buf[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return answer{}, err
		}
		in := netlink.buf[:n]
		if n < unix.NLMSG_HDRLEN {
			return answer{}, fmt.Errorf("answer of %d bytes", n)
		}
		header := (*unix.NlMsghdr)(unsafe.Pointer(&in[0]))
		if header.Seq != req.header.Seq {
			continue // the late answer to a question that was given up
		}
		body := in[unix.NLMSG_HDRLEN:]
		switch header.Type {
		case unix.NLMSG_ERROR:
			if len(body) < 4 {
				return answer{}, fmt.Errorf("answer of %d bytes", n)
			}
			errno := unix.Errno(-int32(binary.NativeEndian.Uint32(body)))
			if errno == unix.ENOENT {
				return answer{}, nil
			}
			return answer{}, errno
		case sockDiagByFamily:
			return decode(body)
		default:
			return answer{}, fmt.Errorf("answer of type %d", header.Type)
		}
	}
}

// latestAck is after how many milliseconds an acknowledgement is no longer
// late but lost: Linux delays none by more than 200, and answers nothing at all
// to a segment that finds no room.
const latestAck = 250

// firstTimer is after how many milliseconds Linux repeats its part of a handshake
// (RFC 6298 section 2.1). One that takes longer than an acknowledgement can be
// late is not about to be over: the program lets the kernel wait for more.
const firstTimer = 1000

func decode(body []byte) (answer, error) {
	var msg message
	if len(body) < int(unsafe.Sizeof(msg)) {
		return answer{}, fmt.Errorf("answer of %d bytes", len(body))
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&msg)), unsafe.Sizeof(msg)), body)
	a := answer{id: msg.id, socket: socket{
		state:  msg.state,
		rqueue: int(msg.rqueue),
		wqueue: int(msg.wqueue),
		inode:  msg.inode,
		fresh:  msg.retrans == 0 && msg.expires > firstTimer-latestAck,
	}}
	for rest := body[unsafe.Sizeof(msg):]; len(rest) >= 4; {
		size := int(binary.NativeEndian.Uint16(rest))
		kind := binary.NativeEndian.Uint16(rest[2:])
		if size < 4 || size > len(rest) {
			break
		}
		if kind == inetDiagULPInfo {
			a.layered = true
		}
		var info unix.TCPInfo
		if kind == inetDiagInfo && size-4 >= int(unsafe.Offsetof(info.Bytes_retrans))+8 {
			// A newer kernel says more than we know, an older one less.
			copy(unsafe.Slice((*byte)(unsafe.Pointer(&info)), unsafe.Sizeof(info)), rest[4:size])
			a.info = true
			a.received = info.Bytes_received
			a.sent = info.Bytes_sent - info.Bytes_retrans
			a.notSent = uint64(info.Notsent_bytes)
			a.moving = info.Unacked > 0 && min(info.Last_data_sent, info.Last_ack_recv) < latestAck
		}
		rest = rest[min((size+3)&^3, len(rest)):]
	}
	return a, nil
}
