//lint:file-ignore U1000 what you write uses what is here

package main

import (
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// This file is given: the command line.

const usage = `usage: router router -port NAME=LOCAL,REMOTE ... -mac NAME=MAC ... -ip NAME[.VID]=CIDR ...
                     [-route CIDR=GATEWAY ...] [-age 60s] [-realtime]

-port   a port and the two ends of its cable, such as eth0=127.0.0.1:7001,127.0.0.1:7002;
        at LOCAL, port 0 lets the system choose one
-mac    the Ethernet address of a port, such as eth0=02-00-0a-01-00-01
-ip     an interface: the address that the router has at a port, and its network's
        prefix, such as eth0=10.1.0.1/16; eth0.10 is for frames with the VLAN tag 10
-route  a network that lies behind another router, such as 0.0.0.0/0=10.2.0.2
`

// A config is what the command line says.
type config struct {
	ports      []*port
	interfaces []*iface
	routes     []staticRoute
	age        time.Duration
	realtime   bool
}

// An iface is an interface: a port, or one VLAN of a port, at which the router
// has an address.
type iface struct {
	port *port
	vid  uint16       // of the frames' tag; 0: they have none
	ip   netip.Prefix // the router's address there, and the network's prefix
}

// name is the interface's name, such as eth0 or eth0.10.
func (i *iface) name() string {
	if i.vid == 0 {
		return i.port.name
	}
	return fmt.Sprintf("%s.%d", i.port.name, i.vid)
}

// send sends what has this type to a MAC, by the interface's port and with its
// tag. The port's MAC goes in as the source.
func (i *iface) send(to mac, kind uint16, payload []byte) {
	i.port.send(frame{dst: to, src: i.port.mac, vid: i.vid, kind: kind, payload: payload})
}

// A staticRoute is a network and the neighbour that knows the way to it.
type staticRoute struct {
	network netip.Prefix
	gateway netip.Addr
}

// parseFlags reads the command line, and ends the program where it is wrong.
func parseFlags(args []string) config {
	c := config{}
	var macs, ips []pair // looked at when all ports are known: flags stand in any order
	flags := flag.NewFlagSet("router", flag.ExitOnError)
	flags.Usage = printUsage
	flags.Func("port", "a port and its cable", c.addPort)
	flags.Func("mac", "a port's Ethernet address", collect(&macs))
	flags.Func("ip", "an interface's address and prefix", collect(&ips))
	flags.Func("route", "a network and its gateway", c.addRoute)
	flags.DurationVar(&c.age, "age", 60*time.Second, "how long an entry of the tables lives")
	flags.BoolVar(&c.realtime, "realtime", false, "let the clock follow the system's")
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	if c.age < 0 {
		misused("-age cannot be negative")
	}
	for _, m := range macs {
		if err := c.setMAC(m); err != nil {
			misused(err.Error())
		}
	}
	for _, ip := range ips {
		if err := c.addInterface(ip); err != nil {
			misused(err.Error())
		}
	}
	if err := c.check(); err != nil {
		misused(err.Error())
	}
	return c
}

// A pair is NAME=VALUE.
type pair struct{ name, value string }

func (p pair) String() string { return p.name + "=" + p.value }

func parsePair(text string) (pair, error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return pair{}, fmt.Errorf("%q has no =", text)
	}
	return pair{name, value}, nil
}

func collect(list *[]pair) func(string) error {
	return func(text string) error {
		p, err := parsePair(text)
		*list = append(*list, p)
		return err
	}
}

func (c *config) port(name string) *port {
	i := slices.IndexFunc(c.ports, func(p *port) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return c.ports[i]
}

// addPort reads NAME=LOCAL,REMOTE.
func (c *config) addPort(text string) error {
	p, err := parsePair(text)
	if err != nil {
		return err
	}
	if !isName(p.name) {
		return fmt.Errorf("%q is no name: letters, digits, - and _", p.name)
	}
	if c.port(p.name) != nil {
		return fmt.Errorf("a second port %s", p.name)
	}
	local, remote, ok := strings.Cut(p.value, ",")
	if !ok {
		return fmt.Errorf("%q: a cable is two addresses with a comma between them", p.value)
	}
	for _, addr := range []string{local, remote} {
		if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
			return fmt.Errorf("%q is not HOST:PORT", addr)
		}
	}
	c.ports = append(c.ports, &port{name: p.name, local: local, remoteEnd: remote})
	return nil
}

func isName(text string) bool {
	return text != "" && strings.Trim(text, "-_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// setMAC reads NAME=MAC.
func (c *config) setMAC(p pair) error {
	port := c.port(p.name)
	if port == nil {
		return fmt.Errorf("-mac %v: there is no port %q", p, p.name)
	}
	m, err := parseMAC(p.value)
	if err != nil {
		return fmt.Errorf("-mac %v: %w", p, err)
	}
	port.mac, port.hasMAC = m, true
	return nil
}

// addInterface reads NAME[.VID]=CIDR.
func (c *config) addInterface(p pair) error {
	name, vidText, tagged := strings.Cut(p.name, ".")
	port := c.port(name)
	if port == nil {
		return fmt.Errorf("-ip %v: there is no port %q", p, name)
	}
	i := &iface{port: port}
	if tagged {
		vid, err := strconv.ParseUint(vidText, 10, 16)
		if err != nil || vid < 1 || vid > 4094 {
			return fmt.Errorf("-ip %v: %q is no VLAN: 1 to 4094", p, vidText)
		}
		i.vid = uint16(vid)
	}
	var err error
	if i.ip, err = parseCIDR(p.value); err != nil {
		return fmt.Errorf("-ip %v: %w", p, err)
	}
	if slices.ContainsFunc(c.interfaces, func(o *iface) bool { return o.port == port && o.vid == i.vid }) {
		return fmt.Errorf("-ip %v: %s has an address already", p, i.name())
	}
	c.interfaces = append(c.interfaces, i)
	return nil
}

// addRoute reads CIDR=GATEWAY.
func (c *config) addRoute(text string) error {
	p, err := parsePair(text)
	if err != nil {
		return err
	}
	network, err := parseCIDR(p.name)
	if err != nil {
		return err
	}
	gateway, err := netip.ParseAddr(p.value)
	if err != nil || !gateway.Is4() {
		return fmt.Errorf("%q is no IPv4 address", p.value)
	}
	c.routes = append(c.routes, staticRoute{network.Masked(), gateway})
	return nil
}

func parseCIDR(text string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		return netip.Prefix{}, fmt.Errorf("%q is no address with a prefix, such as 10.1.0.1/16", text)
	}
	return p, nil
}

// check looks at what can be said only when all flags are known.
func (c *config) check() error {
	if len(c.interfaces) == 0 {
		return fmt.Errorf("the router needs -ip NAME=CIDR, such as eth0=10.1.0.1/16")
	}
	for _, p := range c.ports {
		if !p.hasMAC {
			return fmt.Errorf("the port %s needs -mac %s=MAC, such as %s=02-00-0a-01-00-01", p.name, p.name, p.name)
		}
	}
	for _, s := range c.routes {
		near := func(i *iface) bool { return i.ip.Contains(s.gateway) }
		if !slices.ContainsFunc(c.interfaces, near) {
			return fmt.Errorf("-route %v=%v: the gateway is in none of the router's own networks", s.network, s.gateway)
		}
	}
	return nil
}

// misused says what is wrong with the command line and ends the program.
func misused(problem string) {
	fmt.Fprintf(os.Stderr, "%s\n\n", problem)
	printUsage()
	os.Exit(2)
}

func printUsage() {
	fmt.Fprint(os.Stderr, usage)
}
