// Command dhcp lends addresses on one LAN, and borrows them: a DHCP server and a
// DHCP client.
//
//	dhcp server -ip CIDR -mac MAC -cable LOCAL,REMOTE -pool FIRST-LAST
//	            [-router IP] [-dns IP] [-lease 1h] [-realtime]
//	dhcp client -mac MAC -cable LOCAL,REMOTE [-realtime]
//
// The server's commands, a line each on standard input: leases, tick DURATION, q.
// The client's: state, renew, release, tick DURATION, q.
//
// This file is given, and so are flags.go (the command line), card.go (the
// network card) and packet.go (what is in a frame). You write options.go,
// server.go and client.go, and what files you want beside them.
package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		misused("a role is missing: server or client")
	}
	run := map[string]func(args []string) error{"server": runServer, "client": runClient}[os.Args[1]]
	if run == nil {
		misused(fmt.Sprintf("%q is not a role: server or client", os.Args[1]))
	}
	if err := run(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func runServer(args []string) error {
	config, cable := parseServerFlags(args)
	card, err := cable.plugIn()
	if err != nil {
		return err
	}
	card.ip = config.ip.Addr()
	s := newServer(config, card, os.Stdout)
	return runDevice(s, card, serverPort, cable.realtime, map[string]func() error{
		"leases": s.printLeases,
	})
}

func runClient(args []string) error {
	cable := parseClientFlags(args)
	card, err := cable.plugIn()
	if err != nil {
		return err
	}
	c := newClient(card, os.Stdout)
	return runDevice(c, card, clientPort, cable.realtime, map[string]func() error{
		"state":   c.printState,
		"renew":   c.renew,
		"release": c.release,
	})
}

// A device is a server or a client. An error of its methods ends the program:
// it is one of writing to the screen.
type device interface {
	// advance lets d pass on the device's clock.
	advance(d time.Duration) error
	// receive takes a message, of a frame that has this source.
	receive(from mac, m message) error
}

// runDevice lets a device live: it hands it, one at a time, the commands that
// are typed, the messages that arrive for its port and the time that passes.
// Nothing else calls the device, so it needs no locks.
func runDevice(d device, c *card, port uint16, realtime bool, commands map[string]func() error) error {
	// The clock starts at 0: what is due at 0 is done now.
	if err := d.advance(0); err != nil {
		return err
	}
	endOnSignal()
	if _, err := fmt.Printf("listening on %s\n", c.address()); err != nil {
		return err
	}
	lines := readLines(os.Stdin)
	frames := make(chan frame)
	go c.receive(frames)
	var wake <-chan time.Time // never, without -realtime
	if realtime {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		wake = ticker.C
	}
	started, passed := time.Now(), time.Duration(0)
	for {
		var err error
		select {
		case line, ok := <-lines:
			if !ok || line == "q" || line == "Q" {
				return nil
			}
			err = obey(d, commands, line)
		case f := <-frames:
			c.answerARP(f)
			if m, ok := c.unpack(f, port); ok {
				err = d.receive(f.src, m)
			}
		case <-wake:
			now := time.Since(started)
			err = d.advance(now - passed)
			passed = now
		}
		if err != nil {
			return err
		}
	}
}

// obey has the device do what a line says. A line that says nothing it knows is
// reported and ignored.
func obey(d device, commands map[string]func() error, line string) error {
	words := strings.Fields(line)
	switch {
	case len(words) == 1 && commands[words[0]] != nil:
		return commands[words[0]]()
	case len(words) == 2 && words[0] == "tick":
		if passed, err := time.ParseDuration(words[1]); err == nil && passed >= 0 {
			return d.advance(passed)
		}
	}
	known := strings.Join(slices.Sorted(maps.Keys(commands)), ", ")
	fmt.Fprintf(os.Stderr, "%q is no command: %s, tick DURATION, q\n", line, known)
	return nil
}

// readLines hands over the lines of in, one by one, each without its line end.
// The channel is closed at the end of in.
func readLines(in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		reader := bufio.NewReader(in)
		for {
			line, err := reader.ReadString('\n') // err: the end, perhaps after a last line without LF
			if line != "" {
				line = strings.TrimSuffix(line, "\n")
				lines <- strings.TrimSuffix(line, "\r")
			}
			if err == nil {
				continue
			}
			if err != io.EOF {
				fmt.Fprintln(os.Stderr, err)
			}
			return
		}
	}()
	return lines
}

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once: a
// device that is switched off says goodbye to nobody.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
}
