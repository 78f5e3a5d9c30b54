package harness_test

import (
	"fmt"
	"net"
	"os"
	"testing"

	"wirebook/harness"
	"wirebook/harness/lessontest"
)

// The test binary is also the programs that the tests play with.
func TestMain(m *testing.M) { lessontest.Main(m, demo) }

// Demos are small programs, one a role: what a student might hand in.
type demos map[string]func(args []string)

// demo is the program of the role that its first argument names.
func demo() {
	role, args := os.Args[1], os.Args[2:]
	for _, all := range []demos{consoleDemos, programDemos, streamDemos, answerDemos, udpDemos, dnsDemos, cableDemos, fileDemos, pathDemos, lockDemos, silenceDemos, exchangeDemos, familyDemos, sheetDemos} {
		if run := all[role]; run != nil {
			run(args)
			return
		}
	}
	panic("there is no demo called " + role)
}

// must is for what cannot go wrong in a demo.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// serve announces a listener and handles its connections.
func serve(handle func(net.Conn)) { serveOn(must(net.Listen("tcp", "127.0.0.1:0")), handle) }

func serveOn(l net.Listener, handle func(net.Conn)) {
	fmt.Printf("listening on %v\n", l.Addr())
	for {
		c := must(l.Accept())
		go func() {
			defer c.Close()
			handle(c)
		}()
	}
}

// demoPlayer plays with the demos.
func demoPlayer(t testing.TB) *harness.Player {
	self, err := lessontest.Self()
	if err != nil {
		t.Fatal(err)
	}
	return &harness.Player{Program: self, Puppet: lessontest.Puppet, Seed: 1}
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
