package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// A router passes packets on between the networks that its interfaces are in.
// main.go calls its methods one at a time, never two at once, so it needs no
// locks and no goroutines.
//
// Add what you need: the routing table; for each interface its neighbours, and
// the packets that wait for their MACs; the time.
type router struct {
	interfaces []*iface // in the order of the command line; send sends by one
	static     []staticRoute
	age        time.Duration
	out        io.Writer
}

// newRouter makes a router that has these interfaces and routes, forgets a
// neighbour after age, and prints to out.
func newRouter(interfaces []*iface, static []staticRoute, age time.Duration, out io.Writer) *router {
	notYet("newRouter")
	return &router{interfaces: interfaces, static: static, age: age, out: out}
}

// receive takes a frame that has come in by a port. Its type is f.kind, and its
// VLAN f.vid, where 0 is none. The functions of packet.go take apart what it
// carries.
func (r *router) receive(from *port, f frame) {
	notYet("receive")
}

// advance lets d pass on the router's clock, which started at 0, and does what
// falls due meanwhile, in order of time.
func (r *router) advance(d time.Duration) {
	notYet("advance")
}

// printRoutes prints the routing table, a line each: the network, the gateway or
// the word direct, the interface's name; two spaces between. The longest prefix
// comes first; networks with equally long ones are in numeric order.
func (r *router) printRoutes() error {
	return errors.New("router.go: printRoutes is not written yet")
}

// printNeighbours prints the live entries of all interfaces, a line each: the
// address, the MAC, the interface's name; two spaces between. They are in numeric
// order of the addresses, and then in the order of the interfaces.
func (r *router) printNeighbours() error {
	return errors.New("router.go: printNeighbours is not written yet")
}

// notYet ends the program where something is missing.
func notYet(what string) {
	fmt.Fprintf(os.Stderr, "router.go: %s is not written yet\n", what)
	os.Exit(1)
}
