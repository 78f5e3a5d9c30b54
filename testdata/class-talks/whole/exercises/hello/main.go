// Command hello is one question and one answer over TCP.
//
//	hello server -listen ADDR      answers whoever says something
//	hello client ADDR [TEXT]       says TEXT and prints the answer
//
// This file is given. The lesson is in hello.go.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage: hello server -listen ADDR
       hello client ADDR [TEXT]

ADDR is HOST:PORT; a server at port 0 lets the system choose one.
TEXT is hello if it is not given.
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

// runServer reads the server's flags, binds its address and answers clients.
func runServer(args []string) error {
	flags := flag.NewFlagSet("server", flag.ExitOnError)
	flags.Usage = printUsage
	addr := flags.String("listen", "", "the address to listen on")
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if *addr == "" {
		misused("the server needs -listen ADDR")
	}
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	mustHavePort(*addr)

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	endOnSignal()
	// The address is printed when it is bound, not before: whoever reads this
	// line may connect at once.
	if _, err := fmt.Printf("listening on %s\n", listener.Addr()); err != nil {
		return err
	}
	return serve(listener)
}

// runClient reads the client's arguments and asks the server.
func runClient(args []string) error {
	flags := flag.NewFlagSet("client", flag.ExitOnError)
	flags.Usage = printUsage
	flags.Parse(args)
	text := "hello"
	switch flags.NArg() {
	case 0:
		misused("the client needs the server's ADDR")
	case 1:
	case 2:
		text = flags.Arg(1)
	default:
		misused(fmt.Sprintf("%q is too much; put quotes around a TEXT of several words", flags.Arg(2)))
	}
	if text == "" {
		// TCP cannot carry it: the server would wait for a first byte, and we
		// for its answer.
		misused("TEXT is empty")
	}
	addr := flags.Arg(0)
	mustHavePort(addr)
	return ask(addr, text)
}

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once and in
// order. Nothing is left to be done then: the system closes the connections of
// a program that ends.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
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
