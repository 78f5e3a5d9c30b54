package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"
)

// This file is given: the command line.

const usage = `usage: dhcp server -ip CIDR -mac MAC -cable LOCAL,REMOTE -pool FIRST-LAST
                   [-router IP] [-dns IP] [-lease 1h] [-realtime]
       dhcp client -mac MAC -cable LOCAL,REMOTE [-realtime]

-ip      the server's address and its subnet's prefix, such as 10.0.0.1/24
-mac     the Ethernet address of the card, such as 02-00-0a-00-00-01
-cable   the two ends of the cable, HOST:PORT; at LOCAL, port 0 lets the system choose one
-pool    the addresses that are lent, such as 10.0.0.100-10.0.0.199
-router  the gateway that clients are told
-dns     the name server that clients are told
-lease   for how long an address is lent: whole seconds, 1s to 4294967294s
`

// A serverConfig is what a server is told on the command line.
type serverConfig struct {
	ip          netip.Prefix // its address and the subnet
	first, last netip.Addr   // of the pool
	router, dns netip.Addr   // not valid: not given
	lease       time.Duration
}

// A cable is what the flags say of the card.
type cable struct {
	mac           mac
	local, remote string
	realtime      bool
}

// plugIn binds the card's end of the cable.
func (c cable) plugIn() (*card, error) { return plugIn(c.mac, c.local, c.remote) }

// parseServerFlags reads the command line of a server, and ends the program
// where it is wrong.
func parseServerFlags(args []string) (serverConfig, cable) {
	var c serverConfig
	flags := flag.NewFlagSet("server", flag.ExitOnError)
	ip := flags.String("ip", "", "the server's address and prefix")
	pool := flags.String("pool", "", "the addresses that are lent")
	router := flags.String("router", "", "the gateway that clients are told")
	dns := flags.String("dns", "", "the name server that clients are told")
	flags.DurationVar(&c.lease, "lease", time.Hour, "for how long an address is lent")
	plug := parseCableFlags(flags, args)

	var err error
	if c.ip, err = netip.ParsePrefix(*ip); err != nil || !c.ip.Addr().Is4() {
		misused("the server needs -ip CIDR, such as 10.0.0.1/24")
	}
	if err := c.setPool(*pool); err != nil {
		misused("the server needs -pool FIRST-LAST: " + err.Error())
	}
	if c.router, err = parseIP(*router); err != nil {
		misused("-router: " + err.Error())
	}
	if c.dns, err = parseIP(*dns); err != nil {
		misused("-dns: " + err.Error())
	}
	if c.lease < time.Second || c.lease%time.Second != 0 || c.lease/time.Second >= math.MaxUint32 {
		misused(fmt.Sprintf("-lease %v: a lease is whole seconds, 1s to 4294967294s", c.lease))
	}
	return c, plug
}

// parseClientFlags reads the command line of a client, and ends the program
// where it is wrong.
func parseClientFlags(args []string) cable {
	return parseCableFlags(flag.NewFlagSet("client", flag.ExitOnError), args)
}

// parseCableFlags reads the flags that both roles have, together with those that
// flags has already.
func parseCableFlags(flags *flag.FlagSet, args []string) cable {
	var c cable
	macText := flags.String("mac", "", "the card's Ethernet address")
	ends := flags.String("cable", "", "the two ends of the cable")
	flags.BoolVar(&c.realtime, "realtime", false, "let the clock follow the system's")
	flags.Usage = printUsage
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	var err error
	if c.mac, err = parseMAC(*macText); err != nil {
		misused("the " + flags.Name() + " needs -mac MAC, such as 02-00-0a-00-00-01")
	}
	if c.local, c.remote, err = splitCable(*ends); err != nil {
		misused("the " + flags.Name() + " needs -cable LOCAL,REMOTE: " + err.Error())
	}
	return c
}

// setPool reads FIRST-LAST.
func (c *serverConfig) setPool(text string) error {
	first, last, ok := strings.Cut(text, "-")
	if !ok {
		return errors.New("two addresses with a - between them")
	}
	var err error
	if c.first, err = netip.ParseAddr(first); err != nil || !c.first.Is4() {
		return fmt.Errorf("%q is no IPv4 address", first)
	}
	if c.last, err = netip.ParseAddr(last); err != nil || !c.last.Is4() {
		return fmt.Errorf("%q is no IPv4 address", last)
	}
	switch {
	case c.last.Less(c.first):
		return fmt.Errorf("%v is above %v", c.first, c.last)
	case !c.ip.Contains(c.first) || !c.ip.Contains(c.last):
		return fmt.Errorf("%v to %v are not all in %v", c.first, c.last, c.ip.Masked())
	}
	return nil
}

// parseIP reads an address that need not be given.
func parseIP(text string) (netip.Addr, error) {
	if text == "" {
		return netip.Addr{}, nil
	}
	ip, err := netip.ParseAddr(text)
	if err != nil || !ip.Is4() {
		return ip, fmt.Errorf("%q is no IPv4 address", text)
	}
	return ip, nil
}

// splitCable reads LOCAL,REMOTE.
func splitCable(text string) (local, remote string, err error) {
	local, remote, ok := strings.Cut(text, ",")
	if !ok {
		return "", "", errors.New("two addresses with a comma between them")
	}
	for _, addr := range []string{local, remote} {
		if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
			return "", "", fmt.Errorf("%q is not HOST:PORT", addr)
		}
	}
	return local, remote, nil
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
