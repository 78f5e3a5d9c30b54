// Command nat is the router of a house: behind its one public address stand all
// the computers of the house (network address translation, RFC 3022).
//
//	nat router -port inside=LOCAL,REMOTE -port outside=LOCAL,REMOTE
//	           -mac inside=MAC -mac outside=MAC -ip inside=CIDR -ip outside=CIDR -gateway IP
//	           [-forward PROTO:PORT=IP:PORT ...] [-ports 1024-65535] [-age 60s] [-realtime]
//
// Its commands, a line each on standard input: table, tick DURATION, q.
//
// This file is given, and so are flags.go (the command line), port.go (the two
// ports and their cables), packet.go (what is in a frame), clock.go (the time) and
// side.go (ARP). You write nat.go, and what files you want beside it.
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
	clock := &clock{}
	inside, outside := newSide(c.inside, c.age, clock), newSide(c.outside, c.age, clock)
	n := newNAT(inside, outside, c.rules, clock, os.Stdout)
	endOnSignal()
	for _, p := range c.ports {
		if _, err := fmt.Printf("listening on %s %s\n", p.name, p.address()); err != nil {
			return err
		}
	}

	// Frames, commands and time come from several goroutines. Each holds this
	// lock while it calls the router, so the router itself needs none.
	var one sync.Mutex
	for _, s := range []*side{inside, outside} {
		go s.port.receive(func(f frame) {
			one.Lock()
			defer one.Unlock()
			receive(n, s, f)
		})
	}
	if c.realtime {
		go followTime(clock, &one)
	}
	return obeyAll(os.Stdin, n, clock, &one)
}

// receive takes a frame that has come in at a side.
func receive(n *nat, from *side, f frame) {
	switch f.kind {
	case typeARP:
		from.receiveARP(f.payload)
	case typeIPv4:
		if p, ok := parsePacket(f.payload); ok {
			n.receive(from, p)
		}
	}
}

// followTime moves the router's clock as the system's moves.
func followTime(c *clock, one *sync.Mutex) {
	started, passed := time.Now(), time.Duration(0)
	for range time.Tick(10 * time.Millisecond) {
		now := time.Since(started)
		one.Lock()
		c.advance(now - passed)
		one.Unlock()
		passed = now
	}
}

// obeyAll has the router do what the lines of in say, one after the other,
// until q or the end.
func obeyAll(in io.Reader, n *nat, c *clock, one *sync.Mutex) error {
	reader := bufio.NewReader(in)
	for {
		line, err := reader.ReadString('\n') // err: the end, perhaps after a last line without LF
		if line != "" {
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if line == "q" || line == "Q" {
				return nil
			}
			one.Lock()
			failed := obey(n, c, line)
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
func obey(n *nat, c *clock, line string) error {
	words := strings.Fields(line)
	switch {
	case len(words) == 1 && words[0] == "table":
		return n.printTable()
	case len(words) == 2 && words[0] == "tick":
		if d, err := time.ParseDuration(words[1]); err == nil && d >= 0 {
			c.advance(d)
			return nil
		}
	}
	fmt.Fprintf(os.Stderr, "%q is no command: table, tick DURATION, q\n", line)
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
