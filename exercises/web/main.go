// Web shows the files of a folder to browsers over HTTP/1.1, and is the smallest
// browser itself.
//
//	web server -listen ADDR -dir DIR
//	web get URL
//
// This file is given. The lesson is in server.go and get.go.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
)

const usage = `usage:
  web server -listen ADDR -dir DIR
  web get URL
`

// errUsage is wrapped by every error that the command line is to blame for, a URL that
// web get cannot fetch among them.
var errUsage = errors.New("wrong flags or arguments")

func main() {
	err := run(os.Args[1:])
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	case errors.Is(err, errUsage):
		fmt.Fprintf(os.Stderr, "web: %v\n%s", err, usage)
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "web: %v\n", err)
		os.Exit(1)
	}
}

// run plays the role that the first argument names.
func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: no role", errUsage)
	}
	switch role := args[0]; role {
	case "server":
		return runServer(args[1:])
	case "get":
		return runGet(args[1:])
	default:
		return fmt.Errorf("%w: unknown role %q", errUsage, role)
	}
}

// runServer binds the address, says so on standard output, and hands over to serve
// until SIGINT or SIGTERM comes.
func runServer(args []string) error {
	flags := newFlags("server")
	addr := flags.String("listen", "", "`address` to listen on")
	dir := flags.String("dir", "", "`folder` whose files are shown")
	if err := parse(flags, args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("%w: unexpected argument %q", errUsage, flags.Arg(0))
	case *dir == "":
		return fmt.Errorf("%w: -dir is missing", errUsage)
	}
	if err := checkAddr(*addr); err != nil {
		return err
	}

	info, err := os.Stat(*dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%q is not a folder", *dir)
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	defer listener.Close()

	// From here on SIGINT and SIGTERM end ctx instead of the program.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Printf("listening on %s\n", listener.Addr())
	return serve(ctx, listener, *dir)
}

// runGet hands the URL over to get.
func runGet(args []string) error {
	flags := newFlags("get")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("%w: want one URL", errUsage)
	}
	return get(flags.Arg(0), os.Stdout)
}

// newFlags returns an empty set of flags for a role.
func newFlags(role string) *flag.FlagSet {
	flags := flag.NewFlagSet("web "+role, flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main prints the error and the usage
	return flags
}

// parse makes a wrong flag an errUsage.
func parse(flags *flag.FlagSet, args []string) error {
	err := flags.Parse(args)
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	return err
}

// checkAddr refuses an address that lacks a port. Whether the address can be
// resolved, bound or reached is not for it to say.
func checkAddr(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if port == "" {
		return fmt.Errorf("%w: address %s: missing port", errUsage, addr)
	}
	return nil
}
