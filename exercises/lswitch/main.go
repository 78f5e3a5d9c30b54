// Command lswitch is an Ethernet switch: it learns behind which of its ports
// each station is, and keeps the VLANs apart.
//
//	lswitch switch -port NAME=LOCAL,REMOTE ... [-age 300s] [-max 1024]
//	        [-access NAME=VID ...] [-trunk NAME=VID,VID[,native=VID] ...] [-realtime]
//
// Its commands, a line each on standard input: macs, tick DURATION, q.
//
// This file is given, and so are config.go (what the flags say) and port.go (the
// cables). You write switch.go, and what files you want beside it.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: lswitch switch -port NAME=LOCAL,REMOTE ... [-age 300s] [-max 1024]
       [-access NAME=VID ...] [-trunk NAME=VID,VID[,native=VID] ...] [-realtime]

LOCAL and REMOTE are the two ends of a port's cable, HOST:PORT; at LOCAL, port 0
lets the system choose one. A port is in VLAN 1 unless -access or -trunk says
otherwise.
`

func main() {
	if len(os.Args) < 2 {
		misused("a role is missing: switch")
	}
	if os.Args[1] != "switch" {
		misused(fmt.Sprintf("%q is not a role", os.Args[1]))
	}
	if err := runSwitch(os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runSwitch reads the flags, plugs the cables in and runs the switch.
func runSwitch(args []string) error {
	flags := flag.NewFlagSet("switch", flag.ExitOnError)
	flags.Usage = printUsage
	var c config
	flags.Var(&c.ports, "port", "a port and the two ends of its cable")
	flags.Var(&c.access, "access", "a port for one VLAN without tags")
	flags.Var(&c.trunks, "trunk", "a port for several VLANs with tags")
	age := flags.Duration("age", 300*time.Second, "how long an entry of the table lives")
	max := flags.Int("max", 1024, "how many entries the table has room for")
	realtime := flags.Bool("realtime", false, "let the clock follow the system's")
	flags.Parse(args) // ends the program with status 2 where a flag is wrong
	if flags.NArg() > 0 {
		misused(fmt.Sprintf("%q is too much", flags.Arg(0)))
	}
	if *age < 0 {
		misused("-age cannot be negative")
	}
	if *max < 1 {
		misused("-max must be at least 1")
	}
	ports, err := c.read()
	if err != nil {
		misused(err.Error())
	}

	for _, p := range ports {
		if err := p.plugIn(); err != nil {
			return err
		}
	}
	s := newSwitch(ports, *age, *max, os.Stdout)
	if err := s.advance(0); err != nil { // the clock starts at 0
		return err
	}
	endOnSignal()
	for _, p := range ports {
		if _, err := fmt.Printf("listening on %s %s\n", p.name, p.address()); err != nil {
			return err
		}
	}
	return run(s, ports, readLines(os.Stdin), *realtime)
}

// run lets the switch live: it hands it, one at a time, the frames that arrive,
// the commands that are typed and the time that passes. Nothing else calls the
// switch, so it needs no locks. An error of the switch's ends the program.
func run(s *lswitch, ports []*port, lines <-chan string, realtime bool) error {
	frames := make(chan arrival)
	for _, p := range ports {
		go p.receive(frames)
	}

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
			if !ok || line == "q" {
				return nil
			}
			err = obey(s, line)
		case a := <-frames:
			err = s.receive(a.in, a.frame)
		case <-wake:
			now := time.Since(started)
			err = s.advance(now - passed)
			passed = now
		}
		if err != nil {
			return err
		}
	}
}

// obey has the switch do what a line says. A line that says nothing it knows is
// reported and ignored.
func obey(s *lswitch, line string) error {
	words := strings.Fields(line)
	switch {
	case len(words) == 1 && words[0] == "macs":
		return s.printMACs()
	case len(words) == 2 && words[0] == "tick":
		if d, err := time.ParseDuration(words[1]); err == nil && d >= 0 {
			return s.advance(d)
		}
	}
	fmt.Fprintf(os.Stderr, "%q is no command: macs, tick DURATION, q\n", line)
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

// endOnSignal makes SIGINT (Ctrl-C) and SIGTERM end the program at once.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
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
