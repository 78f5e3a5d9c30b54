package harness_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"testing"
	"time"

	"wirebook/harness"
	"wirebook/harness/lessontest"
)

// The test binary is also the programs that the tests play with.
func TestMain(m *testing.M) { lessontest.Main(m, demo) }

// demos are small programs, one a role: what a student might hand in.
var demos = map[string]func(args []string){
	"lines": func(args []string) { serve(args, printLines) },
	"naive": func(args []string) { serve(args, printReads) },
	"echo":  func(args []string) { serve(args, echoLines) },
	"mute":  func(args []string) { serve(args, func(c net.Conn) { io.Copy(io.Discard, c) }) },
	"rude":  func(args []string) { serve(args, func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }) },
	"deaf":  func(args []string) { serve(args, func(net.Conn) { select {} }) },
	"leaky": func(args []string) { serve(args, func(c net.Conn) { os.Open(os.Args[0]); io.Copy(io.Discard, c) }) },
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
	// peeks looks every now and then whether a line was typed, and prints it.
	"peeks": func([]string) {
		lines := make(chan string, 1)
		go func() {
			for s := bufio.NewScanner(os.Stdin); s.Scan(); {
				lines <- s.Text()
			}
		}()
		for range time.Tick(25 * time.Millisecond) {
			select {
			case line := <-lines:
				fmt.Println(line)
			default:
			}
		}
	},
	"slow": func(args []string) { serve(args, readSlowly) },
	"flood": func([]string) {
		for {
			fmt.Println("flood flood flood flood flood flood flood flood")
		}
	},
	"crash":    func([]string) { panic("boom") },
	"exit":     func(args []string) { n, _ := strconv.Atoi(args[0]); os.Exit(n) },
	"hoard":    func([]string) { hoard() },
	"cat":      func([]string) { io.Copy(os.Stdout, os.Stdin) },
	"complain": func([]string) { fmt.Fprintln(os.Stderr, "complain: no address given"); os.Exit(2) },
	"hold": func(args []string) {
		signal.Ignore(os.Interrupt, syscall.SIGTERM)
		net.Dial("tcp", args[0])
		select {}
	},
	"dial": func(args []string) { c, _ := net.Dial("tcp", args[0]); io.Copy(os.Stdout, c) },
}

func demo() {
	demos[os.Args[1]](os.Args[2:])
}

// serve announces a listener and handles its connections.
func serve(_ []string, handle func(net.Conn)) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("listening on %v\n", l.Addr())
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go func() {
			defer c.Close()
			handle(c)
		}()
	}
}

func printLines(c net.Conn) {
	for s := bufio.NewScanner(c); s.Scan(); {
		fmt.Printf("%s\n", s.Text())
	}
}

// printReads takes one Read for one message.
func printReads(c net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := c.Read(buf)
		if err != nil {
			return
		}
		os.Stdout.Write(append(buf[:n:n], '\n')[:max(n, 1)])
		if buf[n-1] != '\n' {
			fmt.Println()
		}
	}
}

// readSlowly works a millisecond for each byte.
func readSlowly(c net.Conn) {
	buf := make([]byte, 1)
	for {
		if _, err := c.Read(buf); err != nil {
			return
		}
		for start := time.Now(); time.Since(start) < time.Millisecond; {
		}
	}
}

func echoLines(c net.Conn) {
	for s := bufio.NewScanner(c); s.Scan(); {
		fmt.Printf("%s\n", s.Text())
		fmt.Fprintf(c, "%s\n", s.Text())
	}
}

var hoarded [][]byte

func hoard() {
	for range 64 {
		b := make([]byte, 16<<20)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		hoarded = append(hoarded, b)
	}
	fmt.Println("hoarded")
}

// demoPlayer plays with the demos.
func demoPlayer(t testing.TB) *harness.Player {
	self, err := lessontest.Self()
	if err != nil {
		t.Fatal(err)
	}
	return &harness.Player{Program: self, Seed: 1}
}

// scenario parses a script without its title.
func scenario(t testing.TB, script string) *harness.Scenario {
	t.Helper()
	s, err := harness.ParseScenario("demo.txtar", []byte("# A demo. (1 point)\n"+script))
	if err != nil {
		t.Fatal(err)
	}
	s.Lesson = "demo"
	return s
}
