package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// Two Linux kernels are the hosts at the router's cables. Each has a TAP device,
// an Ethernet card of which the other side is a file: what the kernel sends is read
// there and put into the cable, and the other way round. Each lives in a network
// namespace of its own, so that no address of this machine is touched, and obeys
// commands. Where that is not allowed, or there is no ip program, the test is
// skipped and says why.

const (
	inside  = "WIREBOOK_ROUTER_HOST" // set: we are a host; its value is CIDR and gateway
	cableFD = 3                      // a host's end of the cable
)

// TestKernels lets two kernels speak to each other through the router.
func TestKernels(t *testing.T) {
	if config := os.Getenv(inside); config != "" {
		if err := beHost(config); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip program to set up a network device with: ", err)
	}
	a, b := newCable(t), newCable(t)
	r := startRouter(t, "-realtime",
		"-port", "eth0=127.0.0.1:0,"+a.LocalAddr().String(), "-mac", "eth0=02-00-0a-01-00-01", "-ip", "eth0=10.1.0.1/16",
		"-port", "eth1=127.0.0.1:0,"+b.LocalAddr().String(), "-mac", "eth1=02-00-0a-02-00-01", "-ip", "eth1=10.2.0.1/16")
	left := startHost(t, a, r.port(t, "eth0"), "10.1.0.9/16 10.1.0.1")
	right := startHost(t, b, r.port(t, "eth1"), "10.2.0.9/16 10.2.0.1")

	for _, c := range []struct {
		name, tool, command string
		fails               bool
		want                string // in what it prints
	}{
		{name: "ping through the router", tool: "ping", command: "ping -n -c 3 -i 0.2 10.2.0.9", want: `(?s)ttl=63 .*3 received`},
		{name: "its near and its far address", tool: "ping", command: "ping -n -c 1 10.1.0.1 && ping -n -c 1 10.2.0.1", want: `(?s)from 10\.1\.0\.1: .*from 10\.2\.0\.1: `},
		{name: "the longest packet", tool: "ping", command: "ping -n -c 1 -s 1472 -M do 10.2.0.9", want: `1480 bytes from 10\.2\.0\.9`},
		{name: "fragments", tool: "ping", command: "ping -n -c 2 -i 0.2 -s 4000 10.2.0.9", want: `2 received`},
		{name: "options", tool: "ping", command: "ping -n -c 1 -R 10.2.0.9", want: `1 received`},
		{name: "the TTL is used up", tool: "ping", command: "ping -n -c 1 -W 5 -t 1 10.2.0.9", fails: true, want: `From 10\.1\.0\.1 .*Time to live exceeded`},
		{name: "no route", tool: "ping", command: "ping -n -c 1 -W 5 8.8.8.8", fails: true, want: `From 10\.1\.0\.1 .*Destination Net Unreachable`},
		{name: "no such host", tool: "ping", command: "ping -n -c 1 -W 10 10.2.0.77", fails: true, want: `From 10\.1\.0\.1 .*Destination Host Unreachable`},
		{name: "traceroute by UDP", tool: "traceroute", command: "traceroute -n 10.2.0.9", want: `(?s) 1  10\.1\.0\.1 .* 2  10\.2\.0\.9 `},
		{name: "traceroute by ICMP", tool: "traceroute", command: "traceroute -n -I 10.2.0.9", want: `(?s) 1  10\.1\.0\.1 .* 2  10\.2\.0\.9 `},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := exec.LookPath(c.tool); err != nil {
				t.Skip(err)
			}
			out, ok := left.do(t, c.command)
			if ok == c.fails || !regexp.MustCompile(c.want).MatchString(out) {
				t.Errorf("%s: ended well: %t, and printed\n%s\nwant %q", c.command, ok, out, c.want)
			}
		})
	}
	t.Run("TCP, 200 kB each way", func(t *testing.T) {
		if _, err := exec.LookPath("python3"); err != nil {
			t.Skip(err)
		}
		if out, ok := right.do(t, python(tcpServer)); !ok {
			t.Fatal(out)
		}
		if out, ok := left.do(t, python(tcpClient)); !ok || strings.TrimSpace(out) != "the same 200000 bytes" {
			t.Errorf("the client printed %s", out)
		}
	})
	t.Run("the kernel asks anew", func(t *testing.T) {
		if out, ok := left.do(t, "ip neigh flush all && ping -n -c 1 10.2.0.9 && ip neigh"); !ok || !strings.Contains(out, "10.1.0.1 dev wire0 lladdr 02:00:0a:01:00:01") {
			t.Errorf("it printed %s", out)
		}
	})
}

// The plainest programs that one can write: the server goes into the background
// when it listens.
const tcpServer = `
import os, socket
s = socket.create_server(("", 7777))
if os.fork(): os._exit(0)
for fd in (0, 1, 2): os.close(fd)
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
s = socket.create_connection(("10.2.0.9", 7777))
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
	program := filepath.Join(t.TempDir(), "router")
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

// newCable binds a host's end of a cable.
func newCable(t *testing.T) *net.UDPConn {
	t.Helper()
	end, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return end
}

// A host is a kernel in its namespace. Commands go in and answers come out.
type host struct {
	in  io.Writer
	out *bufio.Reader
}

// startHost starts this test again as a host, as root in new namespaces. Its end of
// the cable stays a socket of our namespace.
func startHost(t *testing.T, end *net.UDPConn, router *net.UDPAddr, config string) *host {
	t.Helper()
	file, err := end.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	end.Close()
	// Connected: what comes from elsewhere is not the cable's.
	to := &syscall.SockaddrInet4{Port: router.Port, Addr: [4]byte(router.IP.To4())}
	if err := syscall.Connect(int(file.Fd()), to); err != nil {
		t.Fatal(err)
	}

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestKernels$")
	cmd.Env = append(os.Environ(), inside+"="+config)
	cmd.ExtraFiles = []*os.File{file} // cableFD
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
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
		stdin.Close() // it ends with its input
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
	for _, args := range [][]string{
		{"link", "set", "lo", "up"},
		{"addr", "add", address, "dev", "wire0"},
		{"link", "set", "wire0", "up"},
		{"route", "add", "default", "via", gateway},
	} {
		if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, out)
		}
	}
	end := os.NewFile(cableFD, "cable")
	go splice(tap, end)
	go splice(end, tap)
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		out, err := exec.Command("sh", "-c", lines.Text()).CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return err
		}
		fmt.Printf("%t %d\n%s", err == nil, len(out), out)
	}
	return lines.Err()
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
