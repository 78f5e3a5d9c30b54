package harness_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"

	"wirebook/harness"
)

// Programs that listen at a Unix socket, the last of their arguments, or connect to
// one.
var pathDemos = demos{
	"plines":   func(args []string) { serveAt(args, printLines) },
	"pnaive":   func(args []string) { serveAt(args, printReads) },
	"pecho":    func(args []string) { serveAt(args, echoLines) },
	"pdeaf":    func(args []string) { serveAt(args, func(net.Conn) { select {} }) },
	"pgreets":  func(args []string) { serveAt(args, func(c net.Conn) { io.WriteString(c, "hello\n") }) },
	"pmute":    func(args []string) { serveAt(args, func(c net.Conn) { io.Copy(io.Discard, c) }) },
	"ppours":   func(args []string) { serveAt(args, pour) },
	"pback":    func(args []string) { serveAt(args, func(c net.Conn) { io.Copy(c, c) }) },
	"pwitness": func(args []string) { serveAt(args, sayEnd) },
	// pannounce says that it listens at a path, and does not.
	"pannounce": func(args []string) {
		fmt.Println("listening on", args[0])
		io.Copy(io.Discard, os.Stdin)
	},
	// pdial prints what it is sent; ptry says how its attempt went.
	"pdial": func(args []string) { io.Copy(os.Stdout, must(net.Dial("unix", args[0]))) },
	"ptry": func(args []string) {
		_, err := net.Dial("unix", args[0])
		fmt.Println(err == nil)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	},
}

func serveAt(args []string, handle func(net.Conn)) {
	serveOn(must(net.Listen("unix", args[len(args)-1])), handle)
}

func pour(c net.Conn) {
	c.Write(bytes.Repeat([]byte("x"), poured))
	fmt.Println("all sent")
}

// sayEnd tells how many bytes came before the end, and says goodbye.
func sayEnd(c net.Conn) {
	n, _ := io.Copy(io.Discard, c)
	fmt.Printf("end after %d\n", n)
	io.WriteString(c, "bye\n")
}

var pathPlays = []played{
	{"lines in pieces at a Unix socket", "start plines -socket s\ndial ann $plines\nsend ann 'hello\\n' -split each\nscreen plines 'hello\\n'\nfile s -socket", harness.Pass, ""},
	{"one Read for one message at a Unix socket", "[!linux] skip 'x'\nstart pnaive -socket s\ndial ann $pnaive\nsend ann 'hello\\n' -split each\nscreen pnaive 'hello\\n'", harness.Fail, "one Read returns what has arrived"},
	{"glued lines at a Unix socket", "start pecho -socket s\ndial ann s\ndial bob $pecho\nsend ann 'a\\nb\\nc'\nshut ann\nexpect ann 'a\\nb\\nc\\n'\neof ann\nsend bob 'd\\n'\nexpect bob 'd\\n'\nscreen pecho 'a\\nb\\nc\\nd\\n'", harness.Pass, ""},
	{"nothing is read at a Unix socket", "[!linux] skip 'x'\nstart pdeaf -socket s\ndial ann $pdeaf\nsend ann 'hello'\ndrained ann", harness.Fail, "pdeaf should read what ann sends: some of it lies unread; it was at rest for 2s"},
	{"not at rest at a Unix socket", "[!linux] skip 'x'\nstart pdeaf -socket s\ndial ann $pdeaf\nsend ann 'abc' -times 1000000 -queue\nquiet", harness.Fail, "the program should be quiet, but some of what ann sent lies unread"},
	{"much is sent at a Unix socket", "start pwitness -socket s\ndial ann $pwitness\nsend ann 'abc' -times 1000001\ndrained ann\nshut ann\nscreen pwitness 'end after 3000003\\n'\nexpect ann 'bye\\n'\neof ann", harness.Pass, ""},
	{"we hang up at a Unix socket", "start pwitness -socket s\ndial ann $pwitness\nclose ann\nscreen pwitness 'end after 0\\n'", harness.Pass, ""},
	{"nothing comes from a Unix socket", "start pmute -socket s\ndial ann $pmute\nsend ann 'hello\\n'\nquiet\nexpect ann 'hello\\n'", harness.Fail, "nothing came, it was at rest for 2s"},
	{"something comes from a Unix socket", "start pecho -socket s\ndial ann $pecho\nsend ann 'a\\n'\nscreen pecho 'a\\n'\nquiet ann", harness.Fail, `nothing should come here, but ann received "a\n"`},
	{"an end at a Unix socket", "start pgreets -socket s\ndial ann $pgreets\nexpect ann 'hello\\n'\neof ann", harness.Pass, ""},
	{"no end at a Unix socket", "start pmute -socket s\ndial ann $pmute\neof ann", harness.Fail, "pmute should close its connection with ann; it was at rest for 2s"},
	{"one who does not read at a Unix socket", "[!linux] skip 'x'\nstart ppours -socket s\ndial ann $ppours\nstall ann\nquiet ppours\nresume ann\nexpect ann 'x' -times 16777216\neof ann\nscreen ppours 'all sent\\n'", harness.Pass, ""},
	{"one who asks much and does not read", "start pback -socket s\ndial ann $pback\nstall ann\nsend ann 'x' -times 2000000 -queue\nquiet\nresume ann\nexpect ann 'x' -times 2000000", harness.Pass, ""},
	{"a reset at a Unix socket", "start pmute -socket s\ndial ann $pmute\nreset ann", harness.Error, "a Unix socket knows no reset; write: close ann"},

	{"another path than it was told", "start announce -socket s 'listening on t'", harness.Fail, "announce printed another line than where it listens"},
	{"no path is told", "start crash -socket s", harness.Fail, `ended with exit status 2 before it printed the line "listening on s"`},
	{"nothing at the path that it said", "start pannounce s -socket s\ndial ann $pannounce", harness.Fail, `ann cannot connect to pannounce: at "s" no such file or directory`},
	{"nobody at the path that it said", "write s ''\nstart pannounce s -socket s\ndial ann s", harness.Fail, "ann cannot connect to pannounce: it does not listen any more"},

	{"a client of a Unix socket", "listen srv s\nstart pdial $srv\naccept srv\nsend srv 'hi\\n'\nscreen pdial 'hi\\n'\nclose srv\nexits pdial", harness.Pass, ""},
	{"a client that never comes to a Unix socket", "listen srv s\nstart hang\naccept srv", harness.Fail, "hang should connect to srv"},
	{"a Unix socket below a long path", "mkdir 0123456789012345678901234567890123456789/0123456789012345678901234567890123456789/0123456789\n[!linux] skip 'x'\nlisten srv 0123456789012345678901234567890123456789/0123456789012345678901234567890123456789/0123456789/s\nstart pdial $srv\naccept srv\nclose srv\nexits pdial", harness.Pass, ""},
	{"nobody listens any more at a Unix socket", "listen srv s\nclose srv\nfile s -socket\nstart ptry s\nscreen ptry 'false\\n'\nexits ptry\n[unix] complains ptry refused", harness.Pass, ""},
	{"a full queue", "[!linux] skip 'x'\nlisten srv s -full\nstart ptry s\nscreen ptry 'false\\n'\nexits ptry\ncomplains ptry unavailable\nclose srv\nfile s -socket", harness.Pass, ""},
	{"a link leads out to a Unix socket", "[windows] skip 'x'\nsymlink s /tmp/socket\nstart pannounce s -socket s\ndial ann s", harness.Fail, "ann cannot connect to pannounce"},

	{"no Unix socket", made("write s x", "file s -socket"), harness.Fail, `"s" should be a Unix socket, but it is -rw-r-----`},
	{"a pipe in a folder", "[windows] skip 'x'\nfifo s\nfolder . s\nrun say", harness.Pass, ""},
	{"something in the way of a pipe", "[windows] skip 'x'\n" + made("write s x", "fifo s"), harness.Fail, `the scenario needs "s" for a file of its own here`},
	{"a pipe", "[windows] skip 'x'\nfifo s\nstart files\nfile s -socket", harness.Fail, `"s" should be a Unix socket, but it is prw-------`},
}
