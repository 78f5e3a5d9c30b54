// Command arp is a host on an Ethernet: it pings its neighbours, and to reach
// them it finds out their Ethernet addresses with ARP.
//
//	arp host -ip CIDR -mac MAC -cable LOCAL,REMOTE [-age 60s] [-realtime]
//
// Its commands, a line each on standard input: ping IP, arp, tick DURATION, q.
//
// This file is given, and so are card.go (the network card) and packet.go (what
// is in a frame). You write host.go, and what files you want beside it.
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

const usage = `usage: arp host -ip CIDR -mac MAC -cable LOCAL,REMOTE [-age 60s] [-realtime]

CIDR is the host's address and its subnet's prefix, such as 10.0.0.1/24.
LOCAL and REMOTE are the two ends of the cable, HOST:PORT; at LOCAL, port 0 lets
the system choose one.
`

func main() {
	if len(os.Args) < 2 {
		misused("a role is missing: host")
	}
	if os.Args[1] != "host" {
		misused(fmt.Sprintf("%q is not a role", os.Args[1]))
	}
	if err := runHost(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runHost reads the flags, plugs the card into its cable and runs the host.
func runHost(args []string) error {
	flags := flag.NewFlagSet("host", flag.ExitOnError)
	flags.Usage = printUsage
	cidr := flags.String("ip", "", "the host's address and prefix")
	macText := flags.String("mac", "", "the card's Ethernet address")
	cable := flags.String("cable", "", "the two ends of the cable")
	age := flags.Duration("age", 60*time.Second, "how long an entry of the table lives")
	realtime := flags.Bool("realtime", false, "let the clock follow the system's")
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	ip, err := netip.ParsePrefix(*cidr)
	if err != nil || !ip.Addr().Is4() {
		misused("the host needs -ip CIDR, such as 10.0.0.1/24")
	}
	mac, err := parseMAC(*macText)
	if err != nil {
		misused("the host needs -mac MAC, such as 02-00-0a-00-00-01")
	}
	if *age < 0 {
		misused("-age cannot be negative")
	}
	local, remote, err := splitCable(*cable)
	if err != nil {
		misused("the host needs -cable LOCAL,REMOTE: " + err.Error())
	}

	card, err := plugIn(mac, local, remote)
	if err != nil {
		return err
	}
	host := newHost(ip, card, *age, os.Stdout)
	// The clock starts at 0: what is due at 0 is done now.
	if err := host.advance(0); err != nil {
		return err
	}
	endOnSignal()
	if _, err := fmt.Printf("listening on %s\n", card.address()); err != nil {
		return err
	}
	return run(host, card, readLines(os.Stdin), *realtime)
}

// run lets the host live: it hands it, one at a time, the commands that are
// typed, the frames that arrive and the time that passes. Nothing else calls
// the host, so it needs no locks. An error of the host's ends the program.
func run(h *host, c *card, lines <-chan string, realtime bool) error {
	frames := make(chan frame)
	go c.receive(frames)

	var wake <-chan time.Time // never, without -realtime
	if realtime {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		wake = ticker.C
	}
	started, passed := time.Now(), time.Duration(0)
	for {
		var err error
		select {
		case line, ok := <-lines:
			if !ok || line == "q" || line == "Q" {
				return nil
			}
			err = obey(h, line)
		case f := <-frames:
			err = take(h, f)
		case <-wake:
			now := time.Since(started)
			err = h.advance(now - passed)
			passed = now
		}
		if err != nil {
			return err
		}
	}
}

// obey has the host do what a line says. A line that says nothing it knows is
// reported and ignored.
func obey(h *host, line string) error {
	words := strings.Fields(line)
	switch {
	case len(words) == 1 && words[0] == "arp":
		return h.printTable()
	case len(words) == 2 && words[0] == "ping":
		if ip, err := netip.ParseAddr(words[1]); err == nil && ip.Is4() {
			return h.ping(ip)
		}
	case len(words) == 2 && words[0] == "tick":
		if d, err := time.ParseDuration(words[1]); err == nil && d >= 0 {
			return h.advance(d)
		}
	}
	fmt.Fprintf(os.Stderr, "%q is no command: ping IP, arp, tick DURATION, q\n", line)
	return nil
}

// take gives a frame to the part of the host that it is for. Frames of other
// types, and packets that are not for this host or are malformed, end here.
func take(h *host, f frame) error {
	switch f.kind {
	case typeARP:
		return h.receiveARP(f.payload)
	case typeIPv4:
		if e, ok := parseEcho(f.payload); ok && e.dst == h.ip.Addr() {
			return h.receiveEcho(e)
		}
	}
	return nil
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

// readLines hands over the lines of in, one by one, each without its line end.
// The channel is closed at the end of in.
func readLines(in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		reader := bufio.NewReader(in)
		for {
			line, err := reader.ReadString('\n') // err: the end, perhaps after a last line without LF
			if line != "" {
				line = strings.TrimSuffix(line, "\n")
				lines <- strings.TrimSuffix(line, "\r")
			}
			if err == nil {
				continue
			}
			if err != io.EOF {
				fmt.Fprintln(os.Stderr, err)
			}
			return
		}
	}()
	return lines
}

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once: a host
// that is switched off says goodbye to nobody.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
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
