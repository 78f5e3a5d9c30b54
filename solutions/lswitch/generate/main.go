// Command generate prints random traffic for the lswitch lesson in the script
// language:
//
//	generate SEED N    N bursts of frames; the same arguments, the same traffic
//
// A few stations, and some who are none, sit behind five ports of one switch,
// move about and talk in two VLANs and beside the rules; time passes. What the
// lesson leaves free is kept out: a burst comes in by one port, and is dealt
// with before the next; no source is a group's, and none is its destination.
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
	if len(args) != 2 {
		return fmt.Errorf("usage: generate SEED N")
	}
	seed, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 1 {
		return fmt.Errorf("%q is not a number of bursts", args[1])
	}
	t := &traffic{rand.New(rand.NewPCG(uint64(seed), 0))}
	t.start()
	for range n {
		t.burst()
	}
	return nil
}

type traffic struct{ *rand.Rand }

var ports = []string{"a", "b", "c", "t", "u"}

// start plugs the cables in. Both VLANs have ports of all kinds.
func (t *traffic) start() {
	fmt.Println("# frames: raw") // not a byte of any is free
	command := "start switch"
	for _, p := range ports {
		fmt.Println("cable", p)
		command += fmt.Sprintf(" -port %s=127.0.0.1:0,$%s", p, p)
	}
	fmt.Printf("%s -age 4s -max %d -access a=10 -access b=10 -access c=20 -trunk t=10,20 -trunk u=20,native=10\n", command, 5+t.IntN(5))
}

// burst is some frames by one port. A line behind them lets the switch come to
// rest, since the order of what comes in by two ports is free.
func (t *traffic) burst() {
	port := ports[t.IntN(len(ports))]
	for range 1 + t.IntN(6) {
		t.frame(port)
	}
	if t.IntN(3) == 0 {
		fmt.Println(`type switch 'macs\n'`)
		return
	}
	// Whole seconds meet the age exactly.
	fmt.Println("tick switch", t.pick("0s", "0s", "1s", "1s", "2s", "1999ms", "1ms", "500us"))
}

func (t *traffic) frame(port string) {
	src := t.station()
	dst := t.pick("broadcast", "broadcast", "01-00-5e-00-00-01", "01-80-c2-00-00-10", "02-00-00-00-00-99", "", "", "", "")
	for dst == "" || dst == src {
		dst = t.station()
	}
	tag := t.pick("", "", "", " vlan=0", " vlan=10", " vlan=10", " vlan=20", " vlan=20", " vlan=30", " vlan=4095", " vlan=266")
	if tag != "" {
		tag += fmt.Sprintf(" prio=%d dei=%d", t.IntN(8), t.IntN(2))
	}
	fmt.Printf("frame %s send raw src=%s dst=%s%s ", port, src, dst, tag)
	switch t.IntN(10) {
	case 0:
		fmt.Println("hex=")
	case 1:
		fmt.Printf("ethertype=0x8100 hex=%04x0800aabb\n", t.IntN(1<<16)) // a second tag, or the first one
	case 2:
		fmt.Printf("ethertype=0x88a8 hex=%04x0800aabb\n", t.IntN(1<<16))
	case 3:
		fmt.Printf("hex=0000 cut=%d\n", 14+t.IntN(3))
	case 4:
		// The second can teach only what the first has taught: whether it does is free.
		fmt.Printf("size=%d\n", t.IntN(1500))
		fmt.Printf("frame %s send raw src=%s dst=01-80-c2-00-00-0%x%s\n", port, src, t.IntN(16), tag)
	default:
		fmt.Printf("size=%d\n", t.IntN(1500))
	}
}

func (t *traffic) station() string { return fmt.Sprintf("02-00-00-00-00-0%x", 0xa+t.IntN(6)) }

func (t *traffic) pick(choices ...string) string { return choices[t.IntN(len(choices))] }
