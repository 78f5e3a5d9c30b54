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

// A Linux kernel is the host at the other end of the cable. It has a TAP device, an
// Ethernet card of which the other side is a file: what the kernel sends is read there
// and put into the cable, and the other way round. It lives in a network namespace of
// its own, so that no address of this machine is touched, and obeys commands. Where
// that is not allowed, or there is no ip program, the test is skipped and says why.

const (
	inside  = "WIREBOOK_DHCP_HOST" // set: we are a host
	cableFD = 3                    // a host's end of the cable
)

// TestKernels lends addresses to clients that we have not written, and borrows one
// from such a server.
func TestKernels(t *testing.T) {
	if os.Getenv(inside) != "" {
		if err := beHost(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip program to set up a network device with: ", err)
	}
	program := filepath.Join(t.TempDir(), "dhcp")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	dir := t.TempDir()
	// What a client does with an address: here it is only printed.
	udhcpcScript := filepath.Join(dir, "udhcpc.sh")
	dhclientScript := filepath.Join(dir, "dhclient.sh")
	for file, text := range map[string]string{
		udhcpcScript:   "#!/bin/sh\n[ \"$1\" = bound ] && echo got $ip mask $subnet router $router dns $dns lease $lease by $serverid; exit 0\n",
		dhclientScript: "#!/bin/sh\n[ \"$reason\" = BOUND ] && echo got $new_ip_address mask $new_subnet_mask router $new_routers dns $new_domain_name_servers lease $new_dhcp_lease_time by $new_dhcp_server_identifier; exit 0\n",
	} {
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ name, tool, command string }{
		{"udhcpc", "udhcpc", "udhcpc -i wire0 -n -q -f -t 5 -s " + udhcpcScript + " 2>&1"},
		{"dhclient", "dhclient", "dhclient -4 -1 -d -sf " + dhclientScript + " -lf " + dir + "/leases -pf " + dir + "/pid -cf /dev/null wire0 2>&1 & p=$!; " +
			"while ! grep -q lease " + dir + "/leases 2>/dev/null && kill -0 $p 2>/dev/null; do sleep 0.1; done; kill $p; wait; cat " + dir + "/leases"},
	} {
		t.Run("lent to "+c.name, func(t *testing.T) {
			if _, err := exec.LookPath(c.tool); err != nil {
				t.Skip(err)
			}
			end := newCable(t)
			server := startDevice(t, program, "server", "-realtime", "-ip", "10.0.0.1/24", "-mac", "02-00-0a-00-00-01",
				"-cable", "127.0.0.1:0,"+end.LocalAddr().String(), "-pool", "10.0.0.100-10.0.0.199", "-router", "10.0.0.254", "-dns", "10.0.0.53")
			h := startHost(t, end, server.address)
			out, _ := h.do(t, c.command)
			if !strings.Contains(out, "got 10.0.0.100 mask 255.255.255.0 router 10.0.0.254 dns 10.0.0.53 lease 3600 by 10.0.0.1") {
				t.Errorf("%s printed\n%s", c.name, out)
			}
			server.types(t, "leases")
			if line := server.line(t); !regexp.MustCompile(`^10\.0\.0\.100  [0-9a-f-]{17}  leased  36?[0-9]{2,3}s\n$`).MatchString(line) {
				t.Errorf("leases printed %q", line)
			}
		})
	}
	t.Run("borrowed from dnsmasq", func(t *testing.T) {
		if _, err := exec.LookPath("dnsmasq"); err != nil {
			t.Skip(err)
		}
		end := newCable(t)
		client := startDevice(t, program, "client", "-realtime", "-mac", "02-00-0a-00-00-02", "-cable", "127.0.0.1:0,"+end.LocalAddr().String())
		h := startHost(t, end, client.address)
		// -d: it changes neither user nor group, which is not allowed here.
		pid, ok := h.do(t, "ip addr add 10.0.0.1/24 dev wire0 && { dnsmasq -d --conf-file=/dev/null --port=0 --interface=wire0 --bind-interfaces"+
			" --dhcp-range=10.0.0.50,10.0.0.60,10m --dhcp-authoritative --no-ping --dhcp-leasefile="+dir+"/dnsmasq >"+dir+"/log 2>&1 </dev/null & echo $!; }")
		if !ok {
			t.Fatal(pid)
		}
		defer h.do(t, "kill "+pid)
		bound := regexp.MustCompile(`^bound (10\.0\.0\.[56][0-9])/24 router 10\.0\.0\.1 dns - lease 600s\n$`).FindStringSubmatch(client.line(t))
		if bound == nil {
			t.Fatal("the client is not bound")
		}
		if out, ok := h.do(t, "ip neigh flush all; ping -c 1 -W 1 "+bound[1]+" >/dev/null; ip neigh"); !ok || !strings.Contains(out, bound[1]+" dev wire0 lladdr 02:00:0a:00:00:02") {
			t.Errorf("the kernel did not find it by ARP: %s", out)
		}
		client.types(t, "renew")
		if line := client.line(t); !strings.HasPrefix(line, "bound "+bound[1]+"/24 ") {
			t.Errorf("renewed: %q", line)
		}
		client.types(t, "release")
		if line := client.line(t); line != "released "+bound[1]+"\n" {
			t.Errorf("released: %q", line)
		}
	})
}

// A running device is our program: its keyboard, its screen and its end of the cable.
type running struct {
	in      io.Writer
	screen  *bufio.Reader
	address *net.UDPAddr
}

func startDevice(t *testing.T, program string, args ...string) *running {
	t.Helper()
	cmd := exec.Command(program, args...)
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
			t.Errorf("the %s ended with %v", args[0], err)
		}
	})
	d := &running{in: stdin, screen: bufio.NewReader(stdout)}
	words := strings.Fields(d.line(t)) // listening on HOST:PORT
	if d.address, err = net.ResolveUDPAddr("udp", words[len(words)-1]); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *running) types(t *testing.T, line string) {
	t.Helper()
	if _, err := fmt.Fprintln(d.in, line); err != nil {
		t.Fatal(err)
	}
}

func (d *running) line(t *testing.T) string {
	t.Helper()
	line, err := d.screen.ReadString('\n')
	if err != nil {
		t.Fatalf("the screen: %v", err)
	}
	return line
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
func startHost(t *testing.T, end *net.UDPConn, device *net.UDPAddr) *host {
	t.Helper()
	file, err := end.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	end.Close()
	// Connected: what comes from elsewhere is not the cable's.
	to := &syscall.SockaddrInet4{Port: device.Port, Addr: [4]byte(device.IP.To4())}
	if err := syscall.Connect(int(file.Fd()), to); err != nil {
		t.Fatal(err)
	}

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^TestKernels$")
	cmd.Env = append(os.Environ(), inside+"=yes")
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
func beHost() error {
	tap, err := newTAP()
	if err != nil {
		return err
	}
	for _, args := range [][]string{
		{"link", "set", "lo", "up"},
		{"link", "set", "wire0", "up"},
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
