package main

import (
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"wirebook/harness/devicetest"
	"wirebook/harness/kerneltest"
)

// TestKernels lets three Linux kernels speak to each other through the router: two
// computers of the house, which share one cable, and a server of the world.
func TestKernels(t *testing.T) {
	kerneltest.BeHost()
	house, world := newHub(t), newHub(t)
	r := devicetest.Start(t, devicetest.Build(t, "."), devicetest.Options{Ports: portNames, Ends: []*net.UDPConn{house.conn, world.conn}},
		"router", "-realtime", "-gateway", "203.0.113.9", "-mac", "inside=02-00-c0-a8-01-01", "-ip", "inside=192.168.1.1/24", "-mac", "outside=02-00-cb-00-71-01", "-ip", "outside=203.0.113.1/24",
		"-forward", "tcp:8080=192.168.1.2:80")
	house.plugIn(r.Addr(0))
	world.plugIn(r.Addr(1))
	hosts := map[string]*kerneltest.Host{
		"h1": startHost(t, house, "addr add 192.168.1.2/24 dev "+kerneltest.Card, "route add default via 192.168.1.1"),
		"h2": startHost(t, house, "addr add 192.168.1.3/24 dev "+kerneltest.Card, "route add default via 192.168.1.1"),
		// It knows no way into the house. Beyond it, since it is a router then, are
		// other networks of the world.
		"server": startHost(t, world, "addr add 203.0.113.9/24 dev "+kerneltest.Card,
			"addr add 198.51.100.7/32 dev lo", "addr add 198.51.100.8/32 dev lo"),
	}
	serve := func(on, program string) {
		t.Helper()
		if out, ok := hosts[on].Do(t, python(program)); !ok {
			t.Fatal(out)
		}
	}
	if _, err := exec.LookPath("python3"); err == nil {
		serve("server", udpServer)
		serve("server", tcpServer)
		serve("server", webServer)
		serve("h1", webServer)
	}

	for _, c := range []struct {
		name, on, tool, command string
		fails                   bool
		want                    string // in what it prints
	}{
		{name: "ping the world", on: "h1", tool: "ping", command: "ping -n -c 3 -i 0.2 203.0.113.9", want: `(?s)ttl=63 .*3 received`},
		{name: "ping beyond the gateway", on: "h2", tool: "ping", command: "ping -n -c 1 198.51.100.7", want: `1 received`},
		{name: "both addresses of the router", on: "h1", tool: "ping", command: "ping -n -c 1 192.168.1.1 && ping -n -c 1 203.0.113.1",
			want: `(?s)from 192\.168\.1\.1: .*from 203\.0\.113\.1: `},
		{name: "the longest packet", on: "h1", tool: "ping", command: "ping -n -c 1 -s 1472 -M do 203.0.113.9", want: `1480 bytes from 203\.0\.113\.9`},
		{name: "options", on: "h1", tool: "ping", command: "ping -n -c 1 -R 203.0.113.9", want: `1 received`},
		{name: "nobody pings into the house", on: "server", tool: "ping", fails: true, want: `(?s)0 received.*0 received`,
			command: "ip route add 192.168.1.0/24 via 203.0.113.1; ping -n -c 1 -W 1 192.168.1.2; ping -n -c 1 -W 1 203.0.113.1; s=$?; ip route del 192.168.1.0/24; exit $s"},
		{name: "the TTL is used up", on: "h1", tool: "ping", command: "ping -n -c 1 -W 5 -t 1 203.0.113.9", fails: true, want: `From 192\.168\.1\.1 .*Time to live exceeded`},
		// Before traceroute: a kernel tells of closed ports only so many times a second.
		{name: "nobody is at that port", on: "h1", tool: "python3", command: python(udpRefused), want: `^refused\n$`},
		{name: "traceroute by UDP", on: "h1", tool: "traceroute", command: "traceroute -n 203.0.113.9", want: `(?s) 1  192\.168\.1\.1 .* 2  203\.0\.113\.9 `},
		{name: "traceroute by ICMP", on: "h2", tool: "traceroute", command: "traceroute -n -I 198.51.100.7", want: `(?s) 1  192\.168\.1\.1 .* 2  198\.51\.100\.7 `},
		{name: "traceroute by TCP", on: "h2", tool: "traceroute", command: "traceroute -n -T -p 80 203.0.113.9", want: `(?s) 1  192\.168\.1\.1 .* 2  203\.0\.113\.9 `},
		{name: "UDP leaves from one port for two servers", on: "h1", tool: "python3", command: python(udpClient),
			want: `^203\.0\.113\.1 5000\n203\.0\.113\.1 5000\n$`},
		{name: "UDP from a port that the other has", on: "h2", tool: "python3", command: python(udpClient),
			want: `^203\.0\.113\.1 1024\n203\.0\.113\.1 1024\n$`},
		{name: "TCP, 200 kB each way", on: "h1", tool: "python3", command: python(tcpClient), want: `^the same 200000 bytes\n$`},
		{name: "a TCP port where nobody is", on: "h2", tool: "curl", command: "curl -sS http://203.0.113.9:81/", fails: true, want: `(?i)refused|connect to`},
		{name: "the web", on: "h2", tool: "curl", command: "curl -sS http://198.51.100.7/", want: `^you are 203\.0\.113\.1\n$`},
		{name: "the house's web server, from the world", on: "server", tool: "curl", command: "curl -sS http://203.0.113.1:8080/", want: `^you are 203\.0\.113\.9\n$`},
		{name: "the house's web server, from the house", on: "h2", tool: "curl", command: "curl -sS http://203.0.113.1:8080/", want: `^you are 203\.0\.113\.1\n$`},
		{name: "the house's web server, from itself", on: "h1", tool: "curl", command: "curl -sS http://203.0.113.1:8080/", want: `^you are 203\.0\.113\.1\n$`},
	} {
		t.Run(c.name, func(t *testing.T) {
			needed := []string{c.tool}
			if c.tool == "curl" {
				needed = append(needed, "python3") // serves
			}
			for _, tool := range needed {
				if _, err := exec.LookPath(tool); err != nil {
					t.Skip(err)
				}
			}
			out, ok := hosts[c.on].Do(t, c.command)
			if ok == c.fails || !regexp.MustCompile(c.want).MatchString(out) {
				t.Errorf("%s: ended well: %t, and printed\n%s\nwant %q", c.command, ok, out, c.want)
			}
		})
	}
}

// The plainest programs that one can write. A server goes into the background when it
// listens, and ends with the host.
const background = `
if os.fork(): os._exit(0)
for fd in (0, 1, 2): os.close(fd)
`

const udpServer = `
import os, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 7000))
t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
t.bind(("", 7001))` + background + `
while True:
    for one in (s, t):
        _, peer = one.recvfrom(2000)
        one.sendto(("%s %d" % peer).encode(), peer)
`

const udpClient = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 5000))
for port in (7000, 7001):
    s.sendto(b"who am I?", ("203.0.113.9", port))
    print(s.recv(2000).decode())
`

const udpRefused = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.connect(("203.0.113.9", 9))
s.send(b"anybody?")
try:
    s.recv(2000)
except ConnectionRefusedError:
    print("refused")
`

const tcpServer = `
import os, socket
s = socket.create_server(("", 7777))` + background + `
while True:
    c, _ = s.accept()
    data = b""
    while True:
        b = c.recv(65536)
        if not b: break
        data += b
    c.sendall(data)
    c.close()
`

const tcpClient = `
import os, socket
s = socket.create_connection(("203.0.113.9", 7777))
sent = os.urandom(200000)
s.sendall(sent)
s.shutdown(socket.SHUT_WR)
got = b""
while True:
    b = s.recv(65536)
    if not b: break
    got += b
print("the same" if got == sent else "other", len(got), "bytes")
`

const webServer = `
import os
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = ("you are %s\n" % self.client_address[0]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
s = TCPServer(("", 80), Handler)` + background + `
s.serve_forever()
`

// python is the command that runs a program, in one line.
func python(program string) string {
	return "python3 -c 'exec(" + strings.ReplaceAll(fmt.Sprintf("%q", program), "'", `'\''`) + ")'"
}

// startHost starts a host whose cable leads to a hub.
func startHost(t *testing.T, h *hub, setup ...string) *kerneltest.Host {
	t.Helper()
	end := kerneltest.NewCable(t)
	h.plugIn(end.LocalAddr().(*net.UDPAddr))
	return kerneltest.Start(t, end, h.address(), setup...)
}

// A hub joins several cables: what comes from one of them goes to all others.
type hub struct {
	conn *net.UDPConn

	mu   sync.Mutex
	ends []netip.AddrPort // of the cables, on their other side
}

// newHub makes a hub that has no cables yet.
func newHub(t *testing.T) *hub {
	t.Helper()
	h := &hub{conn: kerneltest.NewCable(t)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.carry()
	}()
	t.Cleanup(func() {
		h.conn.Close()
		<-done
	})
	return h
}

func (h *hub) address() *net.UDPAddr { return h.conn.LocalAddr().(*net.UDPAddr) }

// plugIn plugs in the cable that has this other end.
func (h *hub) plugIn(end *net.UDPAddr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ends = append(h.ends, unmapped(end.AddrPort()))
}

// carry passes frames on until the hub is closed. What comes from elsewhere than the
// cables is nobody's.
func (h *hub) carry() {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := h.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		h.mu.Lock()
		ends := slices.Clone(h.ends)
		h.mu.Unlock()
		if from = unmapped(from); !slices.Contains(ends, from) {
			continue
		}
		for _, end := range ends {
			if end != from {
				h.conn.WriteToUDPAddrPort(buf[:n], end) // what cannot be sent is lost
			}
		}
	}
}
