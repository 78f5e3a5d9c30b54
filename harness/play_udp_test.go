package harness_test

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"wirebook/harness"
)

// Programs that talk over UDP.
var udpDemos = demos{
	// answers sends each datagram back in brackets, and prints it.
	"answers": func([]string) {
		serveUDP(func(c *net.UDPConn, from netip.AddrPort, data []byte) {
			fmt.Printf("%s\n", data)
			c.WriteToUDPAddrPort(fmt.Appendf(nil, "<%s>", data), from)
		})
	},
	"hears": func([]string) {
		serveUDP(func(_ *net.UDPConn, _ netip.AddrPort, data []byte) { fmt.Printf("%s\n", data) })
	},
	// asks sends what is typed, and prints the answers.
	"asks": func(args []string) {
		c := must(net.Dial("udp", args[0]))
		go func() {
			for s := bufio.NewScanner(os.Stdin); s.Scan(); {
				c.Write(s.Bytes())
			}
			os.Exit(0)
		}()
		for buf := make([]byte, 64<<10); ; {
			n, err := c.Read(buf)
			if err != nil {
				fmt.Println("refused")
				continue
			}
			fmt.Printf("%s\n", buf[:n])
		}
	},
	// clock tells the time by a clock that is right or wrong.
	"clock": func(args []string) {
		began := time.Now()
		serveUDP(func(c *net.UDPConn, from netip.AddrPort, _ []byte) {
			says := map[string]string{
				"right":   fmt.Sprint(time.Now().Unix()),
				"stopped": fmt.Sprint(began.Unix()),
				"fast":    fmt.Sprint(time.Now().Unix() + 3600),
				"padded":  fmt.Sprintf(" %d", time.Now().Unix()),
			}
			c.WriteToUDPAddrPort([]byte(says[args[2]]), from)
		})
	},
	// repeats sends a word, and after a pause again.
	"repeats": func(args []string) {
		c := must(net.Dial("udp", args[0]))
		c.Write([]byte("1"))
		time.Sleep(must(time.ParseDuration(args[1])))
		c.Write([]byte("2"))
	},
	// moves sends each line from a socket of its own.
	"moves": func(args []string) {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			must(net.Dial("udp", args[0])).Write(s.Bytes())
		}
	},
}

func serveUDP(handle func(c *net.UDPConn, from netip.AddrPort, data []byte)) {
	c := must(net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0"))))
	fmt.Printf("listening on %v\n", c.LocalAddr())
	for buf := make([]byte, 64<<10); ; {
		n, from, err := c.ReadFromUDPAddrPort(buf)
		if err != nil {
			panic(err)
		}
		handle(c, from, buf[:n])
	}
}

// relayed lets three datagrams pass a relay with rules.
func relayed(rules, screen string) string {
	return "start hears -listen :0\nrelay r $hears " + rules + "\nsocket ann\n" +
		"sendto ann $r 1\nsendto ann $r 2\nsendto ann $r 3\nquiet ann\nscreen hears '" + screen + "'\n"
}

// repeated lets two datagrams come after a pause, and asks how far apart they are.
func repeated(pause, apart string) string {
	return "socket srv\nstart repeats $srv " + pause + "\nrecvfrom srv '1'\nrecvfrom srv '2'\napart srv " + apart + "\nexits repeats\n"
}

// timed asks a clock for the time, in the second after it has begun.
func timed(clock string) string {
	return "lasts 1s\nstart clock -listen 127.0.0.1:0 " + clock + "\nsocket ann\nsendto ann $clock x -later\nrecvfrom ann -clock\n"
}

var udpPlays = []played{
	{"an answer", "start answers -listen :0\nsocket ann\nsendto ann $answers 'a' 'b'\nscreen answers 'ab\\n'\nrecvfrom ann '<ab>'\nsendto ann $ann_from x\nrecvfrom ann '<x>' -from $answers\nscreen answers 'x\\n'", harness.Pass, ""},
	{"another answer", "start answers -listen :0\nsocket ann\nsendto ann $answers 'a'\nrecvfrom ann 'a'", harness.Fail, `ann should receive the datagram "a" from answers, but another came`},
	{"no answer", "start hears -listen :0\nsocket ann\nsendto ann $hears 'a'\nrecvfrom ann 'a'", harness.Fail, `ann should receive the datagram "a" from hears; nothing came, it was at rest for 2s`},
	{"no empty answer", "start hears -listen :0\nsocket ann\nsendto ann $hears 'a'\nrecvfrom ann ''", harness.Fail, `the datagram without a byte from hears`},
	{"nobody is left to answer", "socket ann\nrun exit 0\nrecvfrom ann 'a'", harness.Fail, `program ended with exit status 0 before it sent "a" to ann`},
	{"a file, many times", "socket ann\nsocket bob\nsendto ann $bob -file text -times 2\nrecvfrom bob -file text -times 2 -from $ann\n-- text --\none\n", harness.Pass, ""},
	{"an answer that matches", "start answers -listen :0\nsocket ann\nsendto ann $answers abc\nrecvfrom ann -match '<[a-c]*>'\nscreen answers 'abc\\n'", harness.Pass, ""},
	{"an answer that matches in part", "start answers -listen :0\nsocket ann\nsendto ann $answers abc\nrecvfrom ann -match '<[a-c]*'", harness.Fail, `ann should receive a datagram that matches "<[a-c]*" from answers; it got "<abc>"`},
	{"an answer that nobody asked for", "start answers -listen :0\nsocket ann\nsendto ann $answers abc\nsendto ann $answers d\nscreen answers 'abc\\nd\\n'\nquiet", harness.Fail, `ann received "<abc>" and 1 more`},
	{"a client", "socket srv\nstart asks $srv\ntype asks 'a\\n'\nrecvfrom srv 'a'\nsendto srv $srv_from 'b'\nscreen asks 'b\\n'\ntype asks 'c\\n'\nrecvfrom srv 'c' -from $srv_from\nend asks\nexits asks", harness.Pass, ""},
	{"a client that changes its socket", "socket srv\nstart moves $srv\ntype moves 'a\\n'\nrecvfrom srv 'a'\ntype moves 'b\\n'\nrecvfrom srv 'b' -from $srv_from", harness.Fail, "moves should keep one socket for all that it sends"},
	{"a server that is gone, and comes again", "socket srv\nstart asks $srv\ntype asks 'a\\n'\nrecvfrom srv 'a'\nclose srv\ntype asks 'b\\n'\nscreen asks 'refused\\n'\nsocket srv -on $srv\ntype asks 'c\\n'\nrecvfrom srv 'c'\nend asks\nexits asks", harness.Pass, ""},
	{"two datagrams apart", repeated("50ms", "50ms"), harness.Pass, ""},
	{"one at once after the other", "[!linux] skip 'no stamps'\n" + repeated("0s", "1h"), harness.Fail, "repeats should wait before it sends the next datagram to srv; it came less than 1h0m0s after the one before"},
	{"one at once after an answer that was late", "[!linux] skip 'no stamps'\nstart answers -listen :0\nsocket ann\nsocket bob\nsendto ann $answers 1\nrecvfrom ann '<1>'\nsendto bob $answers x -later\nrecvfrom bob '<x>'\nsendto ann $answers 2 -later\nrecvfrom ann '<2>'\napart ann 500ms", harness.Fail, "answers should wait before it sends the next datagram to ann; it came less than 500ms after ann's own"},
	{"a clock", timed("right"), harness.Pass, ""},
	{"a clock that stands still", timed("stopped"), harness.Fail, "ann should receive a datagram with the seconds since 1970, by our clock, from clock; the time that it got was over before it asked"},
	{"a clock that is fast", timed("fast"), harness.Fail, "the time that it got is still to come"},
	{"another thing than the time", timed("padded"), harness.Fail, `from clock; it got " `},

	{"a relay", relayed("", `1\n2\n3\n`), harness.Pass, ""},
	{"a loss", relayed("drop 2", `1\n3\n`), harness.Pass, ""},
	{"a double", relayed("dup 1", `1\n1\n2\n3\n`), harness.Pass, ""},
	{"an exchange", relayed("swap 1 3", `3\n2\n1\n`), harness.Pass, ""},
	{"a delay", relayed("hold 1 until 2", `2\n1\n3\n`), harness.Pass, ""},
	{"all of them", relayed("dup 1 swap 2 3", `1\n1\n3\n2\n`), harness.Pass, ""},
	{"a delay without an end", relayed("hold 1 until 4", `2\n3\n`), harness.Fail, "r got held: [1], for one that never came"},
	{"a relay's answers", "start answers -listen :0\nrelay r $answers drop 1\nsocket ann\nsendto ann $r 1\nsendto ann $r 2\nrecvfrom ann '<2>' -from $r\nscreen answers '2\\n'", harness.Pass, ""},
}
