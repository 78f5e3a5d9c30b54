package port

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"syscall"
	"testing"
)

func TestTCPRefuses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr).AddrPort()
	// A connection that the kernel remembers for a while.
	c, err := net.Dial("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	l.Close()
	h, err := TCP(addr)
	if err != nil {
		t.Fatal(err)
	}
	if h.Addr() != addr {
		t.Errorf("holds %v; want %v", h.Addr(), addr)
	}
	if c, err := net.Dial("tcp", addr.String()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("dialing a held port: %v, %v; want ECONNREFUSED", c, err)
	}
	h.Release()
	if l, err = net.Listen("tcp", addr.String()); err != nil {
		t.Error("after the release:", err)
	} else {
		l.Close()
	}
}

func TestUDPRefuses(t *testing.T) {
	p, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	addr := p.LocalAddr().(*net.UDPAddr).AddrPort()
	p.Close()
	h, err := UDP(addr)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(addr))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "anybody there?")
	if n, err := c.Read(make([]byte, 100)); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("after a datagram to a held port: %d, %v; want ECONNREFUSED", n, err)
	}
	h.Release()
	if p, err = net.ListenUDP("udp4", net.UDPAddrFromAddrPort(addr)); err != nil {
		t.Error("after the release:", err)
	} else {
		p.Close()
	}
}

// TestNobodyElseGetsIt asks for more ports than the system gives out, so that a
// held one would come if it could.
func TestNobodyElseGetsIt(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux's way of giving out ports is known")
	}
	for network, take := range map[string]func(netip.AddrPort) (*Hold, error){"tcp4": TCP, "udp4": UDP} {
		h, err := take(free(t, network))
		if err != nil {
			t.Fatal(err)
		}
		for range 100_000 {
			if addr := free(t, network); addr == h.Addr() {
				t.Errorf("%s: %v was given away while it was held", network, addr)
				break
			}
		}
		h.Release()
	}
}

// free returns an address that was free a moment ago.
func free(t *testing.T, network string) netip.AddrPort {
	t.Helper()
	if network == "udp4" {
		p, err := net.ListenUDP(network, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		return p.LocalAddr().(*net.UDPAddr).AddrPort()
	}
	l, err := net.Listen(network, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort()
}
