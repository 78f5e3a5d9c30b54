// Command router is an IPv4 router: it stands between networks and passes
// packets on from one to the other.
//
//	router router -port NAME=LOCAL,REMOTE ... -mac NAME=MAC ... -ip NAME[.VID]=CIDR ...
//	              [-route CIDR=GATEWAY ...] [-age 60s] [-realtime]
//
// Its commands, a line each on standard input: routes, arp, tick DURATION, q.
//
// This file is given, and so are flags.go (the command line), port.go (ports and
// their cables) and packet.go (what is in a frame). You write router.go, and what
// files you want beside it.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		misused("a role is missing: router")
	}
	if os.Args[1] != "router" {
		misused(fmt.Sprintf("%q is not a role", os.Args[1]))
	}
	if err := runRouter(parseFlags(os.Args[2:])); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runRouter plugs the ports into their cables and lets the router live until
// its input ends.
func runRouter(c config) error {
	for _, p := range c.ports {
		if err := p.plugIn(); err != nil {
			return err
		}
	}
	r := newRouter(c.interfaces, c.routes, c.age, os.Stdout)
	endOnSignal()
	for _, p := range c.ports {
		if _, err := fmt.Printf("listening on %s %s\n", p.name, p.address()); err != nil {
			return err
		}
	}

	// Frames, commands and time come from several goroutines. Each holds this
	// lock while it calls the router, so the router itself needs none.
	var one sync.Mutex
	for _, p := range c.ports {
		go p.receive(func(f frame) {
			one.Lock()
			defer one.Unlock()
			r.receive(p, f)
		})
	}
	if c.realtime {
		go followTime(r, &one)
	}
	return obeyAll(os.Stdin, r, &one)
}

// followTime moves the router's clock as the system's moves.
func followTime(r *router, one *sync.Mutex) {
	started, passed := time.Now(), time.Duration(0)
	for range time.Tick(10 * time.Millisecond) {
		now := time.Since(started)
		one.Lock()
		r.advance(now - passed)
		one.Unlock()
		passed = now
	}
}

// obeyAll has the router do what the lines of in say, one after the other,
// until q or the end.
func obeyAll(in io.Reader, r *router, one *sync.Mutex) error {
	reader := bufio.NewReader(in)
	for {
		line, err := reader.ReadString('\n') // err: the end, perhaps after a last line without LF
		if line != "" {
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if line == "q" || line == "Q" {
				return nil
			}
			one.Lock()
			failed := obey(r, line)
			one.Unlock()
			if failed != nil {
				return failed
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// obey has the router do what a line says. A line that says nothing it knows is
// reported and ignored.
func obey(r *router, line string) error {
	words := strings.Fields(line)
	switch {
	case len(words) == 1 && words[0] == "routes":
		return r.printRoutes()
	case len(words) == 1 && words[0] == "arp":
		return r.printNeighbours()
	case len(words) == 2 && words[0] == "tick":
		if d, err := time.ParseDuration(words[1]); err == nil && d >= 0 {
			r.advance(d)
			return nil
		}
	}
	fmt.Fprintf(os.Stderr, "%q is no command: routes, arp, tick DURATION, q\n", line)
	return nil
}

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once: a
// router that is switched off says goodbye to nobody.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
}
