package sandbox

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What a student's program must not be able to do, by what it tries.
func TestRefused(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o666); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		try  string
		want string // in the answer
	}{
		{"read " + secret, "refused: open"},
		{"read /etc/passwd", "refused: open"},
		{"read /proc/self/environ", "refused: open"},
		{"read /proc/1/cmdline", "refused: open"},
		{"read " + ProgramPath + "/../../../etc/passwd", "refused: open"},
		{"link " + secret, "refused: open"},
		{"link /proc/self/root/etc/passwd", "refused: open"},
		{"write " + secret, "refused: open"},
		{"mode " + secret, "refused: chmod"},
		{"empty " + secret, "refused: truncate"},
		{"times " + secret, "refused: chtimes"},
		{"write /x", "refused: open"},
		{"write /etc/hosts", "refused: open"},
		{"write " + ProgramPath, "refused: open"},
		{"write /tmp/../x", "refused: open"},
		{"dial tcp " + os.Getenv(listenerVariable), "refused: dial tcp"},
		{"dial tcp 192.0.2.1:80", "refused: dial tcp"},
		{"dial unix " + unixListener(t), "refused: dial unix"},
		{"fork", "refused: operation not permitted"},
		{"command", "operation not permitted"},
		{"namespace", "refused: operation not permitted"},
		{"clone3", "refused: function not implemented"},
		{"exec-itself", "refused: operation not permitted"},
		{"exec-in-w", "refused: operation not permitted"},
		{"ptrace", "refused: operation not permitted"},
		{"traceme", "refused: operation not permitted"},
		{"vmread", "refused: operation not permitted"},
		{"kill-all", "refused: operation not permitted"},
		{"kill-group", "refused: operation not permitted"},
		{fmt.Sprintf("kill %d", os.Getpid()), "refused: operation not permitted"},
		{"kill 1", "refused: operation not permitted"},
		{"unshare", "refused: operation not permitted"},
		{"mount", "refused: operation not permitted"},
		{"umount", "refused: operation not permitted"},
		{"chroot", "refused: operation not permitted"},
		{"setuid", "refused: operation not permitted"},
		{"reboot", "refused: operation not permitted"},
		{"io_uring", "refused: operation not permitted"},
		{"keyctl", "refused: operation not permitted"},
		{"perf", "refused: operation not permitted"},
		{"bpf", "refused: operation not permitted"},
		{"userfaultfd", "refused: operation not permitted"},
		{"memfd", "refused: operation not permitted"},
		{"init-module", "refused: operation not permitted"},
		{"shared", "refused: operation not permitted"},
		{"grows-down", "refused: operation not permitted"},
		{"owner", "refused: operation not permitted"},
		{"pipe-size", "refused: operation not permitted"},
		{"sctp", "refused: operation not permitted"},
		{"raw", "refused: operation not permitted"},
		{"packet", "refused: operation not permitted"},
		{"netlink", "refused: operation not permitted"},
		{"audit", "refused: operation not permitted"},
		{"vsock", "refused: operation not permitted"},
		{"alg", "refused: operation not permitted"},
		{"nproc", "refused: operation not permitted"},
		{"x32", "refused: "},
		{"descriptors", "refused: none"},
		{"capabilities", "ok: [0 0 0 0 0 0]"},
	}
	for _, level := range []Level{Strong, Reduced} {
		for _, test := range tests {
			t.Run(level.String()+"/"+strings.Fields(test.try)[0], func(t *testing.T) {
				if strings.HasPrefix(test.try, "dial tcp") && level == Reduced {
					t.Skip("the network is not isolated there")
				}
				got := started(t, level, strings.Fields(test.try)...).end()
				if !strings.Contains(got, test.want) {
					t.Errorf("%s: %s; want %s", test.try, got, test.want)
				}
			})
		}
	}
}

// unixListener is where somebody of the machine's listens, as a daemon does at
// /run/docker.sock.
func unixListener(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "socket")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return path
}

// What every program may do.
func TestAllowed(t *testing.T) {
	for _, level := range []Level{Strong, Reduced} {
		for try, want := range map[string]string{
			"files": "ok: all of it", "network": "ok: all of it", "attributes": "ok:", "open-attributes": "ok:",
			"itself": "ok:", "unnamed": "ok: whole", "streams": "ok: all of them", "interfaces": "ok: it has lo",
		} {
			t.Run(level.String()+"/"+try, func(t *testing.T) {
				if try == "network" && level == Reduced {
					t.Skip("it makes its socket in /w")
				}
				if try == "attributes" && level == Reduced {
					t.Skip("there it changes those of open files alone")
				}
				if got := started(t, level, try).end(); got != want {
					t.Errorf("%s; want %s", got, want)
				}
			})
		}
	}
}

func TestWhatTheProgramSees(t *testing.T) {
	got := started(t, Strong, "whoami").end()
	want := regexp.MustCompile(`^ok: args "/program" env \["TZ=UTC" "TMPDIR=/tmp"\] dir /w host localhost uid 65534 pid \d+ zone`)
	if !want.MatchString(got) {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := started(t, Strong, "others").end(); got != "ok: ." {
		t.Errorf("it finds in /proc: %s", got)
	}
}

// What there is in a program's root, down to two levels.
func TestRoot(t *testing.T) {
	p := started(t, Strong, "sleep")
	root := fmt.Sprintf("/proc/%d/root", p.cmd.Process.Pid)
	var got []string
	err := filepath.WalkDir(root+"/", func(name string, d os.DirEntry, err error) error {
		name = strings.TrimPrefix(name, root)
		if err == nil && name != "/" {
			got = append(got, name)
		}
		if err == nil && strings.Count(name, "/") == 2 && d.IsDir() {
			return filepath.SkipDir
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	want := []string{
		"/dev", "/dev/fd", "/dev/null", "/dev/stderr", "/dev/stdin", "/dev/stdout", "/dev/urandom",
		"/etc", "/etc/hosts", "/proc", "/proc/" + p.pid(), "/proc/self", "/proc/sys", "/program", "/tmp", "/usr", "/usr/share", "/w",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("in its root (-want +got):\n%s", diff)
	}
	if err := p.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	p.end()
}

// Programs of one zone leave each other alone, and what is first among them.
func TestNeighbours(t *testing.T) {
	neighbour := started(t, Strong, "sleep")
	for _, pid := range []string{neighbour.pid(), "1"} {
		if got := started(t, Strong, "kill", pid).end(); got != "refused: operation not permitted" {
			t.Errorf("kill %s: %s", pid, got)
		}
	}
	// What runs others lives elsewhere.
	if got := startedAs(t, Profile{runs, "bin"}, Strong, "kill", neighbour.pid()).end(); got == "ok:" {
		t.Errorf("kill %s by a program that runs others: %s", neighbour.pid(), got)
	}
	if err := neighbour.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	neighbour.end()
	if got := neighbour.cmd.ProcessState.String(); got != "signal: terminated" {
		t.Errorf("the neighbour: %s", got)
	}
}

func TestTheEnd(t *testing.T) {
	tests := []struct {
		try    string
		signal syscall.Signal
		want   string
	}{
		{"sleep", syscall.SIGTERM, "signal: terminated"},
		{"sleep", syscall.SIGINT, "signal: interrupt"},
		{"sleep", syscall.SIGHUP, "signal: hangup"},
		{"sleep", syscall.SIGKILL, "signal: killed"},
		{"panic", 0, "exit status 2"},
		{"nil", 0, "exit status 2"},
		{"abort", 0, "signal: killed"},
	}
	for _, level := range []Level{Strong, Reduced} {
		for _, test := range tests {
			t.Run(fmt.Sprintf("%v/%s/%v", level, test.try, test.signal), func(t *testing.T) {
				p := started(t, level, test.try)
				if test.signal != 0 {
					if err := p.cmd.Process.Signal(test.signal); err != nil {
						t.Fatal(err)
					}
				}
				out := p.end()
				if got := p.cmd.ProcessState.String(); got != test.want {
					t.Errorf("%s, having printed %q; want %s", got, out, test.want)
				}
			})
		}
	}
}

// A program is held to its limits, and dies of them alone.
func TestBounds(t *testing.T) {
	tests := []struct {
		level     Level
		try, want string
	}{
		{Strong, "memory", "out of memory"},
		{Reduced, "memory", "out of memory"},
		{Strong, "threads", "failed to create new OS thread"},
		{Strong, "fill /w/x", "no space left"},
		{Strong, "fill /tmp/x", "no space left"},
	}
	for _, test := range tests {
		t.Run(test.level.String()+"/"+test.try, func(t *testing.T) {
			got := started(t, test.level, strings.Fields(test.try)...).end()
			if !strings.Contains(got, test.want) {
				t.Errorf("%.300s; want %s", got, test.want)
			}
		})
	}
}

// The engine looks into a program's folder, and not where links in it lead.
func TestNoLinkIsFollowedFromOutside(t *testing.T) {
	p := started(t, Strong, "link", "/etc/hosts")
	if got := p.end(); !strings.HasPrefix(got, "ok: ") {
		t.Fatal("the program itself cannot follow a link to a file that it may read:", got)
	}
	if data, err := os.ReadFile(filepath.Join(p.dir, "link")); err == nil {
		t.Errorf("read %q through the program's link", data)
	}
}

// A tool sees what it works with, and may start programs, and no more.
func TestTool(t *testing.T) {
	attack := os.Getenv(zoneVariable)
	read, write, other := t.TempDir(), t.TempDir(), t.TempDir()
	for _, dir := range []string{read, other} {
		if err := os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct{ try, want string }{
		{"read " + read + "/file", "ok: 1 bytes"},
		{"write " + write + "/file", "ok:"},
		{"files", "ok: all of it"},
		{"command", "ok: it ran"},
		{"read " + other + "/file", "refused: open"},
		{"write " + read + "/file", "refused: open"},
		{"write " + attack, "refused: open"},
		{"read /etc/passwd", "refused: open"},
		{"exec-in-w", "refused: permission denied"},
		{"dial tcp " + os.Getenv(listenerVariable), "refused: dial tcp"},
		{"ptrace", "refused: operation not permitted"},
		{"unshare", "refused: operation not permitted"},
		{"mount", "refused: operation not permitted"},
		{"setuid", "refused: operation not permitted"},
		{"bpf", "refused: operation not permitted"},
		{"keyctl", "refused: operation not permitted"},
		{"capabilities", "ok: [0 0 0 0 0 0]"},
	}
	for _, level := range []Level{Strong, Reduced} {
		for _, test := range tests {
			t.Run(level.String()+"/"+strings.Fields(test.try)[0], func(t *testing.T) {
				if level == Strong && notStrong != "" {
					t.Skip("no namespaces here:", notStrong)
				}
				if strings.HasPrefix(test.try, "dial") && level == Reduced {
					t.Skip("the network is not isolated there")
				}
				if got := runTool(t, Tool(level, attack, write, []string{attack, read}, []string{write}, Limits{CPU: 60}), test.try); !strings.HasPrefix(got, test.want) {
					t.Errorf("%s: %s; want %s", test.try, got, test.want)
				}
			})
		}
	}
}

func runTool(t *testing.T, jail *Jail, try string) string {
	t.Helper()
	out := output(t)
	cmd := exec.Command(jail.Program, strings.Fields(try)...)
	cmd.Dir, cmd.Env = jail.Dir, []string{"TMPDIR=" + jail.Dir}
	cmd.Stdout, cmd.Stderr = out, out
	release, err := jail.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if err := release(); err != nil {
		t.Error(err)
	}
	return printed(t, out)
}

// A probe finds nothing in a jail as it should be, and a hole where one is.
func TestProbe(t *testing.T) {
	if notStrong != "" {
		t.Skip("no namespaces here:", notStrong)
	}
	attack := os.Getenv(zoneVariable)
	tests := []struct{ secret, want string }{
		{attack, ""},
		{"/etc/hosts", "a program can open a file of the machine's"}, // which the jail has
	}
	for _, test := range tests {
		err := probed(t, test.secret)
		if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.Contains(got, test.want) {
			t.Errorf("secret %s: %s; want %s", test.secret, got, test.want)
		}
	}
}

// A probe does not take its own listener for the machine's, though the kernel may give it
// the same port.
func TestProbeOnTheSamePort(t *testing.T) {
	if notStrong != "" {
		t.Skip("no namespaces here:", notStrong)
	}
	const ports = "/proc/sys/net/ipv4/ip_local_port_range" // of this zone's network
	usual, err := os.ReadFile(ports)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(os.Getenv(listenerVariable), ":")
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	// Of two ports the kernel gives the upper one to who listens, and the lower one to who connects.
	if err := os.WriteFile(ports, fmt.Appendf(nil, "%d %d", port-1, port), 0); err != nil {
		t.Skip("this zone cannot choose its ports:", err)
	}
	defer func() {
		if err := os.WriteFile(ports, usual, 0); err != nil {
			t.Error(err)
		}
	}()
	if err := probed(t, os.Getenv(zoneVariable)); err != nil {
		t.Error(err)
	}
}

// probed is what a probe says of the jail of a program.
func probed(t *testing.T, secret string) error {
	t.Helper()
	attack, dir := os.Getenv(zoneVariable), workDir(t, Strong)
	jail := Program(Strong, Profile{}, attack, dir, "")
	jail.Probe = &Probe{Secret: secret, Listener: os.Getenv(listenerVariable)}
	cmd := exec.Command("probe")
	release, err := jail.Start(cmd)
	if err != nil {
		return err
	}
	err = cmd.Wait()
	if released := release(); released != nil {
		t.Error(released)
	}
	return err
}
