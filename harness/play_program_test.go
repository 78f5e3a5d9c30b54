package harness_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"wirebook/harness"
)

// Programs that start, work and end in one way or another.
var programDemos = demos{
	"busy": func([]string) {
		for i := 0; ; i++ {
			os.Args[0] = os.Args[0][:len(os.Args[0])]
		}
	},
	"hang": func([]string) {
		signal.Ignore(os.Interrupt, syscall.SIGTERM)
		fmt.Println("ready")
		select {}
	},
	"crash": func([]string) { panic("boom") },
	// last-words prints a line, and crashes.
	"last-words": func([]string) {
		fmt.Println("well")
		panic("boom")
	},
	"exit":  func(args []string) { os.Exit(must(strconv.Atoi(args[0]))) },
	"hoard": func([]string) { awaitLimits(); hoard() },
	// umask makes a file for everybody.
	"umask": func([]string) {
		if err := os.WriteFile("made", nil, 0o666); err != nil {
			panic(err)
		}
	},
	// writes says whether it could print.
	"writes": func([]string) {
		if _, err := fmt.Println("here"); err != nil {
			os.Exit(1)
		}
	},
	// prints prints much, and then says so.
	"prints": func([]string) {
		bufio.NewReader(os.Stdin).ReadString('\n')
		os.Stdout.Write(bytes.Repeat([]byte("x"), printed))
		fmt.Fprintln(os.Stderr, "all printed")
	},
	"setting": func(args []string) { fmt.Println(os.Getenv(args[0])) },
	// announce prints lines where it listens, right or wrong, and stays.
	"announce": func(args []string) {
		for _, line := range args[1:] {
			fmt.Println(line)
		}
		io.Copy(io.Discard, os.Stdin)
	},
	// opens opens so many files and says how often that went well.
	"opens": func(args []string) {
		awaitLimits()
		for i := range must(strconv.Atoi(args[0])) {
			if _, err := os.Open(os.Args[0]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Setenv("opened", strconv.Itoa(i))
		}
	},
	// fills writes a file of so many bytes.
	"fills": func(args []string) {
		awaitLimits()
		if err := os.WriteFile("full", make([]byte, must(strconv.Atoi(args[0]))), 0o666); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	},
	// toils works for as many milliseconds as each line says.
	"toils": func([]string) {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); fmt.Println("done") {
			work(time.Duration(must(strconv.Atoi(s.Text()))) * time.Millisecond)
		}
	},
	// ends ends by itself when it is told to, 50 ms after it has said where it
	// listens: a program that is about to ask for signals.
	"ends": func([]string) {
		l := must(net.Listen("tcp", "127.0.0.1:0"))
		fmt.Printf("listening on %v\n", l.Addr())
		work(50 * time.Millisecond)
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		<-signals
		os.Exit(0)
	},
	"polling": func([]string) {
		for range time.Tick(time.Millisecond) {
			fmt.Fprint(io.Discard, "")
		}
	},
	"logging": func([]string) {
		for range time.Tick(10 * time.Millisecond) {
			fmt.Fprintln(os.Stderr, "still here")
		}
	},
}

// printed is more than a pipe holds.
const printed = 1 << 20

// awaitLimits waits until the keyboard ends. Where nobody may trace a program, it is
// executed a moment before it has its limits.
func awaitLimits() { io.Copy(io.Discard, os.Stdin) }

// work uses a processor for about so long.
func work(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

var hoarded [][]byte

func hoard() {
	for range 8 {
		b := make([]byte, 16<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		hoarded = append(hoarded, b)
	}
	fmt.Println("hoarded")
}

var programPlays = []played{
	{"a crash", "start crash -listen :0", harness.Fail, `"panic: boom"`},
	{"a crash behind a line too many", "start last-words\nquiet", harness.Fail, `last-words printed "well\n"; last-words ended with exit status 2; it said "panic: boom`},
	{"an unseen crash", "start exit 3", harness.Fail, "ended with exit status 3, although no step asked it to end"},
	{"the wrong exit", "start exit 3\nexits exit 1|2", harness.Fail, "should end with exit status 1 or 2, but ended with exit status 3"},
	{"one of two exits", "start exit 2\nexits exit 1|2", harness.Pass, ""},
	{"killed", "start hang\nscreen hang 'ready\\n'\nsignal hang KILL\nexits hang killed", harness.Pass, ""},
	{"an end for a kill", "start exit 3\nexits exit killed", harness.Fail, "should end with exit status killed, but ended with exit status 3"},
	{"no end", "start hang\nscreen hang 'ready\\n'\nsignal hang TERM\nexits hang", harness.Fail, "hang should end; it was at rest"},
	{"two of one program", "start -as one cat\nstart -as two cat\ntype one 'a'\nscreen one 'a'\nquiet two\nend one\nend two\nexits one\nexits two", harness.Pass, ""},
	{"a setting", "start -env WORD=hello setting WORD\nscreen setting 'hello\\n'\nexits setting", harness.Pass, ""},
	{"another setting", "start -env WORD=hello setting WORD\nscreen setting 'world\\n'", harness.Fail, "something else came"},

	{"ports with names", "start announce 'a=127.0.0.1:0' 'listening on a 127.0.0.1:4711'\nstart say $announce_a\nscreen say '127.0.0.1:4711'\nexits say\nend announce\nexits announce", harness.Pass, ""},
	{"nobody waits for the line", "start -nowait announce 127.0.0.1:0 'listening on 127.0.0.1:4711'\nscreen announce 'listening on 127.0.0.1:4711\\n'", harness.Pass, ""},
	{"another line than the promised one", "start announce 127.0.0.1:0 hello", harness.Fail, "announce printed another line than where it listens"},
	{"a line without an address", "start announce 127.0.0.1:0 'listening on me:x'", harness.Fail, `in which "me:x" is no address`},
	{"a line without a port", "start announce 127.0.0.1:0 'listening on 127.0.0.1:0'", harness.Fail, `in which "127.0.0.1:0" is no address with the port that the system chose`},
	{"no line", "start announce 127.0.0.1:0", harness.Fail, `announce should print the line "listening on HOST:PORT" when it is bound`},
	{"an end before the line", "start exit 3 127.0.0.1:0", harness.Fail, `exit ended with exit status 3 before it printed the line "listening on`},

	{"enough memory", "limit memory 2G\nrun hoard\nscreen program 'hoarded\\n'", harness.Pass, ""},
	{"too many descriptors", "[!unix] skip 'no such limit'\nlimit descriptors 32\nrun -exit 1 opens 64\ncomplains program 'too many open files'", harness.Pass, ""},
	{"few descriptors", "limit descriptors 64\nrun opens 16", harness.Pass, ""},
	{"more descriptors than are left", "[!unix] skip 'no such limit'\nlimit descriptors 32\nrun opens 64", harness.Fail, "too many open files"},
	{"too large a file", "[!unix] skip 'no such limit'\nlimit disk 4K\nrun fills 8192", harness.Fail, "file too large"},
	{"a file not too large", "limit disk 4K\nrun fills 4096\nfile full -size 4096", harness.Pass, ""},

	{"a signal comes at rest", "[windows] skip 'no signals'\nstart ends 127.0.0.1:0\nsignal ends TERM\nexits ends", harness.Pass, ""},
	{"a signal to a program that works", "[windows] skip 'no signals'\nstart busy\nsignal busy TERM -busy\nexits busy killed", harness.Pass, ""},
	{"a signal that waits for rest in vain", "[windows] skip 'no signals'\nstart flood\nsignal flood INT", harness.Fail, "the program should come to rest before it gets the signal INT; it printed more than 8 MiB"},
	{"a signal to the dead", "[windows] skip 'no signals'\nstart exit 1\nsignal exit HUP", harness.Fail, "exit ended with exit status 1 before it got the signal HUP"},

	{"a program stands still and goes on", "[windows] skip 'no signals'\nstart cat\nsignal cat STOP\ntype cat 'a'\nquiet\nsignal cat CONT\nscreen cat 'a'\nend cat\nexits cat", harness.Pass, ""},
	{"what works rests when it stands still", "[windows] skip 'no signals'\nstart busy\nsignal busy STOP -busy\nquiet", harness.Pass, ""},
	{"no timer fires at what stands still", "[windows] skip 'no signals'\nstart polling\nsignal polling STOP\nquiet -timers", harness.Pass, ""},
	{"the end of what stands still", "[windows] skip 'no signals'\nstart hang\nscreen hang 'ready\\n'\nsignal hang STOP\nsignal hang KILL\nexits hang killed", harness.Pass, ""},
	{"what stands still owes an answer", "[windows] skip 'no signals'\nstart cat\nsignal cat STOP\ntype cat 'a'\nscreen cat 'a'", harness.Fail, `cat should print "a"; nothing came`},
	{"to go on is no leave to end", "[windows] skip 'no signals'\nstart cat\nsignal cat STOP\nend cat\nsignal cat CONT\nquiet", harness.Fail, "nothing should happen here, but cat ended with exit status 0"},

	{"equal work", "start toils\ntype toils '80\\n'\nscreen toils 'done\\n'\nwork toils one\ntype toils '80\\n'\nscreen toils 'done\\n'\nwork toils two\nwork toils one two 40", harness.Pass, ""},
	{"unequal work", "[!linux] skip 'no accounts'\nstart toils\nwork toils start\ntype toils '1\\n'\nscreen toils 'done\\n'\nwork toils light\ntype toils '1000\\n'\nscreen toils 'done\\n'\nwork toils heavy\nwork toils light heavy 2", harness.Fail, `toils should do the same work for "light" and "heavy"; one of them took it more than 2 times`},

	{"descriptors come back", "[linux] start mute -listen :0\n[linux] descriptors mute\n[linux] dial ann $mute\n[linux] close ann\n[linux] descriptors mute", harness.Pass, ""},
	{"descriptors leak", "[!linux] skip 'x'\nstart leaky -listen :0\ndescriptors leaky\ndial ann $leaky\nsend ann 'x'\ndrained ann\nclose ann\ndescriptors leaky", harness.Fail, "should have closed what it opened"},
	{"descriptors of the dead", "start exit 3\nexits exit 3\ndescriptors exit", harness.Fail, "exit ended with exit status 3 before it was looked at"},

	{"an umask", "[windows] skip 'no modes'\nstart -umask 026 umask\nexits umask\nfile made -mode 0640\nstart -umask 0 umask\nexits umask", harness.Pass, ""},
	{"a file for everybody", "[windows] skip 'no modes'\nstart -umask 0 umask\nexits umask\nfile made -private", harness.Fail, `the file "made" should give nothing to others than its owner; its mode is 0666`},
	{"a file for one", "[windows] skip 'no modes'\nstart -umask 077 umask\nexits umask\nfile made -private", harness.Pass, ""},
	{"no room to print", "[!linux] skip 'x'\nstart -full writes\nexits writes 1|killed", harness.Pass, ""},
	{"room to print", "start writes\nexits writes 1|killed", harness.Fail, "writes should end with exit status 1 or killed, but ended with exit status 0"},
	{"printed and not read", "[!linux] skip 'x'\nstart prints\nstall prints\ntype prints '\\n'\nquiet prints\nresume prints\nscreen prints 'x' -times 1048576\nexits prints", harness.Pass, ""},
	{"printed, not read and killed", "[!linux] skip 'x'\nstart prints\nstall prints\ntype prints '\\n'\nquiet prints\nsignal prints KILL\nexits prints killed\nscreen prints 'x' -times 65536", harness.Pass, ""},
	{"nothing to stall", "start writes\nstall nobody", harness.Error, `there is no connection and no program named "nobody" yet`},

	{"a skip", "skip 'not here'", harness.Skip, "not here"},
	{"a condition that does not hold", "[linux] [!linux] skip 'never'\nrun say", harness.Pass, ""},
	{"a clock", "lasts 2s\nrun say", harness.Pass, ""},
}

// The script itself is wrong, in a way that only a play can see.
var mistakePlays = []played{
	{"a name that nothing has", "send ann 'x'", harness.Error, `no connection named "ann"`},
	{"a listener that is none", "accept srv", harness.Error, `no listener named "srv"`},
	{"a socket that is none", "sendto srv 127.0.0.1:1 x", harness.Error, `no socket named "srv"`},
	{"a datagram apart from none", "socket srv\nsendto srv $srv 1\nrecvfrom srv 1\napart srv 1s", harness.Error, "apart: srv has received 1 datagrams that a recvfrom asked for; it takes two"},
	{"a time that nobody asked for", "socket srv\nrecvfrom srv -clock", harness.Error, "recvfrom -clock: srv has asked nobody for the time; use sendto first"},
	{"a cable that is none", "frame lan send arp", harness.Error, `no cable named "lan"`},
	{"a program that is none", "type cat 'x'", harness.Error, `no program named "cat" yet`},
	{"nobody to close", "close nobody", harness.Error, `there is no peer named "nobody" yet`},
	{"nobody to be quiet", "quiet nobody", harness.Error, `no program or peer named "nobody"`},
	{"a variable that nothing set", "dial ann $server", harness.Error, "$server has no value yet"},
	{"no address", "dial ann nowhere", harness.Error, "nowhere"},
	{"nothing asked for", "run say\nscreen program ''", harness.Error, "quiet says that nothing comes"},
	{"a cut outside", "start cat\ntype cat 'abc' -split 7", harness.Error, "does not cut"},
	{"marks that are none", "start cat\nwork cat a b 2", harness.Error, `"a" and "b" must both be marks`},
	{"a reference that is not here", "reference server", harness.Error, "the solutions are not here"},
	{"exchanges that are not here", "random", harness.Error, "its generator are not here"},
}
