package harness_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"wirebook/harness"
)

// runs is a server that runs each line that a client sends, as a command in the
// folder bin, and answers with all that it printed and its length. It waits for each
// command's end, but for that of a line behind &. What it starts is not killed.
func runs(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		line, behind := strings.CutPrefix(lines.Text(), "& ")
		words := strings.Fields(line)
		cmd := exec.Command("bin/"+words[0], words[1:]...)
		if behind {
			must(0, cmd.Start())
			continue
		}
		cmd.Stderr = cmd.Stdout
		out, _ := cmd.Output()
		fmt.Fprintf(conn, "%d\n%s", len(out), out)
	}
}

// Programs that start others.
var familyDemos = demos{
	"runs": func([]string) { serve(runs) },
	// swarms starts more puppets than are allowed, and stays: whoever looks late sees
	// them, too.
	"swarms": func([]string) {
		for range 150 {
			puppet := exec.Command("bin/tool", "hold")
			must(0, puppet.Start())
			must(0, puppet.Process.Release()) // its handle is a descriptor, of which there are few
		}
		io.Copy(io.Discard, os.Stdin)
	},
	// goes is runs that ends when a client does.
	"goes": func([]string) {
		l := must(net.Listen("tcp", "127.0.0.1:0"))
		fmt.Printf("listening on %v\n", l.Addr())
		runs(must(l.Accept()))
		os.Exit(0)
	},
}

// with starts the server with a puppet and a client.
const with = "puppet bin/tool bin/other\nlisten ctl\nstart runs 127.0.0.1:0\ndial ann $runs\n"

// going is with for the one that ends.
var going = strings.ReplaceAll(with, "runs", "goes")

var familyPlays = []played{
	{"a puppet", with + "send ann 'tool args a bc\\n'\nexpect ann '11\\n2\\n<a>\\n<bc>\\n'\nfolder bin other" + exe + " tool" + exe, harness.Pass, ""},
	{"a puppet under another name", with + "send ann 'other exit 3 bye\\n'\nexpect ann '4\\nbye\\n'", harness.Pass, ""},
	{"a puppet that is led", with + "send ann 'tool obey '$ctl' ann\\n'\naccept ctl\nexpect ctl 'ann\\n'\nsend ctl 'out one\\nexit 0\\n'\nexpect ctl 'ok\\nok\\n'\neof ctl -or-reset\nexpect ann '4\\none\\n'", harness.Pass, ""},
	{"a family", with + "send ann '& tool tree '$ctl' bin/other\\n'\naccept ctl -as one\naccept ctl -as two\nexpect one -match '(parent|child)\\n'\nexpect two -match '(parent|child)\\n'\nquiet", harness.Pass, ""},
	{"a child that is left", going + "send ann '& tool detach '$ctl' bin/other 0 5\\n'\naccept ctl\nexpect ctl 'child\\n'\nshut ann\nexits goes\neof ann\nsend ctl 'out more\\n'\nexpect ctl 'ok\\n'", harness.Pass, ""},
	{"a child that outlives the program", going + "send ann '& tool obey '$ctl' ann\\n'\naccept ctl\nexpect ctl 'ann\\n'\nshut ann\nexits goes\neof ann\neof ctl", harness.Fail, "should close its connection with ctl; it was at rest"},
	{"a swarm", "[!linux] [!windows] skip 'they are not counted'\npuppet bin/tool\nstart swarms\nscreen swarms 'x'", harness.Fail, "more than 100 processes are there that it has started"},
	{"a swarm that is to rest", "[!linux] [!windows] skip 'they are not counted'\npuppet bin/tool\nstart swarms\nquiet", harness.Fail, "more than 100 processes are there that it has started"},

	{"bytes of any kind", with + "send ann 'tool fill 300\\ntool print on\\n'\nexpect ann -match '(\\d+)\\n' -counted\nexpect ann '3\\non\\n'", harness.Pass, ""},
	{"fewer bytes than were counted", with + "send ann 'tool print on\\n'\nexpect ann -match '(\\d)' -counted\nexpect ann '\\n'", harness.Pass, ""},
	{"more bytes are counted than come", with + "send ann 'tool print 12\\n'\nexpect ann '3\\n'\nexpect ann -match '(12)\\n' -counted", harness.Fail, "should receive what matches"},

	{"no child is left", with + "send ann 'tool exit 0\\n'\nexpect ann '0\\n'\nchildless runs", harness.Pass, ""},
	{"a child is left", "[!linux] skip 'nobody knows'\n" + with + "send ann '& tool obey '$ctl' ann\\n'\naccept ctl\nexpect ctl 'ann\\n'\nsend ctl 'exit 0\\n'\neof ctl -after '(ok\\n)?'\nchildless runs", harness.Fail, "runs should have no child process any more, but it has 1"},
	{"children of the dead", with + "signal runs KILL\nexits runs killed\neof ann -or-reset\nchildless runs", harness.Fail, "before it was looked at"},

	{"the working directory", "start -env HERE=$WORK/bin setting HERE\nscreen setting $WORK'/bin\\n'\nexits setting", harness.Pass, ""},
	{"an environment", "start setting LANG\nscreen setting 'C.UTF-8\\n'\nexits setting", harness.Pass, ""},
	{"hardly an environment", "start -bare -env WORD=hello setting LANG\nscreen setting '\\n'\nexits setting", harness.Pass, ""},
	{"a setting in hardly an environment", "start -bare -env WORD=hello setting WORD\nscreen setting 'hello\\n'\nexits setting", harness.Pass, ""},
}

// exe is how the names of programs end.
var exe = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]
