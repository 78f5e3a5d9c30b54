// Command ipc lets two programs on one machine talk: through a file, and through a
// socket in the file system.
//
//	ipc put FILE               adds the lines of standard input to FILE
//	ipc get FILE               prints the lines of FILE and takes them out
//	ipc server -socket PATH    answers each line that comes to the socket at PATH
//	ipc client PATH            talks to the server at PATH
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage: ipc put FILE
       ipc get FILE
       ipc server -socket PATH
       ipc client PATH
`

func main() {
	if len(os.Args) < 2 {
		misused("a role is missing: put, get, server or client")
	}
	role, args := os.Args[1], os.Args[2:]

	var err error
	switch role {
	case "put":
		err = put(argument(args, "put", "FILE"), os.Stdin)
	case "get":
		err = get(argument(args, "get", "FILE"), os.Stdout)
	case "server":
		err = runServer(args)
	case "client":
		err = runClient(argument(args, "client", "PATH"))
	default:
		misused(fmt.Sprintf("%q is not a role", role))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// argument returns the one argument of a role.
func argument(args []string, role, name string) string {
	flags := flag.NewFlagSet(role, flag.ExitOnError)
	flags.Usage = printUsage
	flags.Parse(args) // ends the program with status 2 where there is a flag
	if flags.NArg() != 1 || flags.Arg(0) == "" {
		misused(fmt.Sprintf("%s needs one argument, %s", role, name))
	}
	return flags.Arg(0)
}

// runServer reads the server's flags, makes its socket and serves clients.
func runServer(args []string) error {
	flags := flag.NewFlagSet("server", flag.ExitOnError)
	flags.Usage = printUsage
	path := flags.String("socket", "", "the path of the socket")
	flags.Parse(args)
	if *path == "" {
		misused("the server needs -socket PATH")
	}
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}

	listener, err := listen(*path)
	if err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	// Whoever reads this line may connect at once.
	if _, err := fmt.Printf("listening on %s\n", *path); err != nil {
		return err
	}
	return serve(listener, stop)
}

// runClient connects and talks to the server.
func runClient(path string) error {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return err
	}
	return talk(conn.(*net.UnixConn), os.Stdin, os.Stdout)
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
