package main

import (
	"fmt"
	"net/netip"
	"os"
)

func main() {
	p, err := netip.ParsePrefix(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Println("network:  ", p.Masked().Addr())
}
