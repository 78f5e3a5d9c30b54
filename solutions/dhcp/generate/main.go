// Command generate prints random traffic for the dhcp lesson in the script
// language:
//
//	generate SEED N ROLE    N messages for a server or a client;
//	                        the same arguments, the same traffic
//
// Clients of all kinds ask a server for addresses, take them, take others' offers,
// decline and give back, right and wrong; or servers answer a client. Time passes. What
// the lesson leaves free is kept out: no two records end together, nothing is due
// together, and nothing is asked of which the answer is free.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	print := map[string]func(random, int){"server": printServer, "client": printClient}
	if len(args) != 3 || print[args[2]] == nil {
		return fmt.Errorf("usage: generate SEED N server|client")
	}
	seed, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 1 {
		return fmt.Errorf("%q is not a number of messages", args[1])
	}
	print[args[2]](random{rand.New(rand.NewPCG(uint64(seed), 0))}, n)
	return nil
}

type random struct{ *rand.Rand }

func (r random) pick(choices ...string) string { return choices[r.IntN(len(choices))] }
