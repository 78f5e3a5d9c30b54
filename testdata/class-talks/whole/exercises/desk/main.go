package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	a := os.Args[1:]
	switch {
	case len(a) == 3 && a[0] == "server" && a[1] == "-listen" && hasPort(a[2]):
		os.Exit(server(a[2]))
	case len(a) == 2 && a[0] == "client" && hasPort(a[1]):
		os.Exit(client(a[1]))
	}
	fmt.Fprintln(os.Stderr, "desk server -listen ADDR, or desk client ADDR")
	os.Exit(2)
}

func hasPort(addr string) bool {
	_, port, err := net.SplitHostPort(addr)
	return err == nil && port != ""
}
