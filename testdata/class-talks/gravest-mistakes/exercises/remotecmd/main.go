// Command remotecmd runs commands far away.
//
//	remotecmd server -listen ADDR -dir DIR    runs the programs in DIR for clients
//	remotecmd client ADDR                     has the server at ADDR run what you type
//
// The server takes -timeout, for how long a command may run (10s), and -max, how many
// bytes it may print (8388608), too.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const usage = `usage: remotecmd server -listen ADDR -dir DIR [-timeout 10s] [-max 8388608]
       remotecmd client ADDR

ADDR is HOST:PORT; a server at port 0 lets the system choose one.
`

// A shop is what a server runs: the programs in the folder dir, each for timeout at
// most, and until it has printed more than max bytes.
type shop struct {
	dir     string
	timeout time.Duration
	max     int
}

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

// runServer reads the server's flags, binds its address and serves clients until a
// signal ends it.
func runServer(args []string) error {
	var s shop
	flags := flag.NewFlagSet("server", flag.ExitOnError)
	flags.Usage = printUsage
	addr := flags.String("listen", "", "the address to listen on")
	flags.StringVar(&s.dir, "dir", "", "the folder of what may be run")
	flags.DurationVar(&s.timeout, "timeout", 10*time.Second, "for how long a command may run")
	flags.IntVar(&s.max, "max", 8<<20, "how many bytes a command may print")
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if *addr == "" || s.dir == "" {
		misused("the server needs -listen ADDR and -dir DIR")
	}
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	mustHavePort(*addr)
	info, err := os.Stat(s.dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", s.dir)
	}

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	// SIGINT (Ctrl-C) and SIGTERM end ctx, and so the server.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The address is printed when it is bound, not before: whoever reads this
	// line may connect at once.
	if _, err := fmt.Printf("listening on %s\n", listener.Addr()); err != nil {
		return err
	}
	return serve(ctx, listener.(*net.TCPListener), s)
}

// runClient reads the client's arguments, connects and talks to the server.
func runClient(args []string) error {
	flags := flag.NewFlagSet("client", flag.ExitOnError)
	flags.Usage = printUsage
	flags.Parse(args)
	if flags.NArg() != 1 {
		misused("the client needs one argument, the server's ADDR")
	}
	addr := flags.Arg(0)
	mustHavePort(addr)

	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	return talk(conn.(*net.TCPConn), os.Stdin, os.Stdout, os.Stderr)
}

// mustHavePort ends the program where addr is not HOST:PORT.
func mustHavePort(addr string) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil || port == "" {
		misused(fmt.Sprintf("%q is not HOST:PORT", addr))
	}
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
