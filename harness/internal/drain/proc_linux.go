package drain

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// readProc looks for the program's socket in /proc/net/tcp and /proc/net/tcp6.
// A server that listens on all addresses has its IPv4 connections in the
// second, so both are searched for them.
func readProc(local, remote netip.AddrPort) (socket, error) {
	files := []string{"/proc/thread-self/net/tcp", "/proc/thread-self/net/tcp6"}
	if remote.Addr().Is6() {
		files = files[1:]
	}
	var failed error
	for _, name := range files {
		s, err := searchProc(name, local, remote)
		if err != nil {
			failed = err
		} else if s.state != 0 {
			return s, nil
		}
	}
	return socket{}, failed
}

func searchProc(name string, local, remote netip.AddrPort) (socket, error) {
	f, err := os.Open(name)
	if err != nil {
		return socket{}, fmt.Errorf("drain: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan() // the heading
	for lines.Scan() {
		s, src, dst, err := parseProc(lines.Text())
		if err != nil {
			return socket{}, fmt.Errorf("drain: %s: %w", name, err)
		}
		if src == remote && dst == local {
			return s, nil
		}
	}
	if err := lines.Err(); err != nil {
		return socket{}, fmt.Errorf("drain: %w", err)
	}
	return socket{}, nil
}

// parseProc reads a line as
//
//	0: 0100007F:1F90 0100007F:A3C2 01 00000000:00000005 00:00000000 00000000 0 0 12345 ...
func parseProc(line string) (s socket, src, dst netip.AddrPort, err error) {
	bad := fmt.Errorf("line %q", line)
	fields := strings.Fields(line)
	if len(fields) < 10 {
		return s, src, dst, bad
	}
	src, ok1 := parseAddress(fields[1])
	dst, ok2 := parseAddress(fields[2])
	if !ok1 || !ok2 {
		return s, src, dst, bad
	}
	state, err1 := strconv.ParseUint(fields[3], 16, 8)
	wqueue, rqueue, _ := strings.Cut(fields[4], ":")
	w, err2 := strconv.ParseUint(wqueue, 16, 32)
	r, err3 := strconv.ParseUint(rqueue, 16, 32)
	inode, err4 := strconv.ParseUint(fields[9], 10, 32)
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		return s, src, dst, bad
	}
	return socket{state: uint8(state), rqueue: int(r), wqueue: int(w), inode: uint32(inode)}, src, dst, nil
}

// parseAddress reads 0100007F:1F90: each four bytes of the address as a number
// in this machine's order, the port as a number.
func parseAddress(text string) (netip.AddrPort, bool) {
	words, portText, _ := strings.Cut(text, ":")
	port, err := strconv.ParseUint(portText, 16, 16)
	if err != nil {
		return netip.AddrPort{}, false
	}
	b, err := hex.DecodeString(words)
	if err != nil || len(b)%4 != 0 {
		return netip.AddrPort{}, false
	}
	for i := 0; i < len(b); i += 4 {
		binary.NativeEndian.PutUint32(b[i:], binary.BigEndian.Uint32(b[i:]))
	}
	addr, ok := netip.AddrFromSlice(b)
	return netip.AddrPortFrom(addr.Unmap(), uint16(port)), ok
}
