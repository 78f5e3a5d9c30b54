package main

import (
	"errors"
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

const usage = `usage: nat router -port inside=LOCAL,REMOTE -port outside=LOCAL,REMOTE
                  -mac inside=MAC -mac outside=MAC -ip inside=CIDR -ip outside=CIDR -gateway IP
                  [-forward PROTO:PORT=IP:PORT ...] [-ports 1024-65535] [-age 60s] [-realtime]

-port     a port and the two ends of its cable, such as inside=127.0.0.1:7001,127.0.0.1:7002;
          at LOCAL, port 0 lets the system choose one
-mac      the Ethernet address of a port, such as inside=02-00-c0-a8-01-01
-ip       the router's address at a port and its network's prefix, such as inside=192.168.1.1/24
-gateway  the router outside to which all is sent that is not for the outside network
-forward  a port outside behind which a computer inside always stands: tcp:8080=192.168.1.2:80
-ports    the ports outside that the router gives away, the first and the last
`

// A config is what the command line says.
type config struct {
	ports           []*port // inside and outside, in the order of the command line
	inside, outside attachment
	rules           rules
	age             time.Duration
	realtime        bool
}

// An attachment is a port and the address that the router has there.
type attachment struct {
	port *port
	ip   netip.Prefix
}

// The rules are what the command line says of the translation.
type rules struct {
	gateway   netip.Addr
	forwards  []forward
	firstPort uint16 // of those that the router gives away
	lastPort  uint16
}

// A forward is a port outside behind which always stands the same end inside.
type forward struct {
	protocol uint8
	port     uint16
	to       netip.AddrPort
}

const (
	insideName  = "inside"
	outsideName = "outside"
)

// parseFlags reads the command line, and ends the program where it is wrong.
func parseFlags(args []string) config {
	c := config{}
	values := make(map[string]map[string]string) // flag, name: value
	flags := flag.NewFlagSet("router", flag.ExitOnError)
	flags.Usage = printUsage
	flags.Func("port", "a port and its cable", c.addPort)
	for _, name := range []string{"mac", "ip"} {
		values[name] = make(map[string]string)
		flags.Func(name, "of a port", func(text string) error { return addValue(values[name], text) })
	}
	flags.Func("gateway", "the router outside", c.setGateway)
	flags.Func("forward", "a port that is always open", c.addForward)
	c.rules.firstPort, c.rules.lastPort = 1024, 65535
	flags.Func("ports", "the ports to give away", c.setPorts)
	flags.DurationVar(&c.age, "age", 60*time.Second, "how long an entry of the ARP tables lives")
	flags.BoolVar(&c.realtime, "realtime", false, "let the clock follow the system's")
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	if err := c.complete(values["mac"], values["ip"]); err != nil {
		misused(err.Error())
	}
	return c
}

// parsePair reads NAME=VALUE, with one of the two names.
func parsePair(text string) (name, value string, err error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name != insideName && name != outsideName {
		return "", "", fmt.Errorf("%q names neither inside nor outside", text)
	}
	return name, value, nil
}

func addValue(values map[string]string, text string) error {
	name, value, err := parsePair(text)
	if err != nil {
		return err
	}
	if _, twice := values[name]; twice {
		return fmt.Errorf("%s is given twice", name)
	}
	values[name] = value
	return nil
}

// addPort reads NAME=LOCAL,REMOTE.
func (c *config) addPort(text string) error {
	name, value, err := parsePair(text)
	if err != nil {
		return err
	}
	if c.port(name) != nil {
		return fmt.Errorf("%s is given twice", name)
	}
	local, remote, ok := strings.Cut(value, ",")
	if !ok {
		return fmt.Errorf("%q: a cable is two addresses with a comma between them", value)
	}
	for _, addr := range []string{local, remote} {
		if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
			return fmt.Errorf("%q is not HOST:PORT", addr)
		}
	}
	c.ports = append(c.ports, &port{name: name, local: local, remoteEnd: remote})
	return nil
}

func (c *config) port(name string) *port {
	i := slices.IndexFunc(c.ports, func(p *port) bool { return p.name == name })
	if i < 0 {
		return nil
	}
	return c.ports[i]
}

func (c *config) setGateway(text string) (err error) {
	c.rules.gateway, err = parseIP(text)
	return err
}

func parseIP(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() {
		return netip.Addr{}, fmt.Errorf("%q is no IPv4 address", text)
	}
	return a, nil
}

// addForward reads PROTO:PORT=IP:PORT.
func (c *config) addForward(text string) error {
	outer, inner, ok := strings.Cut(text, "=")
	proto, port, hasPort := strings.Cut(outer, ":")
	ip, innerPort, hasInner := strings.Cut(inner, ":")
	protocol, known := map[string]uint8{"tcp": protocolTCP, "udp": protocolUDP}[proto]
	if !ok || !hasPort || !hasInner || !known {
		return fmt.Errorf("%q is not PROTO:PORT=IP:PORT, such as tcp:8080=192.168.1.2:80", text)
	}
	from, err := parsePort(port)
	if err != nil {
		return err
	}
	to, err := parsePort(innerPort)
	if err != nil {
		return err
	}
	addr, err := parseIP(ip)
	if err != nil {
		return err
	}
	f := forward{protocol, from, netip.AddrPortFrom(addr, to)}
	for _, other := range c.rules.forwards {
		if other.protocol == f.protocol && (other.port == f.port || other.to == f.to) {
			return fmt.Errorf("%q: one end is forwarded already", text)
		}
	}
	c.rules.forwards = append(c.rules.forwards, f)
	return nil
}

func parsePort(text string) (uint16, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no port: 1 to 65535", text)
	}
	return uint16(n), nil
}

// setPorts reads FIRST-LAST.
func (c *config) setPorts(text string) (err error) {
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		return fmt.Errorf("%q is not FIRST-LAST", text)
	}
	if c.rules.firstPort, err = parsePort(first); err != nil {
		return err
	}
	if c.rules.lastPort, err = parsePort(last); err != nil {
		return err
	}
	if c.rules.firstPort > c.rules.lastPort {
		return fmt.Errorf("%q: the first is above the last", text)
	}
	return nil
}

// complete puts together what can be looked at only when all flags are known.
func (c *config) complete(macs, ips map[string]string) (err error) {
	if c.age < 0 {
		return errors.New("-age cannot be negative")
	}
	if !c.rules.gateway.IsValid() {
		return errors.New("-gateway is missing")
	}
	if c.inside, err = c.attach(insideName, macs, ips); err != nil {
		return err
	}
	if c.outside, err = c.attach(outsideName, macs, ips); err != nil {
		return err
	}
	house := side{ip: c.inside.ip}
	for _, f := range c.rules.forwards {
		if !house.isStation(f.to.Addr()) || f.to.Addr() == house.addr() {
			return fmt.Errorf("-forward to %v: no computer of the house has this address", f.to)
		}
	}
	return nil
}

// attach is the port of that name, with its addresses.
func (c *config) attach(name string, macs, ips map[string]string) (attachment, error) {
	p := c.port(name)
	if p == nil {
		return attachment{}, fmt.Errorf("-port %s=LOCAL,REMOTE is missing", name)
	}
	var err error
	if p.mac, err = parseMAC(macs[name]); err != nil {
		return attachment{}, fmt.Errorf("-mac %s: %w", name, err)
	}
	ip, err := netip.ParsePrefix(ips[name])
	if err != nil || !ip.Addr().Is4() {
		return attachment{}, fmt.Errorf("-ip %s: %q is no address with a prefix, such as 192.168.1.1/24", name, ips[name])
	}
	return attachment{p, ip}, nil
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
