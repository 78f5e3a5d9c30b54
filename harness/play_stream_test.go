package harness_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"wirebook/harness"
)

// Programs that talk over TCP.
var streamDemos = demos{
	"lines": func([]string) { serve(printLines) },
	"naive": func([]string) { serve(printReads) },
	"echo":  func([]string) { serve(echoLines) },
	"mute":  func([]string) { serve(func(c net.Conn) { io.Copy(io.Discard, c) }) },
	"rude":  func([]string) { serve(func(c net.Conn) { c.(*net.TCPConn).SetLinger(0) }) },
	"deaf":  func([]string) { serve(func(net.Conn) { select {} }) },
	"leaky": func([]string) { serve(func(c net.Conn) { os.Open(os.Args[0]); io.Copy(io.Discard, c) }) },
	"slow":  func([]string) { serve(readSlowly) },
	// replies answers each line with its arguments, each in a write of its own.
	"replies": func(args []string) {
		serve(func(c net.Conn) {
			for s := bufio.NewScanner(c); s.Scan(); {
				for _, part := range args[1:] {
					io.WriteString(c, part+"\n")
				}
			}
		})
	},
	// greets says a word and closes.
	"greets": func([]string) { serve(func(c net.Conn) { io.WriteString(c, "hello\n") }) },
	// witness tells how each connection ended, and says goodbye on it.
	"witness": func([]string) {
		serve(func(c net.Conn) {
			n, err := io.Copy(io.Discard, c)
			switch {
			case errors.Is(err, syscall.ECONNRESET):
				fmt.Printf("reset\n")
			case err == nil:
				fmt.Printf("end after %d\n", n)
				io.WriteString(c, "bye\n")
			}
		})
	},
	// pours sends much, and then says so.
	"pours": func([]string) {
		serve(func(c net.Conn) {
			c.Write(bytes.Repeat([]byte("x"), poured))
			fmt.Println("all sent")
		})
	},
	// streams sends more than is ever kept, and prints it, when a line comes.
	"streams": func([]string) {
		serve(func(c net.Conn) {
			bufio.NewReader(c).ReadString('\n')
			writeMuch(c)
			writeMuch(os.Stdout)
		})
	},
	// closed says where it listens and then does not.
	"closed": func([]string) {
		l := must(net.Listen("tcp", "127.0.0.1:0"))
		l.Close()
		fmt.Printf("listening on %v\n", l.Addr())
		select {}
	},
	"hold": func(args []string) {
		signal.Ignore(os.Interrupt, syscall.SIGTERM)
		net.Dial("tcp", args[0])
		select {}
	},
	// dial prints what it is sent.
	"dial": func(args []string) { c, _ := net.Dial("tcp", args[0]); io.Copy(os.Stdout, c) },
	// redial connects whenever a line is typed, and says how that went.
	"redial": func(args []string) {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			c, err := net.Dial("tcp", args[0])
			if err != nil {
				fmt.Println("refused")
				continue
			}
			c.Close()
			fmt.Println("connected")
		}
	},
	"tells": func(args []string) { io.WriteString(must(net.Dial("tcp", args[0])), args[1]) },
	"pourto": func(args []string) {
		c := must(net.Dial("tcp", args[0]))
		c.Write(bytes.Repeat([]byte("x"), poured))
		fmt.Println("all sent")
	},
}

// poured is more than the kernel takes for one who does not read.
const poured = 16 << 20

// writeMuch writes 70 MiB.
func writeMuch(w io.Writer) {
	block := bytes.Repeat([]byte("abcdefg"), 64<<10)
	for range 160 {
		w.Write(block)
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
		fmt.Println(strings.TrimSuffix(string(buf[:n]), "\n"))
	}
}

// readSlowly works a millisecond for each byte.
func readSlowly(c net.Conn) {
	buf := make([]byte, 1)
	for {
		if _, err := c.Read(buf); err != nil {
			return
		}
		work(time.Millisecond)
	}
}

func echoLines(c net.Conn) {
	for s := bufio.NewScanner(c); s.Scan(); {
		fmt.Printf("%s\n", s.Text())
		fmt.Fprintf(c, "%s\n", s.Text())
	}
}

var streamPlays = []played{
	{"lines in pieces", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n' -split each\nscreen lines 'hello\\n'", harness.Pass, ""},
	{"one Read for one message", "start naive -listen :0\ndial ann $naive\nsend ann 'hello\\n' -split each\nscreen naive 'hello\\n'", harness.Fail, "one Read returns what has arrived"},
	{"glued lines", "start lines -listen :0\ndial ann $lines\nsend ann 'a\\nb\\nc'\nshut ann\nscreen lines 'a\\nb\\nc\\n'", harness.Pass, ""},
	{"sent from a file", "start lines -listen :0\ndial ann $lines\nsend ann -file text -times 2\nscreen lines -file text -times 2\n-- text --\none\ntwo\n", harness.Pass, ""},
	{"nothing is read", "start deaf -listen :0\ndial ann $deaf\nsend ann 'hello\\n' -split each", harness.Fail, "deaf should read what ann sends: 1 bytes lie unread; it was at rest for 2s"},
	{"not drained", "start deaf -listen :0\ndial ann $deaf\nsend ann 'hello'\ndrained ann", harness.Fail, "deaf should read what ann sends: 5 bytes lie unread"},
	{"much is sent", "start witness -listen :0\ndial ann $witness\nsend ann 'abc' -times 1000001\ndrained ann\nshut ann\nscreen witness 'end after 3000003\\n'\nexpect ann 'bye\\n'\neof ann", harness.Pass, ""},
	{"much is sent to one who does not read", "start deaf -listen :0\ndial ann $deaf\nsend ann 'abc' -times 10000000", harness.Fail, "deaf should read what ann sends:"},
	{"much is sent and not waited for", "start deaf -listen :0\ndial ann $deaf\nsend ann 'abc' -times 10000000 -queue\nreset ann", harness.Pass, ""},
	{"sent to one who has gone", "start rude -listen :0\ndial ann $rude\neof ann -or-reset\nsend ann 'x' -times 100000", harness.Fail, "ann could not send all to rude, which had reset the connection"},
	{"perhaps sent", "start rude -listen :0\ndial ann $rude\neof ann -or-reset\nsend ann 'x' -times 100000 -try", harness.Pass, ""},
	{"in pieces to one who has gone", "[!linux] skip 'x'\nstart rude -listen :0\ndial ann $rude\neof ann -or-reset\nsend ann 'xy' -split 1", harness.Fail, "rude"},
	{"perhaps in pieces", "start rude -listen :0\ndial ann $rude\neof ann -or-reset\nsend ann 'xy' -split 1 -try", harness.Pass, ""},

	{"nothing comes", "start mute -listen :0\ndial ann $mute\nsend ann 'hello\\n'\nexpect ann 'hello\\n'", harness.Fail, "nothing came, it was at rest for 2s"},
	{"what comes matches", "start greets -listen :0\ndial ann $greets\nexpect ann -match 'h[a-z]*'\nexpect ann '\\n'\neof ann", harness.Pass, ""},
	{"what comes is kept", "start greets -listen :0\ndial ann $greets\nexpect ann -match 'h(?P<rest>[a-z]*)(?P<none>x)?\\n'\neof ann\nrun say $rest\nscreen program 'ello'", harness.Pass, ""},
	{"what comes does not match", "start greets -listen :0\ndial ann $greets\nexpect ann -match '[0-9]+'", harness.Fail, `ann should receive what matches '[0-9]+' from greets; "hello\n" came, it has closed the connection`},
	{"often the same", "start echo -listen :0\ndial ann $echo\nsend ann 'a\\n' -times 3\nexpect ann 'a\\n' -times 3\nscreen echo -file text\n-- text --\na\na\na\n", harness.Pass, ""},
	{"from a file", "start greets -listen :0\ndial ann $greets\nexpect ann -file text\neof ann\n-- text --\nhello\n", harness.Pass, ""},
	{"the end comes too early", "start greets -listen :0\ndial ann $greets\nexpect ann 'hello\\nagain\\n'", harness.Fail, "it has closed the connection"},

	{"more than is kept", "start streams -listen :0\ndial ann $streams\nsend ann '\\n'\nexpect ann 'abcdefg' -times 10485760\nscreen streams 'abcdefg' -times 10485760\neof ann", harness.Pass, ""},
	{"less than very much", "start streams -listen :0\ndial ann $streams\nsend ann '\\n'\nexpect ann 'abcdefg' -times 10485760\nscreen streams 'abcdefg' -times 10485761", harness.Fail, "behind 73,398,080 bytes as they should be, streams should print"},
	{"other than very much", "start streams -listen :0\ndial ann $streams\nsend ann '\\n'\nexpect ann 'abcdefg' -times 10485759\nexpect ann 'abcdefx'", harness.Fail, `ann should receive "abcdefx" from streams, but something else came`},
	{"very much is not looked at again", "start streams -listen :0\ndial ann $streams\nsend ann '\\n'\nexpect ann 'abcdefg' -times 10485760\nscreen streams 'abcdefg' -times 10485760\nhides streams x", harness.Error, "bytes off the screen of streams"},
	{"an end", "start greets -listen :0\ndial ann $greets\neof ann -after 'hel+o\\n'", harness.Pass, ""},
	{"something before the end", "start greets -listen :0\ndial ann $greets\neof ann", harness.Fail, `greets should close the connection here; it sent "hello\n" more`},
	{"something else before the end", "start greets -listen :0\ndial ann $greets\neof ann -after 'hel'", harness.Fail, `greets should send what matches 'hel' and then close the connection; it sent "hello\n"`},
	{"no end", "start mute -listen :0\ndial ann $mute\neof ann", harness.Fail, "mute should close its connection with ann; it was at rest for 2s"},
	{"a reset for an end", "start rude -listen :0\ndial ann $rude\neof ann", harness.Fail, "reset the connection"},
	{"a reset may be allowed", "start rude -listen :0\ndial ann $rude\neof ann -or-reset", harness.Pass, ""},

	{"our half ends", "start witness -listen :0\ndial ann $witness\nsend ann 'abc'\nshut ann\nscreen witness 'end after 3\\n'\nexpect ann 'bye\\n'\neof ann", harness.Pass, ""},
	{"we hang up", "start witness -listen :0\ndial ann $witness\nclose ann\nscreen witness 'end after 0\\n'", harness.Pass, ""},
	{"we reset", "start witness -listen :0\ndial ann $witness\nreset ann\nscreen witness 'reset\\n'", harness.Pass, ""},
	{"one who does not read", "[!linux] skip 'x'\nstart pours -listen :0\ndial ann $pours -window 4096\nstall ann\nquiet pours\nresume ann\nexpect ann 'x' -times 16777216\neof ann\nscreen pours 'all sent\\n'", harness.Pass, ""},
	{"one who reads", "start pours -listen :0\ndial ann $pours\nquiet pours", harness.Fail, `pours printed "all sent\n"`},

	{"a client", "listen srv\nstart dial $srv\naccept srv\nsend srv 'hi\\n'\nscreen dial 'hi\\n'\nclose srv\nexits dial", harness.Pass, ""},
	{"two clients", "listen srv\nstart -as a dial $srv\naccept srv -as one\nstart -as b dial $srv\naccept srv -as two\nsend two 'hi'\nscreen b 'hi'\nquiet a\nclose one\nclose two\nexits a\nexits b", harness.Pass, ""},
	{"a client that never comes", "listen srv\nstart hang\naccept srv", harness.Fail, "hang should connect to srv"},
	{"a client that ended", "listen srv\nstart exit 1\naccept srv", harness.Fail, "ended with exit status 1 before it connected"},
	{"a client whose bytes nobody reads", "[!linux] skip 'x'\nlisten srv -window 4096\nstart pourto $srv\naccept srv -stalled\nquiet pourto\nresume srv\nexpect srv 'x' -times 16777216\neof srv\nscreen pourto 'all sent\\n'\nexits pourto", harness.Pass, ""},
	{"nobody listens any more", "listen srv\nstart redial $srv\ntype redial '\\n'\naccept srv -as one\neof one\nscreen redial 'connected\\n'\nclose srv\ntype redial '\\n'\nscreen redial 'connected\\n'", harness.Fail, "something else came"},
	{"nobody listens where it said", "start closed -listen :0\ndial ann $closed", harness.Fail, "ann cannot connect to closed: it does not listen any more"},

	{"an answer in one write", tenTimes("start replies :0 'FAIL\nBYE'", "expect ann 'FAIL\\nBYE\\n'", "segments ann 1"), harness.Pass, ""},
	{"an answer in two writes", "[!linux] skip 'x'\n" + tenTimes("start replies :0 FAIL BYE", "expect ann 'FAIL\\nBYE\\n'", "segments ann 1"), harness.Fail, "replies should have sent ann this in 1 piece(s), but it came in 2"},
	{"a few writes where more are allowed", tenTimes("start replies :0 FAIL BYE", "expect ann 'FAIL\\nBYE\\n'", "segments ann 9"), harness.Pass, ""},
}

// tenTimes asks a program ten times for its answer and looks at it.
func tenTimes(start string, looks ...string) string {
	start = strings.ReplaceAll(start, "\n", `\n`)
	once := "send ann 'x\\n'\n" + strings.Join(looks, "\n") + "\n"
	return start + "\ndial ann $replies\n" + strings.Repeat(once, 10)
}
