// Command desk is a support desk over TCP: client and server take turns.
//
//	desk server -listen ADDR    greets every client and answers each message
//	desk client ADDR            sends a line, waits for the answer, and so on
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

// What the server says: the one when a client comes, the other when it has said
// something.
const (
	greeting = "欢迎使用xx系统，请输入您想要办理的业务！"
	answer   = "你说啥？"
)

const usage = `usage: desk server -listen ADDR
       desk client ADDR

ADDR is HOST:PORT; a server at port 0 lets the system choose one.
The server says: ` + greeting + `
And whatever it hears: ` + answer + `
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

// runServer reads the server's flags, binds its address and serves clients.
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
	return serve(listener.(*net.TCPListener), os.Stdout)
}

// runClient reads the client's arguments, connects and takes turns with the
// server.
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
	typed := make(chan []byte)
	go readKeyboard(os.Stdin, typed)
	return talk(conn.(*net.TCPConn), typed, os.Stdout)
}

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once and in
// order. Nothing is left to be done then: every record was printed when its
// message came, and the system closes the connections of a program that ends.
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
