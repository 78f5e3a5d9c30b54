// Command timesync asks a server what time it is, over UDP: a datagram carries the
// format of the answer, as "%H:%M", and the answer is the time in that format.
//
//	timesync server -listen ADDR [-at TIME]
//	timesync client [-count 1] [-interval 2s] [-wait 1s] ADDR FORMAT
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // the zones of the world, for a system that has none
)

const usage = `usage: timesync server -listen ADDR [-at TIME]
       timesync client [-count 1] [-interval 2s] [-wait 1s] ADDR FORMAT

ADDR is HOST:PORT; a server at port 0 lets the system choose one.
TIME is a moment at which the server's clock stands still: 2026-11-01T12:30:00+08:00
FORMAT is what date(1) takes behind a +: '%H:%M:%S'
`

func main() {
	if len(os.Args) < 2 {
		misused("a role is missing: server or client")
	}
	role, args := os.Args[1], os.Args[2:]

	var err error
	switch role {
	case "server":
		err = runServer(args)
	case "client":
		err = runClient(args)
	default:
		misused(fmt.Sprintf("%q is not a role", role))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runServer reads the server's flags, binds its address and serves.
func runServer(args []string) error {
	setZone()
	clock := time.Now
	flags := newFlags("server")
	listen := flags.String("listen", "", "the address to listen on")
	flags.Func("at", "the moment at which the clock stands still", func(text string) error {
		at, err := time.Parse(time.RFC3339, text)
		clock = func() time.Time { return at.Local() }
		return err
	})
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if *listen == "" {
		misused("the server needs -listen ADDR")
	}
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}

	addr, err := resolve(*listen)
	if err != nil {
		return err
	}
	conn, err := net.ListenUDP("udp", addr)
	if err != nil {
		return err
	}
	if err := enlarge(conn); err != nil {
		return err
	}
	endOnSignal()
	// The address is printed when it is bound, not before: whoever reads this
	// line may ask at once.
	if _, err := fmt.Printf("listening on %s\n", conn.LocalAddr()); err != nil {
		return err
	}
	return serve(conn, clock)
}

// runClient reads the client's arguments and asks the server.
func runClient(args []string) error {
	flags := newFlags("client")
	count := flags.Int("count", 1, "how many questions to ask")
	interval := flags.Duration("interval", 2*time.Second, "the pause between an answer and the next question")
	wait := flags.Duration("wait", time.Second, "how long to wait for an answer before asking again")
	flags.Parse(args)
	switch {
	case flags.NArg() != 2:
		misused("the client needs two arguments, the server's ADDR and a FORMAT")
	case *count < 1:
		misused("-count must be 1 at least")
	case *interval < 0:
		misused("-interval must not be negative")
	case *wait <= 0:
		misused("-wait must be more than nothing")
	}

	server, err := resolve(flags.Arg(0))
	if err != nil {
		return err
	}
	return ask(server, flags.Arg(1), *count, *interval, *wait, os.Stdout)
}

// setZone makes the zone that the environment variable TZ names the local one.
// Go does so by itself, but not on Windows.
func setZone() {
	if zone, err := time.LoadLocation(os.Getenv("TZ")); err == nil && os.Getenv("TZ") != "" {
		time.Local = zone
	}
}

// dial makes a new socket for questions to the server. Nothing is sent by this: a
// UDP socket that is "connected" has noted where its datagrams go, and the system
// gives it only those that come from there.
func dial(server *net.UDPAddr) (*net.UDPConn, error) {
	conn, err := net.DialUDP("udp", nil, server)
	if err != nil {
		return nil, err
	}
	return conn, enlarge(conn)
}

// enlarge makes room in the system for the longest datagram, which is sent
// whole or not at all, and for some that come while we are busy.
func enlarge(conn *net.UDPConn) error {
	return errors.Join(conn.SetWriteBuffer(1<<17), conn.SetReadBuffer(1<<18))
}

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once and in
// order. Nothing is left to be done then: over UDP there is no connection to close.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
}

// resolve finds the address that text names, for example "localhost:8081". A
// text that is not HOST:PORT ends the program: that is a mistake in the usage.
func resolve(text string) (*net.UDPAddr, error) {
	_, port, err := net.SplitHostPort(text)
	if err != nil || port == "" {
		misused(fmt.Sprintf("%q is not HOST:PORT", text))
	}
	return net.ResolveUDPAddr("udp", text)
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

func printUsage() {
	fmt.Fprint(os.Stderr, usage)
}
