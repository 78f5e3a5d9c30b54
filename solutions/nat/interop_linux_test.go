package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"
)

// Three Linux kernels are the computers around the router: two of the house, which
// share one cable, and a server of the world. Each has a TAP device, an Ethernet card
// of which the other side is a file: what the kernel sends is read there and put into
// the cable, and the other way round. Each lives in namespaces of its own, so that no
// address of this machine is touched, and obeys commands. Where that is not allowed,
// or there is no ip program, the test is skipped and says why.

const (
	hostConfig = "WIREBOOK_NAT_HOST" // set: we are a host; its value is CIDR and gateway
	cableFD    = 3                   // a host's end of the cable
)

// TestKernels lets kernels speak to each other through the router.
func TestKernels(t *testing.T) {
	if config := os.Getenv(hostConfig); config != "" {
		if err := beHost(config); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip program to set up a network device with: ", err)
	}
	house, world := newCable(t), newCable(t)
	r := startRouter(t, "-realtime", "-gateway", "203.0.113.9",
		"-port", "inside=127.0.0.1:0,"+house.address().String(), "-mac", "inside=02-00-c0-a8-01-01", "-ip", "inside=192.168.1.1/24",
		"-port", "outside=127.0.0.1:0,"+world.address().String(), "-mac", "outside=02-00-cb-00-71-01", "-ip", "outside=203.0.113.1/24",
		"-forward", "tcp:8080=192.168.1.2:80")
	house.plugIn(r.port(t, "inside"))
	world.plugIn(r.port(t, "outside"))
	hosts := map[string]*host{
		"h1":     startHost(t, house, "192.168.1.2/24 192.168.1.1"),
		"h2":     startHost(t, house, "192.168.1.3/24 192.168.1.1"),
		"server": startHost(t, world, "203.0.113.9/24"), // knows no way into the house
	}
	// Beyond the server, which is a router then, are other networks of the world.
	if out, ok := hosts["server"].do(t, "ip addr add 198.51.100.7/32 dev lo && ip addr add 198.51.100.8/32 dev lo"); !ok {
		t.Fatal(out)
	}
	serve := func(on, program string) {
		t.Helper()
		if out, ok := hosts[on].do(t, python(program)); !ok {
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
			out, ok := hosts[c.on].do(t, c.command)
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

// A running router, and what it has said of its ports.
type running struct{ ports map[string]*net.UDPAddr }

func (r running) port(t *testing.T, name string) *net.UDPAddr {
	t.Helper()
	if r.ports[name] == nil {
		t.Fatalf("the router has not said where %s is", name)
	}
	return r.ports[name]
}

// startRouter builds the program and starts it with two ports.
func startRouter(t *testing.T, args ...string) running {
	t.Helper()
	program := filepath.Join(t.TempDir(), "nat")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cmd := exec.Command(program, append([]string{"router"}, args...)...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close() // it ends with its input
		if err := cmd.Wait(); err != nil {
			t.Errorf("the router ended with %v", err)
		}
	})
	r := running{make(map[string]*net.UDPAddr)}
	screen := bufio.NewReader(stdout)
	for range 2 {
		line, err := screen.ReadString('\n')
		if err != nil {
			t.Fatalf("the router's screen: %v", err)
		}
		words := strings.Fields(line) // listening on NAME HOST:PORT
		if len(words) != 4 {
			t.Fatalf("the router printed %q", line)
		}
		if r.ports[words[2]], err = net.ResolveUDPAddr("udp", words[3]); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// A cable joins several ends: what comes from one of them goes to all others. Each end
// sends to the same address of it.
type cable struct {
	conn *net.UDPConn

	mu   sync.Mutex
	ends []netip.AddrPort
}

// newCable lays a cable that has no ends yet.
func newCable(t *testing.T) *cable {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{conn: conn}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.carry()
	}()
	t.Cleanup(func() {
		conn.Close()
		<-done
	})
	return c
}

func (c *cable) address() *net.UDPAddr { return c.conn.LocalAddr().(*net.UDPAddr) }

// plugIn joins an end to the cable.
func (c *cable) plugIn(end *net.UDPAddr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends = append(c.ends, unmapped(end.AddrPort()))
}

// carry passes frames on until the cable is closed. What comes from elsewhere than its
// ends is not the cable's.
func (c *cable) carry() {
	buf := make([]byte, 1<<16)
	for {
		n, from, err := c.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		c.mu.Lock()
		ends := slices.Clone(c.ends)
		c.mu.Unlock()
		if from = unmapped(from); !slices.Contains(ends, from) {
			continue
		}
		for _, end := range ends {
			if end != from {
				c.conn.WriteToUDPAddrPort(buf[:n], end) // what cannot be sent is lost
			}
		}
	}
}

// A host is a kernel in its namespace. Commands go in and answers come out.
type host struct {
	in  io.Writer
	out *bufio.Reader
}

// startHost starts this test again as a host, as root in new namespaces. Its end of
// the cable stays a socket of our namespace.
func startHost(t *testing.T, c *cable, config string) *host {
	t.Helper()
	end, err := net.DialUDP("udp4", nil, c.address())
	if err != nil {
		t.Fatal(err)
	}
	defer end.Close()
	file, err := end.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c.plugIn(end.LocalAddr().(*net.UDPAddr))

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestKernels$")
	cmd.Env = append(os.Environ(), hostConfig+"="+config)
	cmd.ExtraFiles = []*os.File{file} // cableFD
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip("no namespaces here: ", err)
	}
	t.Cleanup(func() {
		stdin.Close() // it ends with its input, and all that it has started with it
		cmd.Wait()
	})
	h := &host{in: stdin, out: bufio.NewReader(stdout)}
	if line, _ := h.out.ReadString('\n'); line != "ready\n" {
		t.Skipf("no kernel at the end of the cable: %s", strings.TrimSpace(line))
	}
	return h
}

// do has the host run a command. It returns what that printed, and whether it
// ended well.
func (h *host) do(t *testing.T, command string) (out string, ok bool) {
	t.Helper()
	if _, err := fmt.Fprintln(h.in, strings.ReplaceAll(command, "\n", ";")); err != nil {
		t.Fatal(err)
	}
	var n int
	if _, err := fmt.Fscanf(h.out, "%t %d\n", &ok, &n); err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(h.out, b); err != nil {
		t.Fatal(err)
	}
	return string(b), ok
}

// beHost is what runs in the namespace: it sets up the kernel's card, joins it to
// the cable and obeys.
func beHost(config string) error {
	address, gateway, _ := strings.Cut(config, " ")
	tap, err := newTAP()
	if err != nil {
		return err
	}
	settings := [][]string{
		{"link", "set", "lo", "up"},
		{"addr", "add", address, "dev", "wire0"},
		{"link", "set", "wire0", "up"},
	}
	if gateway != "" {
		settings = append(settings, []string{"route", "add", "default", "via", gateway})
	}
	for _, args := range settings {
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, out)
		}
	}
	end := os.NewFile(cableFD, "cable")
	go splice(tap, end)
	go splice(end, tap)
	fmt.Println("ready")
	lines := make(chan string)
	go func() {
		commands := bufio.NewScanner(os.Stdin)
		for commands.Scan() {
			lines <- commands.Text()
		}
		os.Exit(0) // whatever runs: our namespaces end with us
	}()
	for line := range lines {
		out, err := exec.Command("sh", "-c", line).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return err
		}
		fmt.Printf("%t %d\n%s", err == nil, len(out), out)
	}
	return nil
}

// newTAP makes the device wire0.
func newTAP() (*os.File, error) {
	fd, err := syscall.Open("/dev/net/tun", syscall.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("/dev/net/tun: %w", err)
	}
	var request struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "wire0")
	request.flags = syscall.IFF_TAP | syscall.IFF_NO_PI
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.TUNSETIFF, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return nil, fmt.Errorf("TUNSETIFF: %w", errno)
	}
	return os.NewFile(uintptr(fd), "/dev/net/tun"), nil
}

// splice passes frames on from one end to the other until one of them is closed.
func splice(from, to *os.File) {
	buf := make([]byte, 1<<16)
	for {
		n, err := from.Read(buf)
		if errors.Is(err, syscall.ECONNREFUSED) {
			continue // nobody was there for an earlier frame
		}
		if err != nil {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil && !errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
	}
}
