package kerneltest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Card is what a host calls its Ethernet card.
const Card = "wire0"

const (
	inside  = "WIREBOOK_KERNEL_HOST" // set: we are a host, and obey these commands of ip first
	cableFD = 3                      // a host's end of the cable
)

// NewCable binds a host's end of a cable.
func NewCable(t *testing.T) *net.UDPConn {
	t.Helper()
	end, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return end
}

// A Host is a kernel in its namespace. Commands go in and answers come out.
type Host struct {
	in  io.Writer
	out *bufio.Reader
}

// Start starts the test again as a host, as root in new namespaces, at the end of a cable
// that leads to the device. The host brings its card up and then obeys setup, commands of
// ip such as "route add default via 10.1.0.1".
func Start(t *testing.T, end *net.UDPConn, device *net.UDPAddr, setup ...string) *Host {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip program to set up a network device with: ", err)
	}
	file, err := end.File() // stays a socket of our namespace
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
	test, _, _ := strings.Cut(t.Name(), "/")
	cmd := exec.Command(self, "-test.run=^"+test+"$")
	cmd.Env = append(os.Environ(), inside+"="+strings.Join(setup, "\n"))
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
	h := &Host{in: stdin, out: bufio.NewReader(stdout)}
	if line, _ := h.out.ReadString('\n'); line != "ready\n" {
		t.Skipf("no kernel at the end of the cable: %s", strings.TrimSpace(line))
	}
	return h
}

// Do has the host run a command. It returns what that printed, and whether it
// ended well.
func (h *Host) Do(t *testing.T, command string) (out string, ok bool) {
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

// BeHost is the whole life of this process where [Start] has started it, and nothing where a
// test was.
func BeHost() {
	setup, isHost := os.LookupEnv(inside)
	if !isHost {
		return
	}
	if err := beHost(setup); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// beHost sets up the kernel's card, joins it to the cable and obeys.
func beHost(setup string) error {
	tap, err := NewTAP(Card)
	if err != nil {
		return err
	}
	for args := range strings.Lines("link set lo up\nlink set " + Card + " up\n" + setup) {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", strings.TrimSpace(args), err, out)
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
