package plug

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A kernel is a running host.
type kernel struct {
	Host
	card *os.File      // our side of its card
	hold *net.UnixConn // it lives until this is closed
	cmd  *exec.Cmd
}

// toUs is the descriptor by which a host speaks to us: it hands over its card, or says what
// it lacks, and then waits for the end.
const toUs = 3

// cardName is what a host calls its card.
const cardName = "eth0"

// startHost starts a host, whose card has a MAC address.
func startHost(command []string, h Host, mac string) (*kernel, error) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "host"), os.NewFile(uintptr(pair[1]), "host")
	defer theirs.Close()
	conn, err := net.FileConn(ours)
	ours.Close()
	if err != nil {
		return nil, err
	}
	k := &kernel{Host: h, hold: conn.(*net.UnixConn)}
	k.cmd = exec.Command(command[0], append(command[1:], h.Name, mac, h.Address, h.Gateway)...)
	k.cmd.ExtraFiles = []*os.File{theirs} // toUs
	k.cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWUTS,
		// It is root in there, and in here the user that it was.
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Setpgid:     true, // Ctrl-C is for us
	}
	if err := k.cmd.Start(); err != nil {
		k.hold.Close()
		return nil, lacking("namespaces", err)
	}
	theirs.Close() // else the end of the host would not be seen
	if k.card, err = takeCard(k.hold); err != nil {
		k.stop()
		return nil, err
	}
	return k, nil
}

// takeCard receives the host's card.
func takeCard(from *net.UnixConn) (*os.File, error) {
	text, rights := make([]byte, 4<<10), make([]byte, unix.CmsgSpace(4))
	n, m, _, _, err := from.ReadMsgUnix(text, rights)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:m])
	if err != nil || len(messages) == 0 {
		return nil, errors.New(string(text[:n]))
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		return nil, err
	}
	// So a Read ends with a Close.
	if err := unix.SetNonblock(fds[0], true); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fds[0]), "tap"), nil
}

// stop ends the host, all that runs in it, and its network.
func (k *kernel) stop() {
	k.hold.Close()
	_ = k.cmd.Process.Kill() // it has nothing to finish
	_ = k.cmd.Wait()
	if k.card != nil {
		k.card.Close()
	}
}

// enter is the command that runs another in the host.
func (k *kernel) enter() []string {
	return []string{"nsenter", "--preserve-credentials", "-U", "-m", "-u", "-n", "-p", "-w", "-t", strconv.Itoa(k.cmd.Process.Pid)}
}

// BeHost is what runs as the first process of a host: it sets the host up, as its arguments
// say, hands over the card and waits for the end.
func BeHost(args []string) error {
	us := os.NewFile(toUs, "to plug")
	conn, err := net.FileConn(us)
	us.Close()
	if err != nil {
		return fmt.Errorf("this is run by plug, and by nobody else: %w", err)
	}
	defer conn.Close()
	tap, err := setUp(args[0], args[1], args[2], args[3])
	if err != nil {
		fmt.Fprint(conn, err)
		return err
	}
	if _, _, err := conn.(*net.UnixConn).WriteMsgUnix([]byte{0}, unix.UnixRights(int(tap.Fd())), nil); err != nil {
		return err
	}
	tap.Close()
	// Whom nobody waits for the kernel takes away by itself.
	signal.Ignore(syscall.SIGCHLD)
	_, err = io.Copy(io.Discard, conn)
	return err
}

// setUp makes the host what it is called, with its card.
func setUp(name, mac, address, gateway string) (*os.File, error) {
	if err := unix.Sethostname([]byte(name)); err != nil {
		return nil, lacking("a name of its own", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return nil, lacking("mounts of its own", err)
	}
	// In some containers /proc cannot be had; then ps shows the processes of the machine,
	// and IPv6 speaks, too.
	_ = unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, "")
	_ = os.WriteFile("/proc/sys/net/ipv6/conf/default/disable_ipv6", []byte("1"), 0)
	// There is no DNS, and nobody should wait for it. Nor does a DHCP client change the
	// machine's file.
	if err := unix.Mount("/dev/null", "/etc/resolv.conf", "", unix.MS_BIND, ""); err != nil && !errors.Is(err, unix.ENOENT) {
		return nil, lacking("an /etc/resolv.conf of its own", err)
	}
	tap, err := newTAP()
	if err != nil {
		return nil, err
	}
	commands := []string{"link set lo up", "link set " + cardName + " address " + mac}
	if address != "" {
		commands = append(commands, "address add "+address+" dev "+cardName)
	}
	commands = append(commands, "link set "+cardName+" up")
	if gateway != "" {
		commands = append(commands, "route add default via "+gateway)
	}
	for _, c := range commands {
		if out, err := exec.Command("ip", strings.Fields(c)...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("ip %s: %w: %s", c, err, strings.TrimSpace(string(out)))
		}
	}
	return tap, nil
}

// newTAP makes a card of which the file is the other side.
func newTAP() (*os.File, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, lacking("/dev/net/tun", err)
	}
	request, err := unix.NewIfreq(cardName)
	if err != nil {
		return nil, err
	}
	request.SetUint16(unix.IFF_TAP | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
		return nil, lacking("a TAP device", err)
	}
	return os.NewFile(uintptr(fd), "tap"), nil
}

// lacking says what a host cannot have here, and what to do.
func lacking(what string, err error) error {
	return fmt.Errorf("no kernel at the end of a cable here: %s: %w; %s", what, err, advice)
}

const advice = `a host is made without root where the kernel allows user namespaces and has TAP devices:
  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0     where Ubuntu refuses it
  sysctl -w kernel.unprivileged_userns_clone=1                 where an older Debian does
  sysctl -w user.max_user_namespaces=10000                     where there is "no space left"
  modprobe tun                                                 where there is no /dev/net/tun
  chmod 666 /dev/net/tun                                       where it is root's alone
  docker run --privileged --device /dev/net/tun ...            in a container
Or put a virtual machine of QEMU at the other end: docs/students.md says how`
