package main

import (
	"fmt"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"wirebook/harness/devicetest"
	"wirebook/harness/kerneltest"
)

// TestKernels lets two Linux kernels speak to each other through the router: the hosts at its
// cables.
func TestKernels(t *testing.T) {
	kerneltest.BeHost()
	a, b := kerneltest.NewCable(t), kerneltest.NewCable(t)
	r := devicetest.Start(t, devicetest.Build(t, "."), devicetest.Options{Ports: []string{"eth0", "eth1"}, Ends: []*net.UDPConn{a, b}},
		"router", "-realtime", "-mac", "eth0=02-00-0a-01-00-01", "-ip", "eth0=10.1.0.1/16",
		"-mac", "eth1=02-00-0a-02-00-01", "-ip", "eth1=10.2.0.1/16")
	left := kerneltest.Start(t, a, r.Addr(0), "addr add 10.1.0.9/16 dev "+kerneltest.Card, "route add default via 10.1.0.1")
	right := kerneltest.Start(t, b, r.Addr(1), "addr add 10.2.0.9/16 dev "+kerneltest.Card, "route add default via 10.2.0.1")

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
			out, ok := left.Do(t, c.command)
			if ok == c.fails || !regexp.MustCompile(c.want).MatchString(out) {
				t.Errorf("%s: ended well: %t, and printed\n%s\nwant %q", c.command, ok, out, c.want)
			}
		})
	}
	t.Run("TCP, 200 kB each way", func(t *testing.T) {
		if _, err := exec.LookPath("python3"); err != nil {
			t.Skip(err)
		}
		if out, ok := right.Do(t, python(tcpServer)); !ok {
			t.Fatal(out)
		}
		if out, ok := left.Do(t, python(tcpClient)); !ok || strings.TrimSpace(out) != "the same 200000 bytes" {
			t.Errorf("the client printed %s", out)
		}
	})
	t.Run("the kernel asks anew", func(t *testing.T) {
		if out, ok := left.Do(t, "ip neigh flush all && ping -n -c 1 10.2.0.9 && ip neigh"); !ok || !strings.Contains(out, "10.1.0.1 dev wire0 lladdr 02:00:0a:01:00:01") {
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
