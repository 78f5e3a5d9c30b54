// Command colourchat is a chat over UDP: one datagram is one message, and the
// name in front of it decides its colour on the server's screen.
//
//	colourchat server -listen ADDR    prints messages; what you type answers them in turn
//	colourchat client ADDR NAME       sends what you type as NAME; prints the answers
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

const usage = `usage: colourchat server -listen ADDR
       colourchat client ADDR NAME

ADDR is HOST:PORT; a server at port 0 lets the system choose one.
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
	flags := newFlags("server")
	listen := flags.String("listen", "", "the address to listen on")
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
	// line may send at once.
	if _, err := fmt.Printf("listening on %s\n", conn.LocalAddr()); err != nil {
		return err
	}
	return serve(conn, readLines(os.Stdin), os.Stdout)
}

// runClient reads the client's arguments and talks to the server.
func runClient(args []string) error {
	flags := newFlags("client")
	flags.Parse(args)
	if flags.NArg() != 2 {
		misused("the client needs two arguments, the server's ADDR and your NAME")
	}

	addr, err := resolve(flags.Arg(0))
	if err != nil {
		return err
	}
	// Nothing is sent by this: a UDP socket that is "connected" has noted where
	// its datagrams go, and the system gives it only those that come from there.
	conn, err := net.DialUDP("udp", nil, addr)
	if err != nil {
		return err
	}
	if err := enlarge(conn); err != nil {
		return err
	}
	return talk(conn, flags.Arg(1), readLines(os.Stdin), os.Stdout)
}

// enlarge makes room in the system for the longest datagram, which is sent
// whole or not at all, and for some that come while we are busy.
func enlarge(conn *net.UDPConn) error {
	return errors.Join(conn.SetWriteBuffer(1<<17), conn.SetReadBuffer(1<<18))
}

// readLines hands over the lines of in, one by one, each without its line end.
// The channel is closed at the end of in. Whoever does not receive from it
// leaves what was typed where it is, until he does.
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

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once and in
// order. Nothing is left to be done then: what arrived has been printed, and
// over UDP there is no connection to close.
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
