package harness_test

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wirebook/harness"
)

// Programs at the end of a cable: devices, each with the argument LOCAL,REMOTE.
var cableDemos = demos{
	// mirror sends each frame back as it came, and tells at each line how many
	// came since the last.
	"mirror": func(args []string) {
		c, remote := plugIn(args[0])
		var came atomic.Int32
		go func() {
			for buf := make([]byte, 2000); ; {
				n, err := c.Read(buf)
				if err != nil {
					panic(err)
				}
				came.Add(1)
				c.WriteToUDPAddrPort(buf[:n], remote)
			}
		}()
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			fmt.Printf("%s: %d\n", s.Text(), came.Swap(0))
		}
	},
	// wire puts what comes out of one cable into the other.
	"wire": func(args []string) { wire(args, 0, 0) },
	// hop does so, and makes a TTL one less.
	"hop": func(args []string) { wire(args, 0, 1) },
	// slow-wire takes its time for each frame.
	"slow-wire": func(args []string) { wire(args, 400*time.Millisecond, 0) },
	// census counts the sources of frames.
	"census": func(args []string) {
		c, _ := plugIn(args[0])
		var mu sync.Mutex
		sources := make(map[string]bool)
		go func() {
			for buf := make([]byte, 2000); must(c.Read(buf)) > 0; {
				mu.Lock()
				sources[string(buf[6:12])] = true
				mu.Unlock()
			}
		}()
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			mu.Lock()
			fmt.Println(len(sources))
			mu.Unlock()
		}
	},
	// sink takes frames and sends none.
	"sink": func(args []string) {
		c, _ := plugIn(args[0])
		for buf := make([]byte, 2000); ; {
			must(c.Read(buf))
		}
	},
	// elsewhere sends frames from another socket than it said.
	"elsewhere": func(args []string) {
		c, remote := plugIn(args[0])
		other := must(net.Dial("udp", remote.String()))
		for buf := make([]byte, 2000); ; {
			other.Write(buf[:must(c.Read(buf))])
		}
	},
	// storm prints without end as soon as a frame has come.
	"storm": func(args []string) {
		c, _ := plugIn(args[0])
		for buf := make([]byte, 2000); must(c.Read(buf)) > 0; {
			for line := strings.Repeat("a frame, ", 500); ; {
				fmt.Println(line)
			}
		}
	},
	"unplug": func(args []string) {
		plugIn(args[0])
		os.Exit(1)
	},
}

// wire prints, at each line, how many frames it has passed on.
func wire(args []string, late time.Duration, less byte) {
	var ends []*net.UDPConn
	var remotes []netip.AddrPort
	for _, arg := range args {
		name, addrs, _ := strings.Cut(arg, "=")
		c, remote := bindPort(addrs)
		fmt.Printf("listening on %s %v\n", name, c.LocalAddr())
		ends, remotes = append(ends, c), append(remotes, remote)
	}
	var passed atomic.Int32
	pass := func(from, to int) {
		for buf := make([]byte, 2000); ; {
			n, err := ends[from].Read(buf)
			if err == nil { // and not the refusal of an end where nobody is
				time.Sleep(late)
				buf[22] -= less // where an IPv4 header has the TTL
				ends[to].WriteToUDPAddrPort(buf[:n], remotes[to])
				passed.Add(1)
			}
		}
	}
	go pass(0, 1)
	go pass(1, 0)
	for s := bufio.NewScanner(os.Stdin); s.Scan(); {
		fmt.Println(passed.Load())
	}
}

func plugIn(ends string) (*net.UDPConn, netip.AddrPort) {
	c, remote := bindPort(ends)
	fmt.Printf("listening on %v\n", c.LocalAddr())
	return c, remote
}

func bindPort(ends string) (*net.UDPConn, netip.AddrPort) {
	local, remote, _ := strings.Cut(ends, ",")
	c := must(net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort(local))))
	return c, netip.MustParseAddrPort(remote)
}

// plugged is a script with a program at the cable lan.
func plugged(program, script string) string {
	return "cable lan\nstart " + program + " 127.0.0.1:0,$lan\n" + script
}

// numbers is a script in which eight segments with these numbers come, and are judged.
func numbers(all string) string {
	var script strings.Builder
	for i, n := range strings.Fields(all) {
		fmt.Fprintf(&script, "frame lan send tcp seq=%s\nframe lan expect tcp seq=%s as=s%d\n", n, n, i)
	}
	return plugged("mirror", script.String()+"frame lan unguessable tcp of=s0,s1,s2,s3,s4,s5,s6,s7")
}

// between is a script with a wire between the cables a and b.
func between(script string) string {
	return "cable a\ncable b\nstart wire eth-0=127.0.0.1:0,$a eth_1=127.0.0.1:0,$b\n" + script
}

// A page tells what a device changed in a frame that it passed on.
func TestLadderTellsChanges(t *testing.T) {
	t.Parallel()
	r := demoPlayer(t).Play(t.Context(), scenario(t, "cable a\ncable b\nstart hop eth0=127.0.0.1:0,$a eth1=127.0.0.1:0,$b\nframe a send icmp ttl=9\nframe b expect icmp ttl=9\n"))
	if r.Status != harness.Fail {
		t.Fatalf("%v %v", r.Status, r.Err)
	}
	if last := r.Failure.Ladder[len(r.Failure.Ladder)-1]; last.Changed != "ttl=8" {
		t.Errorf("changed: %q", last.Changed)
	}
}

// A page tells what a switch can know of a frame's destination: what it has heard from it,
// how long ago.
func TestLadderTellsWhatWasHeard(t *testing.T) {
	t.Parallel()
	r := demoPlayer(t).Play(t.Context(), scenario(t, between("frame a send raw src=02-00-00-00-00-0a dst=02-00-00-00-00-0b as=x\nframe b expect copy of=x\n"+
		"tick wire 1500ms\ntick wire 500ms\nframe b send raw src=02-00-00-00-00-0b dst=02-00-00-00-00-0a as=y\nframe b expect copy of=y\n")))
	if r.Status != harness.Fail {
		t.Fatalf("%v %v", r.Status, r.Err)
	}
	var heard []string
	for _, rung := range r.Failure.Ladder {
		if rung.Heard != "" {
			heard = append(heard, rung.Heard)
		}
	}
	if want := []string{"nothing from 02-00-00-00-00-0b", "02-00-00-00-00-0a at a 2s ago"}; !slices.Equal(heard, want) {
		t.Errorf("heard: %q, want %q", heard, want)
	}
}

var cablePlays = []played{
	{"the same frame on another cable", between("frame a send icmp vlan=10 as=ping\nframe b expect copy of=ping vlan=10 as=there\nframe b send answer of=there vlan=10\nframe a expect icmp type=reply vlan=10"), harness.Pass, ""},
	{"another frame than the same", between("frame a send icmp vlan=10 as=ping\nframe b expect copy of=ping"), harness.Fail, "wire sent a wrong frame: want echo request"},
	{"a frame that is not forwarded as by a router", between("frame a send icmp as=ping\nframe b expect forwarded of=ping"), harness.Fail, "wire sent a wrong frame: ttl (time to live) is 64, want 63"},
	{"no frame that is the same", between("frame a send icmp as=ping\nframe a expect copy of=ping"), harness.Fail, "wire should send the frame copy of=ping; nothing came"},
	{"what came before an end was pulled out", between("frame a send arp\nquiet a\nclose b\nframe a send arp\nquiet\nplug b\nframe a send icmp as=ping\nframe b expect copy of=ping\nframe b send arp as=back\nframe a expect copy of=back\nquiet"), harness.Fail, "wire sent a wrong frame: want echo request"},
	{"an end that is pulled out for a while", between("frame a send arp as=first\nframe b expect copy of=first\nclose b\nframe a send arp\nquiet\nplug b\nframe a send icmp as=ping\nframe b expect copy of=ping\nframe b send arp as=back\nframe a expect copy of=back\nquiet"), harness.Pass, ""},
	{"an end that was not pulled out", between("plug b"), harness.Error, "the cable b is plugged in; close b pulls it out"},
	{"many stations", plugged("census", "frame lan send raw src=02-00-00-00-ff-80 stations=1000\ntick census 1s\nscreen census '1000\\n'\nframe lan send raw src=02-00-00-01-03-67 stations=2\ntick census 1s\nscreen census '1001\\n'"), harness.Pass, ""},
	{"the same as no frame", between("frame a send icmp\nframe b expect copy of=ping"), harness.Error, "no frame was sent or expected as=ping"},
	{"a frame", plugged("mirror", "frame lan send arp\nframe lan expect arp op=request"), harness.Pass, ""},
	{"a frame with a wrong field", plugged("mirror", "frame lan send arp\nframe lan expect arp op=reply"), harness.Fail, "mirror sent a wrong frame"},
	{"a frame of another kind", plugged("mirror", "frame lan send arp\nframe lan expect icmp"), harness.Fail, "mirror sent a wrong frame"},
	{"no frame", plugged("sink", "frame lan send arp\nframe lan expect arp"), harness.Fail, "sink should send the frame arp; nothing came, it was at rest for 2s"},
	{"nobody is left to send", plugged("unplug", "frame lan expect arp"), harness.Fail, "unplug ended with exit status 1 before it sent arp"},
	{"a stream, however it is cut", plugged("mirror", "frame lan send tcp seq=4294967295 data=he\nframe lan send tcp seq=1 flags=FIN,ACK data=llo\nframe lan gather tcp seq=4294967295 flags=FIN,ACK data=hello most=3"), harness.Pass, ""},
	{"a stream in larger segments", plugged("mirror", "frame lan send tcp data=hello\nframe lan gather tcp seq=0 data=hello most=4"), harness.Fail, "want a segment of at most 4 bytes"},
	{"a stream with other text", plugged("mirror", "frame lan send tcp data=he\nframe lan send tcp seq=2 data=lp\nframe lan gather tcp seq=0 data=hello"), harness.Fail, `data (bytes carried) is "lp", want "ll"`},
	{"a stream with a gap", plugged("mirror", "frame lan send tcp data=he\nframe lan send tcp seq=3 data=lo\nframe lan gather tcp seq=0 data=hello"), harness.Fail, "seq (sequence number) is 3, want 2"},
	{"a segment without text in a stream", plugged("mirror", "frame lan send tcp\nframe lan send tcp data=hello\nframe lan gather tcp seq=0 data=hello"), harness.Fail, "data (bytes carried)"},
	{"a stream that does not end", plugged("mirror", "frame lan send tcp data=hello\nframe lan gather tcp seq=0 flags=FIN,ACK data=hello"), harness.Fail, "5 of 5 octets came, and no FIN behind them, it was at rest"},
	{"a stream that is acknowledged in the end", plugged("mirror", "frame lan send tcp ack=1 data=hello\nframe lan send tcp seq=5 ack=2\nframe lan gather tcp seq=0 ack=1|2 data=hello"), harness.Pass, ""},
	{"a stream that is not acknowledged", plugged("mirror", "frame lan send tcp ack=1 data=hello\nframe lan gather tcp seq=0 ack=1|2 data=hello"), harness.Fail, "5 of 5 octets came, and no acknowledgment of 2, it was at rest"},
	{"numbers that nobody guesses", numbers("0 268435456 268435457 268435458 268435459 268435460 268435461 268435462"), harness.Pass, ""},
	{"numbers that somebody guesses", numbers("4294967295 0 1 268435456 268435456 268435457 268435458 268435459"), harness.Fail, "each is less than 2^28 above the one before: 4294967295, 0, 1 ..."},
	{"numbers of no segments", plugged("mirror", "frame lan send arp as=a\nframe lan expect arp\nframe lan unguessable tcp of=a,a,a,a,a,a,a,a"), harness.Error, "a has no sequence number"},
	{"a frame that may come", plugged("mirror", "frame lan maybe tcp seq=7\nframe lan send tcp seq=7\nframe lan send arp\nframe lan expect arp"), harness.Pass, ""},
	{"a frame that may come at the end, and one that may but does not", plugged("mirror", "frame lan maybe tcp seq=7\nframe lan maybe tcp seq=8\nframe lan send tcp seq=7\nquiet"), harness.Pass, ""},
	{"a frame that may come once", plugged("mirror", "frame lan maybe tcp seq=7\nframe lan send tcp seq=7\nframe lan send tcp seq=7\nquiet"), harness.Fail, "nothing should come here, but lan received"},
	{"frames in any order", plugged("mirror", "frame lan send arp\nframe lan send icmp\nframe lan expect icmp + arp"), harness.Pass, ""},
	{"one of two frames is wrong", plugged("mirror", "frame lan send arp\nframe lan send udp\nframe lan expect icmp + arp"), harness.Fail, "mirror sent a wrong frame"},
	{"an answer to a frame", plugged("mirror", "frame lan send icmp\nframe lan expect icmp as=ping\nframe lan send answer of=ping data='\\xff\\x00'\nframe lan expect icmp type=reply data='\\xff\\x00'"), harness.Pass, ""},
	{"an answer to nothing", plugged("mirror", "frame lan send answer"), harness.Error, "demo.txtar:4: "},
	{"a frame that nobody asked for", plugged("mirror", "frame lan send arp\nframe lan send arp\nquiet"), harness.Fail, "nothing should come here, but lan received"},
	{"no frame, and none should come", plugged("sink", "frame lan send arp\nquiet lan"), harness.Pass, ""},
	{"from another socket", plugged("elsewhere", "frame lan send arp\nquiet"), harness.Fail, "from another socket than the one that the program said it is bound to"},
	{"a clock behind the frames", plugged("mirror", "frame lan send arp\nframe lan send arp\nframe lan expect arp\nframe lan expect arp\ntick mirror 1s\nscreen mirror 'tick 1s: 2\\n'\nframe lan send arp\ntick mirror 2s\nscreen mirror 'tick 2s: 1\\n'\nframe lan expect arp"), harness.Pass, ""},
	{"a clock that does not move", plugged("sink", "tick sink 1s\nscreen sink 'x'"), harness.Fail, "sink should print"},
	{"a clock of one who never rests", plugged("storm", "frame lan send arp\ntick storm 1s"), harness.Fail, "come to rest before something is typed; it printed more than 8 MiB"},
	{"the keyboard of one who never rests", plugged("storm", "frame lan send arp\nend storm"), harness.Fail, "come to rest before something is typed; it printed more than 8 MiB"},
	{"a cable pulled out", plugged("mirror", "frame lan send arp\nframe lan expect arp\nclose lan\ntick mirror 1s\nscreen mirror 'tick 1s: 1\\n'"), harness.Pass, ""},
}
