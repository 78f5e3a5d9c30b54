package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A machine is a switch whose ports we hold the other ends of: the program, or
// something that others wrote.
type machine interface {
	// send puts a frame into a port.
	send(port int, frame []byte)
	// next waits for a frame that comes out of a port.
	next(port int) []byte
	// macs is the table: a line "VLAN  MAC  pPORT" for each entry.
	macs() []string
}

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// build compiles the program in dir.
func build(t testing.TB, dir string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "lswitch")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// A process is a switch program.
type process struct {
	t       testing.TB
	stdin   io.Writer
	screen  *bufio.Reader
	ends    []*net.UDPConn
	remotes []*net.UDPAddr
	buf     []byte
}

// start starts a switch with that many ports, p0 and so on.
func start(t testing.TB, program string, ports int, args ...string) *process {
	t.Helper()
	m := &process{t: t, buf: make([]byte, 1<<16)}
	args = append([]string{"switch"}, args...)
	for i := range ports {
		end, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { end.Close() })
		if err := end.SetReadBuffer(1 << 22); err != nil {
			t.Fatal(err)
		}
		m.ends = append(m.ends, end)
		args = append(args, "-port", fmt.Sprintf("p%d=127.0.0.1:0,%s", i, end.LocalAddr()))
	}
	cmd := exec.Command(program, args...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	screen, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { screen.Close() })
	cmd.Stdout, cmd.Stderr = writer, writer // so that what is said stays in its order
	err = cmd.Start()
	writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close() // the switch ends with its input
		if err := cmd.Wait(); err != nil {
			t.Errorf("the switch ended with %v", err)
		}
	})
	m.stdin, m.screen = stdin, bufio.NewReader(screen)
	for i := range ports {
		addr, err := netip.ParseAddrPort(strings.TrimPrefix(m.line(), fmt.Sprintf("listening on p%d ", i)))
		if err != nil {
			t.Fatal(err)
		}
		m.remotes = append(m.remotes, net.UDPAddrFromAddrPort(addr))
	}
	return m
}

// line waits for the next line of the screen.
func (m *process) line() string {
	m.t.Helper()
	line, err := m.screen.ReadString('\n')
	if err != nil {
		m.t.Fatalf("the screen: %v", err)
	}
	return strings.TrimSuffix(line, "\n")
}

// types types a line.
func (m *process) types(line string) {
	m.t.Helper()
	if _, err := io.WriteString(m.stdin, line+"\n"); err != nil {
		m.t.Fatal(err)
	}
}

// macs types a line behind the command, so that what is said about that one ends
// the table.
func (m *process) macs() (lines []string) {
	m.t.Helper()
	const end = "end of the table"
	m.types("macs\n" + end)
	for {
		line := m.line()
		if strings.Contains(line, end) {
			return lines
		}
		lines = append(lines, line)
	}
}

func (m *process) send(port int, frame []byte) {
	m.t.Helper()
	if _, err := m.ends[port].WriteToUDP(frame, m.remotes[port]); err != nil {
		m.t.Fatal(err)
	}
}

func (m *process) next(port int) []byte {
	m.t.Helper()
	if err := m.ends[port].SetReadDeadline(time.Now().Add(patience)); err != nil {
		m.t.Fatal(err)
	}
	n, err := m.ends[port].Read(m.buf)
	if err != nil {
		m.t.Fatalf("port %d: %v", port, err)
	}
	return bytes.Clone(m.buf[:n])
}
