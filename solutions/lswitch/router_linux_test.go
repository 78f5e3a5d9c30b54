package main

import (
	"net"
	"os/exec"
	"regexp"
	"testing"

	"wirebook/harness/devicetest"
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
			ofSwitch := devicetest.Options{Ports: append([]string{"a", "b"}, c.wires...), Ends: []*net.UDPConn{a, b}}
			ofRouter := devicetest.Options{Ports: c.wires}
			var wires []*wire
			for range c.wires {
				w := newWire(t)
				wires = append(wires, w)
				ofSwitch.Ends = append(ofSwitch.Ends, w[0])
				ofRouter.Ends = append(ofRouter.Ends, w[1])
			}
			vlanSwitch := devicetest.Start(t, devicetest.Build(t, "."), ofSwitch, append([]string{"switch", "-realtime", "-access", "a=10", "-access", "b=20"}, c.switched...)...)
			router := devicetest.Start(t, devicetest.Build(t, "../router"), ofRouter, append([]string{"router", "-realtime",
				"-ip", c.interfaceNames[0] + "=192.168.10.254/24", "-ip", c.interfaceNames[1] + "=192.168.20.254/24"}, c.routed...)...)
			for i, w := range wires {
				w.join(vlanSwitch.Addr(2+i), router.Addr(i))
			}
			left := kerneltest.Start(t, a, vlanSwitch.Addr(0), "addr add 192.168.10.1/24 dev "+kerneltest.Card, "route add default via 192.168.10.254")
			right := kerneltest.Start(t, b, vlanSwitch.Addr(1), "addr add 192.168.20.1/24 dev "+kerneltest.Card, "route add default via 192.168.20.254")
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
