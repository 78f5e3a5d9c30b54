package main

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"wirebook/harness/kerneltest"
)

// TestTwoVLANs lets two Linux kernels speak to each other that are in two VLANs of the switch,
// through the router of its lesson: on a trunk, or with a port in each VLAN.
func TestTwoVLANs(t *testing.T) {
	kerneltest.BeHost()
	for _, c := range []struct {
		name           string
		switched       []string
		wires          []string // from ports of the switch to those of the router
		routed         []string
		interfaceNames [2]string
	}{
		{"a trunk", []string{"-trunk", "up=10,20"}, []string{"up"}, []string{"-mac", "up=02-00-0a-00-00-01"}, [2]string{"up.10", "up.20"}},
		{"access ports", []string{"-access", "x=10", "-access", "y=20"}, []string{"x", "y"},
			[]string{"-mac", "x=02-00-0a-00-00-01", "-mac", "y=02-00-0a-00-00-02"}, [2]string{"x", "y"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := kerneltest.NewCable(t), kerneltest.NewCable(t)
			switched := []string{"switch", "-realtime", "-access", "a=10", "-access", "b=20", "-port", "a=127.0.0.1:0," + a.LocalAddr().String(), "-port", "b=127.0.0.1:0," + b.LocalAddr().String()}
			routed := []string{"router", "-realtime", "-ip", c.interfaceNames[0] + "=192.168.10.254/24", "-ip", c.interfaceNames[1] + "=192.168.20.254/24"}
			var wires []*wire
			for _, name := range c.wires {
				w := newWire(t)
				wires = append(wires, w)
				switched = append(switched, "-port", name+"=127.0.0.1:0,"+w[0].LocalAddr().String())
				routed = append(routed, "-port", name+"=127.0.0.1:0,"+w[1].LocalAddr().String())
			}
			atSwitch := startDevice(t, build(t, "."), append(switched, c.switched...), 2+len(wires))
			atRouter := startDevice(t, build(t, "../router"), append(routed, c.routed...), len(wires))
			for i, name := range c.wires {
				wires[i].join(atSwitch[name], atRouter[name])
			}
			left := kerneltest.Start(t, a, atSwitch["a"], "addr add 192.168.10.1/24 dev "+kerneltest.Card, "route add default via 192.168.10.254")
			right := kerneltest.Start(t, b, atSwitch["b"], "addr add 192.168.20.1/24 dev "+kerneltest.Card, "route add default via 192.168.20.254")
			if _, err := exec.LookPath("ping"); err != nil {
				t.Skip(err)
			}
			for _, d := range []struct {
				from          *kerneltest.Host
				command, want string
			}{
				{left, "ping -n -c 3 -i 0.2 192.168.20.1", `(?s)from 192\.168\.20\.1: icmp_seq=1 ttl=63 .*3 received`},
				{right, "ping -n -c 1 -s 1472 -M do 192.168.10.1", `1480 bytes from 192\.168\.10\.1: icmp_seq=1 ttl=63 `},
				{left, "ping -n -c 1 192.168.20.254", `from 192\.168\.20\.254: `},
				{right, "ip route add 192.168.10.0/24 dev " + kerneltest.Card + " && ! ping -n -c 1 -W 5 192.168.10.1", `Destination Host Unreachable`}, // no frame passes from VLAN to VLAN
			} {
				if out, ok := d.from.Do(t, d.command); !ok || !regexp.MustCompile(d.want).MatchString(out) {
					t.Errorf("%s: ended well: %t, and printed\n%s\nwant %q", d.command, ok, out, d.want)
				}
			}
		})
	}
}

// A wire is what lies between two devices: a socket that is the far end of each one's cable.
type wire [2]*net.UDPConn

func newWire(t *testing.T) *wire {
	w := &wire{kerneltest.NewCable(t), kerneltest.NewCable(t)}
	t.Cleanup(func() {
		w[0].Close()
		w[1].Close()
	})
	return w
}

// join passes on what comes from the devices at these addresses, until the test's end.
func (w *wire) join(devices ...*net.UDPAddr) {
	pass := func(from, to int) {
		buf := make([]byte, 1<<16)
		for {
			n, err := w[from].Read(buf)
			if err != nil {
				return
			}
			w[to].WriteToUDP(buf[:n], devices[to])
		}
	}
	go pass(0, 1)
	go pass(1, 0)
}

// startDevice starts a program, and returns where its ports are.
func startDevice(t *testing.T, program string, args []string, ports int) map[string]*net.UDPAddr {
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
			t.Errorf("%s ended with %v", args[0], err)
		}
	})
	at := make(map[string]*net.UDPAddr)
	screen := bufio.NewReader(stdout)
	for range ports {
		line, err := screen.ReadString('\n')
		if err != nil {
			t.Fatalf("the screen of the %s: %v", args[0], err)
		}
		words := strings.Fields(line) // listening on NAME HOST:PORT
		if len(words) != 4 {
			t.Fatalf("the %s printed %q", args[0], line)
		}
		if at[words[2]], err = net.ResolveUDPAddr("udp", words[3]); err != nil {
			t.Fatal(err)
		}
	}
	return at
}
