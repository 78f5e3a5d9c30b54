package process

import (
	"bufio"
	"fmt"
	"os"
	"testing"
)

// TestMain makes the test binary the programs that the tests start.
func TestMain(m *testing.M) {
	if name := os.Getenv("PROCESS_TEST_PROGRAM"); name != "" {
		os.Unsetenv("PROCESS_TEST_PROGRAM")
		Lifeline()
		programs[name](os.Args[1:])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var programs = map[string]func(args []string){
	"echo": func([]string) {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			fmt.Println(lines.Text())
		}
	},
	"sleep": func([]string) { select {} },
}

// run starts one of the programs above.
func run(t testing.TB, name string, change func(*Spec)) *Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := Spec{Path: self, Env: append(os.Environ(), "PROCESS_TEST_PROGRAM="+name)}
	if change != nil {
		change(&spec)
	}
	p, err := Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

func TestEcho(t *testing.T) {
	p := run(t, "echo", nil)
	if err := p.Write([]byte("one\ntwo\n")); err != nil {
		t.Fatal(err)
	}
	p.CloseStdin()
	<-p.Done()
	if got := string(p.Stdout().Bytes()); got != "one\ntwo\n" {
		t.Errorf("printed %q, %q", got, p.Stderr().Bytes())
	}
	if exit, ok := p.Exited(); !ok || exit.Code != 0 || exit.Signal != "" {
		t.Errorf("exit %+v, %v", exit, ok)
	}
	if n, known := p.StdinTaken(); n != 0 || !known {
		t.Errorf("%d unread, %v", n, known)
	}
}
