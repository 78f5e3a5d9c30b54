package harness_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// Programs that only Linux makes possible.
func init() {
	maps.Copy(programDemos, demos{
		// naps sleeps in a loop with no help of the Go runtime.
		"naps": func([]string) {
			for {
				nap := syscall.Timespec{Nsec: 5e6}
				syscall.Nanosleep(&nap, nil)
			}
		},
		// full listens for one connection and never accepts it.
		"full": func([]string) {
			fd := must(syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))
			if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
				panic(err)
			}
			if err := syscall.Listen(fd, 0); err != nil {
				panic(err)
			}
			name := must(syscall.Getsockname(fd)).(*syscall.SockaddrInet4)
			fmt.Printf("listening on 127.0.0.1:%d\n", name.Port)
			select {}
		},
	})
}

// A program that naps in a loop fails; that is no error of ours.
func TestNaps(t *testing.T) {
	testPlays(t, func() *harness.Player { return demoPlayer(t) }, "naps", []played{
		{"it prints nothing", "start naps\nscreen naps 'x'", harness.Fail, "naps should print \"x\"; nothing came, it was at rest for 2s"},
		{"it does not end", "start naps\nexits naps", harness.Fail, "naps should end; it was at rest for 2s"},
	}, func(harness.Result) {})
}

// full dials once more than the listener has room for.
const full = "start full -listen :0\ndial a $full\ndial b $full\n"

func TestFullBacklog(t *testing.T) {
	t.Parallel()
	r := demoPlayer(t).Play(t.Context(), scenario(t, full))
	if m := messageOf(r); r.Status != harness.Fail || !strings.Contains(m, "full should accept the connection of b; it was at rest for 2s") {
		t.Errorf("%v %q, want that the connection is not accepted", r.Status, m)
	}
}

// A dial that waits ends with the play's context.
func TestFullBacklogEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	player := demoPlayer(t)
	listens := make(chan uint16, 1)
	player.Observe = func(_ *harness.Scenario, e harness.Event) {
		if e.From == "a" && e.Kind == telling.Connects {
			listens <- e.ToAddr.Port()
		}
	}
	ended := make(chan harness.Result, 1)
	go func() { ended <- player.Play(ctx, scenario(t, full)) }()
	for port := <-listens; !connecting(t, port); {
		time.Sleep(time.Millisecond)
	}
	cancel()
	select {
	case r := <-ended:
		if r.Status != harness.Error {
			t.Errorf("%v %q, want an error", r.Status, messageOf(r))
		}
	case <-time.After(time.Minute): // the kernel gives up after two
		t.Error("it goes on")
	}
}

// connecting reports whether a connection to the port is being made.
func connecting(t *testing.T, port uint16) bool {
	const synSent = "02"
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(table), fmt.Sprintf(":%04X %s ", port, synSent))
}

// fewVariable tells TestFewDescriptors how many it may have beside those that are
// open already.
const fewVariable = "WIREBOOK_TEST_FEW"

// TestFewDescriptors is what TestOurOwnNeedIsNoFailure starts: it plays with so few
// descriptors that something of ours cannot be opened.
func TestFewDescriptors(t *testing.T) {
	few, err := strconv.Atoi(os.Getenv(fewVariable))
	if err != nil {
		t.Skip("played by TestOurOwnNeedIsNoFailure")
	}
	// The runtime opens what it needs for files before there are few.
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	player := demoPlayer(t)
	script := `
		start echo -listen :0
		dial ann $echo
		dial bob $echo
		listen srv
		socket udp
		cable lan
		write f abc
		file f -is abc
		folder . f
		send ann 'x\n'
		expect ann 'x\n'
		screen echo 'x\n'
		sendto udp $udp a
		recvfrom udp a
		start -as two tells $srv hello
		accept srv
		expect srv hello
		eof srv
		exits two
		quiet`
	for i := range few {
		open, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		var old syscall.Rlimit
		syscall.Getrlimit(syscall.RLIMIT_NOFILE, &old)
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: uint64(len(open) + i), Max: old.Max})
		r := player.Play(t.Context(), scenario(t, script))
		syscall.Setrlimit(syscall.RLIMIT_NOFILE, &old)
		fmt.Printf("%v %s\n", r.Status, messageOf(r))
	}
}

// Where we have too few descriptors, a play is an error: no program is to blame.
func TestOurOwnNeedIsNoFailure(t *testing.T) {
	t.Parallel()
	test := exec.Command(os.Args[0], "-test.run", "^TestFewDescriptors$", "-test.v")
	test.Env = append(os.Environ(), fewVariable+"=40")
	out, err := test.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	statuses := make(map[string]int)
	for line := range strings.Lines(string(out)) {
		status, message, _ := strings.Cut(line, " ")
		statuses[status]++
		if status == string(harness.Fail) {
			t.Errorf("told as the program's fault: %s", message)
		}
	}
	if statuses["pass"] == 0 || statuses["error"] == 0 {
		t.Errorf("%v; want errors where there are few descriptors, and passes where there are enough:\n%s", statuses, out)
	}
}
