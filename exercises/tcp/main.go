// Command tcp is a host on an Ethernet that speaks TCP: what an operating system
// does below a socket.
//
//	tcp host -ip CIDR -mac MAC -cable LOCAL,REMOTE [-iss N] [-msl 30s] [-realtime]
//
// Its commands, a line each on standard input: listen PORT, connect IP PORT
// [LOCAL], send ID TEXT, close ID, abort ID, tick DURATION, q.
//
// This file is given, and so are card.go (the network card), packet.go (what is in
// a frame), segment.go (what is in a TCP segment), network.go (how segments find
// their way) and clock.go (the time). You write tcp.go, and what files you want
// beside it.
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
	"strconv"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: tcp host -ip CIDR -mac MAC -cable LOCAL,REMOTE [-iss N] [-msl 30s] [-realtime]

CIDR is the host's address and its subnet's prefix, such as 10.0.0.1/24.
LOCAL and REMOTE are the two ends of the cable, HOST:PORT; at LOCAL, port 0 lets
the system choose one. N is the initial sequence number of every connection; without
-iss nobody can foretell it.
`

const commands = "listen PORT, connect IP PORT [LOCAL], send ID TEXT, close ID, abort ID, tick DURATION, q"

// A config is what the command line says about TCP.
type config struct {
	iss    uint32
	hasISS bool          // iss was given
	msl    time.Duration // maximum segment lifetime: so long a segment may be under way
}

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
	c := config{}
	flags := flag.NewFlagSet("host", flag.ExitOnError)
	flags.Usage = printUsage
	cidr := flags.String("ip", "", "the host's address and prefix")
	macText := flags.String("mac", "", "the card's Ethernet address")
	cable := flags.String("cable", "", "the two ends of the cable")
	flags.Func("iss", "the initial sequence number", c.setISS)
	flags.DurationVar(&c.msl, "msl", 30*time.Second, "the maximum segment lifetime")
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
	if c.msl < 0 {
		misused("-msl cannot be negative")
	}
	local, remote, err := splitCable(*cable)
	if err != nil {
		misused("the host needs -cable LOCAL,REMOTE: " + err.Error())
	}

	card, err := plugIn(mac, local, remote)
	if err != nil {
		return err
	}
	run(ip, card, c, *realtime)
	return nil
}

func (c *config) setISS(text string) error {
	n, err := strconv.ParseUint(text, 10, 32)
	c.iss, c.hasISS = uint32(n), true
	return err
}

// A product is standard output. If nobody can be told anything any more, the
// program ends.
type product struct{}

func (product) Write(b []byte) (int, error) {
	n, err := os.Stdout.Write(b)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return n, nil
}

// run lets the host live: it hands it, one at a time, the commands that are
// typed, the frames that arrive and the time that passes. Nothing else calls
// the host, so it needs no locks.
func run(ip netip.Prefix, card *card, config config, realtime bool) {
	c := &clock{}
	n := newNetwork(ip, card.mac, card.send, c)
	t := newTCP(n, c, config, product{})
	endOnSignal()
	fmt.Fprintf(product{}, "listening on %s\n", card.address())

	lines, frames := readLines(os.Stdin), make(chan frame)
	go card.receive(frames)

	var wake <-chan time.Time // never, without -realtime
	if realtime {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		wake = ticker.C
	}
	started, passed := time.Now(), time.Duration(0)
	for {
		select {
		case line, ok := <-lines:
			if !ok || line == "q" || line == "Q" {
				return
			}
			if err := obey(t, n, c, line); err != nil {
				fmt.Fprintf(os.Stderr, "%q: %v\n", line, err)
			}
		case f := <-frames:
			n.receive(f, t.receive)
		case <-wake:
			now := time.Since(started)
			c.advance(now - passed)
			passed = now
		}
	}
}

// obey has the host do what a line says. An error has changed nothing.
func obey(t *tcp, n *network, c *clock, line string) error {
	words := strings.Split(line, " ")
	switch {
	case words[0] == "send" && len(words) >= 2:
		words := strings.SplitN(line, " ", 3) // the text may have spaces
		id, err := parseID(words[1])
		if err != nil {
			return err
		}
		text := ""
		if len(words) == 3 {
			text = words[2]
		}
		return t.send(id, text+"\n")
	case words[0] == "listen" && len(words) == 2:
		port, err := parsePort(words[1])
		if err != nil {
			return err
		}
		return t.listen(port)
	case words[0] == "connect" && (len(words) == 3 || len(words) == 4):
		to, err := netip.ParseAddr(words[1])
		if err != nil || !n.isNeighbour(to) {
			return fmt.Errorf("%q is no neighbour's address", words[1])
		}
		port, err := parsePort(words[2])
		if err != nil {
			return err
		}
		local := anyPort
		if len(words) == 4 {
			if local, err = parsePort(words[3]); err != nil {
				return err
			}
		}
		return t.connect(to, port, local)
	case (words[0] == "close" || words[0] == "abort") && len(words) == 2:
		id, err := parseID(words[1])
		if err != nil {
			return err
		}
		if words[0] == "close" {
			return t.close(id)
		}
		return t.abort(id)
	case words[0] == "tick" && len(words) == 2:
		d, err := time.ParseDuration(words[1])
		if err != nil || d < 0 {
			return fmt.Errorf("%q is no time", words[1])
		}
		c.advance(d)
		return nil
	}
	return errors.New("no command: " + commands)
}

// anyPort in place of a local port leaves the choice to TCP.
const anyPort uint16 = 0

func parseID(text string) (int, error) {
	id, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is no connection's number", text)
	}
	return int(id), nil
}

func parsePort(text string) (uint16, error) {
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 {
		return 0, fmt.Errorf("%q is no port", text)
	}
	return uint16(port), nil
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
