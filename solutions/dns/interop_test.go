package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The model program talks to programs that none of us wrote: dig asks it, dnsmasq stands
// behind -server, unbound in front of it, and nsd behind -at.

// dig prints with +short the data of the records, a line each.
func TestDigAsksResolver(t *testing.T) {
	dig := find(t, "dig")
	program := build(t)
	hosts := filepath.Join(t.TempDir(), "hosts")
	writeFile(t, hosts, "10.0.0.9 printer.home printer # on the desk\r\n10.0.0.10 printer.home\r\nfd00::9 printer.home\r\n")
	r := start(t, program, "resolver", "-listen", "127.0.0.1:0", "-hosts", hosts, "-server", "127.0.0.1:9")
	ask := digger(t, dig, r.listening())

	ask("10.0.0.10\n10.0.0.9\n", "printer.home", "A")
	ask("fd00::9\n", "PRINTER.home", "AAAA")
	ask("10.0.0.9\n", "printer", "A", "+noedns")
	ask("10.0.0.9\n", "printer", "A", "+tcp")
	ask("10.0.0.9\n", "printer", "A", "+bufsize=4096", "+cookie", "+dnssec", "+cd", "+ad")
	if out := run(t, dig, "-p", port(r.addr), "@127.0.0.1", "printer.home", "A"); !strings.Contains(out, "status: NOERROR") ||
		!strings.Contains(out, "flags: qr rd ra;") || strings.Contains(out, "WARNING") {
		t.Errorf("dig is not content:\n%s", out)
	}
	if out := run(t, dig, "-p", port(r.addr), "@127.0.0.1", "printer.home", "+opcode=status"); !strings.Contains(out, "status: NOTIMP") {
		t.Errorf("dig +opcode=status:\n%s", out)
	}
}

func TestDnsmasqBehindResolver(t *testing.T) {
	dig, dnsmasq := find(t, "dig"), find(t, "dnsmasq")
	program := build(t)
	at := freePort(t)
	args := []string{"--no-daemon", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--listen-address=127.0.0.1", "--bind-interfaces", "--port=" + port(at),
		"--host-record=web.example.test,203.0.113.80,2001:db8::80", "--cname=www.example.test,web.example.test", "--mx-host=example.test,mail.example.test,10",
		"--local=/example.test/", "--ptr-record=80.113.0.203.in-addr.arpa,web.example.test"}
	for i := range 40 {
		args = append(args, fmt.Sprintf("--txt-record=long.example.test,text %d of forty", i))
	}
	start(t, dnsmasq, args...)
	ready(t, dig, at, "web.example.test")
	r := start(t, program, "resolver", "-listen", "127.0.0.1:0", "-server", at)
	ask := digger(t, dig, r.listening())

	ask("203.0.113.80\n", "web.example.test", "A")
	ask("2001:db8::80\n", "web.example.test", "AAAA")
	ask("web.example.test.\n203.0.113.80\n", "www.example.test", "A")
	ask("10 mail.example.test.\n", "example.test", "MX")
	ask("web.example.test.\n", "80.113.0.203.in-addr.arpa", "PTR")
	// Over 512 bytes: dnsmasq says TC to us, and we to dig, which then asks by TCP.
	if n := strings.Count(run(t, dig, "-p", port(r.addr), "@127.0.0.1", "+short", "+noedns", "long.example.test", "TXT"), "of forty"); n != 40 {
		t.Errorf("%d texts came, want 40", n)
	}
	status(t, dig, r.addr, "NXDOMAIN", "gone.example.test")
	status(t, dig, r.addr, "NOERROR", "web.example.test", "MX")

	out, err := exec.Command(program, "lookup", r.addr, "www.example.test").CombinedOutput()
	if want := "203.0.113.80\n"; err != nil || !strings.HasSuffix(string(out), want) {
		t.Errorf("lookup printed %q, %v", out, err)
	}
	if out, err := exec.Command(program, "lookup", at, "gone.example.test").CombinedOutput(); err == nil || !strings.HasSuffix(string(out), "NXDOMAIN\n") {
		t.Errorf("lookup printed %q, %v", out, err)
	}
}

func TestUnboundInFrontOfResolver(t *testing.T) {
	dig, dnsmasq, unbound := find(t, "dig"), find(t, "dnsmasq"), find(t, "unbound")
	program := build(t)
	masq := freePort(t)
	args := []string{"--no-daemon", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--listen-address=127.0.0.1", "--bind-interfaces", "--port=" + port(masq),
		"--host-record=web.example.test,203.0.113.80", "--cname=www.example.test,web.example.test", "--local=/test/"}
	for i := range 40 {
		args = append(args, fmt.Sprintf("--txt-record=long.example.test,text %d of forty", i))
	}
	start(t, dnsmasq, args...)
	ready(t, dig, masq, "web.example.test")
	r := start(t, program, "resolver", "-listen", "127.0.0.1:0", "-server", masq)
	behind := r.listening()

	front, dir := freePort(t), t.TempDir()
	config := filepath.Join(dir, "unbound.conf")
	writeFile(t, config, fmt.Sprintf(`server:
  interface: 127.0.0.1@%s
  do-not-query-localhost: no
  module-config: "iterator"
  local-zone: "test." nodefault
  use-caps-for-id: yes
  username: ""
  chroot: ""
  directory: "%s"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  verbosity: 0
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@%s
remote-control:
  control-enable: no
`, port(front), dir, port(behind)))
	start(t, unbound, "-d", "-c", config)
	ready(t, dig, front, "web.example.test")
	ask := digger(t, dig, front)
	ask("web.example.test.\n203.0.113.80\n", "www.example.test", "A")
	if n := strings.Count(run(t, dig, "-p", port(front), "@127.0.0.1", "+short", "long.example.test", "TXT"), "of forty"); n != 40 {
		t.Errorf("%d texts came, want 40", n)
	}
	status(t, dig, front, "NXDOMAIN", "gone.example.test")
	status(t, dig, front, "NOERROR", "web.example.test", "MX")
}

// Three nsd speak for the root, for test and for example.test.
func TestResolverWalksThroughNSD(t *testing.T) {
	dig, nsd := find(t, "dig"), find(t, "nsd")
	program := build(t)
	const soa = "@ 600 IN SOA ns.nic.test. host.nic.test. 1 3600 600 86400 60\n"
	root := startNSD(t, nsd, ".", soa+`@ 86400 IN NS a.root.test.
a.root.test. 86400 IN A 198.41.0.4
test. 86400 IN NS ns.nic.test.
ns.nic.test. 86400 IN A 192.0.2.1
org. 86400 IN NS ns.nic.test.
`)
	test := startNSD(t, nsd, "test", soa+`@ 86400 IN NS ns.nic.test.
ns.nic 86400 IN A 192.0.2.1
a.root 86400 IN A 198.41.0.4
example 3600 IN NS ns.example
ns.example 3600 IN A 192.0.2.2
short 300 IN CNAME www.example.test.
far 300 IN CNAME www.elsewhere.org.
`)
	zone := soa + `@ 3600 IN NS ns
ns 3600 IN A 192.0.2.2
www 300 IN CNAME web
web 300 IN A 203.0.113.80
@ 300 IN MX 10 mail
mail 300 IN A 203.0.113.25
_odd\.label 300 IN TXT "a \"quoted\" text"
`
	for i := range 40 {
		zone += fmt.Sprintf("long 300 IN TXT \"text %d of forty\"\n", i)
	}
	example := startNSD(t, nsd, "example.test", zone)
	for at, name := range map[string]string{root: "a.root.test", test: "ns.nic.test", example: "web.example.test"} {
		ready(t, dig, at, name)
	}
	r := start(t, program, "resolver", "-listen", "127.0.0.1:0", "-root", "198.41.0.4", "-at", "198.41.0.4="+root, "-at", "192.0.2.1="+test, "-at", "192.0.2.2="+example)
	ask := digger(t, dig, r.listening())

	ask("web.example.test.\n203.0.113.80\n", "www.example.test", "A")
	// nsd tells the alias, and beside it who speaks for the zone that it leads to.
	ask("www.example.test.\nweb.example.test.\n203.0.113.80\n", "short.test", "A")
	ask("10 mail.example.test.\n", "example.test", "MX")
	ask(`"a \"quoted\" text"`+"\n", `_odd\.label.example.test`, "TXT")
	ask("192.0.2.1\n", "ns.nic.test", "A")
	if n := strings.Count(run(t, dig, "-p", port(r.addr), "@127.0.0.1", "+short", "long.example.test", "TXT"), "of forty"); n != 40 {
		t.Errorf("%d texts came, want 40", n)
	}
	status(t, dig, r.addr, "NXDOMAIN", "gone.example.test")
	status(t, dig, r.addr, "NXDOMAIN", "gone")
	status(t, dig, r.addr, "NOERROR", "web.example.test", "AAAA")
	// The server for org does not know org: it refuses.
	status(t, dig, r.addr, "SERVFAIL", "far.test")
}

// startNSD starts a server for one zone and returns where it listens.
func startNSD(t *testing.T, nsd, zone, text string) string {
	t.Helper()
	at, dir := freePort(t), t.TempDir()
	writeFile(t, filepath.Join(dir, "zone"), "$ORIGIN "+strings.TrimSuffix(zone, ".")+".\n"+text)
	config := filepath.Join(dir, "nsd.conf")
	writeFile(t, config, fmt.Sprintf(`server:
  ip-address: 127.0.0.1@%s
  zonesdir: "%s"
  username: ""
  chroot: ""
  pidfile: ""
  database: ""
  zonelistfile: "%s/list"
  xfrdfile: "%s/xfrd"
  xfrdir: "%s"
  server-count: 1
remote-control:
  control-enable: no
zone:
  name: "%s"
  zonefile: "zone"
`, port(at), dir, dir, dir, dir, zone))
	start(t, nsd, "-d", "-c", config)
	return at
}

// find skips the test where a program is missing.
func find(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		t.Skipf("not tried against %s: %v", name, err)
	}
	return path
}

// freePort returns an address of this machine that is free for UDP and TCP.
func freePort(t *testing.T) string {
	t.Helper()
	udp, tcp, err := bind(netip.MustParseAddrPort("127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	defer tcp.Close()
	return udp.LocalAddr().String()
}

func port(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

// ready waits until a server answers.
func ready(t *testing.T, dig, addr, name string) {
	t.Helper()
	var out []byte
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		out, _ = exec.Command(dig, "-p", port(addr), "@127.0.0.1", "+tries=1", "+timeout=1", name).CombinedOutput()
		if strings.Contains(string(out), "status: NOERROR") {
			return
		}
	}
	t.Fatalf("the server at %s does not answer:\n%s", addr, out)
}

// digger returns what asks with dig, and compares the data that comes. Those of a set may
// come in any order; those behind an alias may not.
func digger(t *testing.T, dig, addr string) func(want string, args ...string) {
	return func(want string, args ...string) {
		t.Helper()
		got := run(t, dig, append([]string{"-p", port(addr), "@127.0.0.1", "+short"}, args...)...)
		if got != want && sorted(got) != sorted(want) {
			t.Errorf("dig %v: %q, want %q", args, got, want)
		}
	}
}

func sorted(lines string) string {
	if strings.Contains(lines, "test.\n") {
		return lines
	}
	all := strings.Split(lines, "\n")
	if len(all) == 3 && all[0] > all[1] {
		all[0], all[1] = all[1], all[0]
	}
	return strings.Join(all, "\n")
}

func status(t *testing.T, dig, addr, want string, args ...string) {
	t.Helper()
	out := run(t, dig, append([]string{"-p", port(addr), "@127.0.0.1"}, args...)...)
	if !strings.Contains(out, "status: "+want+",") {
		t.Errorf("dig %v: want %s\n%s", args, want, out)
	}
}

func run(t *testing.T, path string, args ...string) string {
	t.Helper()
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %v: %v\n%s", path, args, err, out)
	}
	return string(out)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// build builds the program of this folder.
func build(t testing.TB) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "dns")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// A peer is a program that runs, and is killed when the test is over.
type peer struct {
	t      testing.TB
	stdin  io.Writer
	stdout *bufio.Reader
	addr   string
	pid    int
}

func start(t testing.TB, path string, args ...string) *peer {
	t.Helper()
	return startCmd(t, exec.Command(path, args...))
}

func startCmd(t testing.TB, cmd *exec.Cmd) *peer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	timed := exec.CommandContext(ctx, cmd.Path, cmd.Args[1:]...)
	timed.Env = cmd.Env
	stdin, err := timed.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := timed.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := timed.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = timed.Wait() // an error: it was killed
	})
	return &peer{t: t, stdin: stdin, stdout: bufio.NewReader(stdout), pid: timed.Process.Pid}
}

// listening reads the listening line, and returns the address.
func (s *peer) listening() string {
	s.t.Helper()
	line, err := s.stdout.ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		s.t.Fatalf("it printed %q, %v", line, err)
	}
	s.addr = addr
	return addr
}
