package drain

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"

	"wirebook/harness/internal/process"
)

// programVariable makes the test binary one of the programs below.
const programVariable = "DRAIN_TEST_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(programVariable) {
	case "":
		os.Exit(m.Run())
	case "naive":
		serve(func(c net.Conn) string {
			b := make([]byte, 100)
			n, _ := c.Read(b) // takes one Read for one message
			return string(b[:n])
		})
	case "careful":
		serve(func(c net.Conn) string {
			b := make([]byte, len(greeting))
			n, _ := io.ReadFull(c, b)
			return string(b[:n])
		})
	case "busy":
		for n := 0; n >= 0; n++ {
		}
	}
}

const greeting = "hello, world"

// serve says where it listens, and answers each client with what read reads
// from it.
func serve(read func(net.Conn) string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(l.Addr().String() + "\n")
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go func() {
			defer c.Close()
			io.WriteString(c, read(c)+"\n")
		}()
	}
}

func start(t *testing.T, name string) *process.Process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := process.Start(process.Spec{Path: self, Env: append(os.Environ(), programVariable+"="+name)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return p
}

// TestSplit sends a message in two pieces, with the barrier in between, to a
// program that must be caught by that, every time, and to one that must not,
// with the processors kept busy.
func TestSplit(t *testing.T) {
	plays := 300
	if testing.Short() {
		plays = 30
	}
	for range runtime.NumCPU() {
		start(t, "busy")
	}
	for _, test := range []struct{ program, answer string }{
		{"naive", greeting[:3]},
		{"careful", greeting},
	} {
		t.Run(test.program, func(t *testing.T) {
			p := start(t, test.program)
			for p.Stdout().Len() == 0 {
				runtime.Gosched()
			}
			address := strings.TrimSpace(string(p.Stdout().Bytes()))
			wrong := 0
			for range plays {
				if play(t, address) != test.answer+"\n" {
					wrong++
				}
			}
			if wrong > 0 {
				t.Errorf("%d of %d plays ended otherwise", wrong, plays)
			}
		})
	}
}

// play sends the message in two pieces, and gives the answer.
func play(t *testing.T, address string) string {
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	local := c.LocalAddr().(*net.TCPAddr).AddrPort()
	remote := c.RemoteAddr().(*net.TCPAddr).AddrPort()
	io.WriteString(c, greeting[:3])
	for {
		s, err := TCP(local, remote)
		if errors.Is(err, ErrUnknown) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		if !s.Found || s.Drained(3) {
			break
		}
		runtime.Gosched()
	}
	io.WriteString(c, greeting[3:])
	answer := make([]byte, 0, 100)
	for {
		n, err := c.Read(answer[len(answer):cap(answer)])
		answer = answer[:len(answer)+n]
		if err != nil || strings.HasSuffix(string(answer), "\n") {
			return string(answer)
		}
	}
}

func TestNonsense(t *testing.T) {
	v4 := netip.MustParseAddrPort("127.0.0.1:1")
	v6 := netip.MustParseAddrPort("[::1]:1")
	for _, pair := range [][2]netip.AddrPort{{}, {v4, v6}, {v6, v4}} {
		if _, err := TCP(pair[0], pair[1]); err == nil {
			t.Errorf("no error for %v", pair)
		}
	}
}
