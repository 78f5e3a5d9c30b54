// Command dns finds out what a name stands for.
//
//	dns lookup ADDR NAME [TYPE]                                  asks a name server
//	dns resolver -listen ADDR [-hosts FILE] -server ADDR ...     answers others, and asks a name server for the rest
//	dns resolver -listen ADDR [-hosts FILE] -root IP ...         answers others, and walks down from the root
//
// This file is given, and so are clock.go (the time), message.go (what is in a
// message), text.go (how it is printed) and tcp.go (a question by TCP). You write
// name.go, ask.go and resolver.go, and what files you want beside them.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: dns lookup ADDR NAME [TYPE]
       dns resolver -listen ADDR [-hosts FILE] -server ADDR [-server ADDR ...] [-realtime]
       dns resolver -listen ADDR [-hosts FILE] -root IP [-root IP ...] [-at IP=ADDR ...] [-realtime]

ADDR is IP:PORT; a resolver at port 0 lets the system choose one. TYPE is A (if
there is none), NS, CNAME, SOA, PTR, MX, TXT, AAAA or TYPEn.
`

func main() {
	if len(os.Args) < 2 {
		misused("a role is missing: lookup or resolver")
	}
	role, args := os.Args[1], os.Args[2:]
	var err error
	switch role {
	case "lookup":
		err = runLookup(args)
	case "resolver":
		err = runResolver(args)
	default:
		misused(fmt.Sprintf("%q is not a role", role))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runLookup reads the arguments, asks, and prints the answer.
func runLookup(args []string) error {
	flags := newFlags("lookup")
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if flags.NArg() != 2 && flags.NArg() != 3 {
		misused("lookup needs a name server's ADDR and a NAME")
	}
	q := question{typ: typeA, class: classIN}
	var err error
	if q.name, err = parseName(flags.Arg(1)); err != nil {
		misused(err.Error())
	}
	if flags.NArg() == 3 {
		if q.typ, err = parseType(flags.Arg(2)); err != nil {
			misused(err.Error())
		}
	}
	server, err := parseAddr(flags.Arg(0))
	if err != nil {
		return err
	}
	m, err := lookup(newClock(true), server, q)
	if err != nil {
		return err
	}
	return printAnswer(os.Stdout, m, q.typ)
}

// A config is what a resolver is told at its start.
type config struct {
	hosts   string           // the hosts file's name; "" for none
	servers []netip.AddrPort // of -server
	roots   []netip.Addr     // of -root
	// at tells where an IP address is really reached; if it is empty, each is
	// reached at port 53.
	at map[netip.Addr]netip.AddrPort
}

// runResolver reads the flags, binds the address and serves, until q or a signal.
func runResolver(args []string) error {
	c := config{at: make(map[netip.Addr]netip.AddrPort)}
	var bad error // the address that is none: a mistake, and not one of usage
	flags := newFlags("resolver")
	listen := flags.String("listen", "", "the address to listen on")
	flags.StringVar(&c.hosts, "hosts", "", "the hosts file")
	realtime := flags.Bool("realtime", false, "let the clock follow the system's")
	flags.Func("server", "a name server to ask", func(text string) error {
		addr, err := parseAddr(text)
		c.servers, bad = append(c.servers, addr), errors.Join(bad, err)
		return nil
	})
	flags.Func("root", "a server of the root", func(text string) error {
		ip, err := netip.ParseAddr(text)
		c.roots, bad = append(c.roots, ip), errors.Join(bad, err)
		return nil
	})
	flags.Func("at", "where an address is reached", func(text string) error {
		name, at, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("want IP=ADDR")
		}
		ip, err := netip.ParseAddr(name)
		addr, err2 := parseAddr(at)
		c.at[ip], bad = addr, errors.Join(bad, err, err2)
		return nil
	})
	flags.Parse(args)
	switch {
	case *listen == "":
		misused("the resolver needs -listen ADDR")
	case (len(c.servers) == 0) == (len(c.roots) == 0):
		misused("the resolver needs either -server or -root")
	case flags.NArg() > 0:
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	addr, err := parseAddr(*listen)
	if bad != nil || err != nil {
		return errors.Join(bad, err)
	}

	clock := newClock(*realtime)
	r, err := newResolver(c, clock)
	if err != nil {
		return err
	}
	udp, tcp, err := bind(addr)
	if err != nil {
		return err
	}
	endOnSignal()
	// The address is printed when both are bound, not before: whoever reads this
	// line may ask at once.
	if _, err := fmt.Printf("listening on %s\n", udp.LocalAddr()); err != nil {
		return err
	}
	go obey(clock, os.Stdin)
	return r.serve(udp, tcp)
}

// bind binds UDP and TCP at one port. The port that the system chooses for the one
// may be somebody's for the other; then it has to choose again.
func bind(addr netip.AddrPort) (*net.UDPConn, *net.TCPListener, error) {
	for {
		udp, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(addr))
		if err != nil {
			return nil, nil, err
		}
		chosen := netip.AddrPortFrom(addr.Addr(), udp.LocalAddr().(*net.UDPAddr).AddrPort().Port())
		tcp, err := net.ListenTCP("tcp", net.TCPAddrFromAddrPort(chosen))
		if err == nil {
			return udp, tcp, nil
		}
		udp.Close()
		if addr.Port() != 0 {
			return nil, nil, err
		}
	}
}

// obey does what the lines of in say. A line that says nothing it knows is reported
// and ignored; the end of in ends nothing.
func obey(c *clock, in io.Reader) {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n') // err: the end, perhaps after a last line without LF
		if line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"); line != "" {
			obeyLine(c, line)
		}
		if err != nil {
			return
		}
	}
}

func obeyLine(c *clock, line string) {
	words := strings.Fields(line)
	switch {
	case line == "q" || line == "Q":
		os.Exit(0)
	case len(words) == 2 && words[0] == "tick":
		if d, err := time.ParseDuration(words[1]); err == nil && d >= 0 {
			fmt.Printf("clock %v\n", c.tick(d))
			return
		}
	}
	fmt.Fprintf(os.Stderr, "%q is no command: tick DURATION, q\n", line)
}

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
}

// parseAddr reads IP:PORT. Without a port it ends the program: that is a mistake in
// the usage.
func parseAddr(text string) (netip.AddrPort, error) {
	if _, port, err := net.SplitHostPort(text); err != nil || port == "" {
		misused(fmt.Sprintf("%q is not IP:PORT", text))
	}
	return netip.ParseAddrPort(text)
}

func newFlags(role string) *flag.FlagSet {
	flags := flag.NewFlagSet(role, flag.ExitOnError)
	flags.Usage = printUsage
	return flags
}

// misused says what is wrong with the command line and ends the program.
func misused(problem string) {
	fmt.Fprintf(os.Stderr, "%s\n\n", problem)
	printUsage()
	os.Exit(2)
}

func printUsage() { fmt.Fprint(os.Stderr, usage) }
