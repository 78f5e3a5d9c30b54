package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"wirebook/harness/devicetest"
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

// patience is how long a test waits for what others must send.
const patience = 30 * time.Second

// A process is a switch program.
type process struct{ *devicetest.Device }

// start starts a switch with that many ports, p0 and so on. What it prints is errors, too.
func start(t testing.TB, program string, ports int, args ...string) *process {
	t.Helper()
	o := devicetest.Options{Errors: true}
	for i := range ports {
		o.Ports = append(o.Ports, fmt.Sprintf("p%d", i))
	}
	return &process{devicetest.Start(t, program, o, append([]string{"switch"}, args...)...)}
}

// macs types a line behind the command, so that what is said about that one ends
// the table.
func (m *process) macs() (lines []string) {
	const end = "end of the table"
	m.Type("macs", end)
	for {
		line := m.Line()
		if strings.Contains(line, end) {
			return lines
		}
		lines = append(lines, line)
	}
}

func (m *process) send(port int, frame []byte) { m.Send(port, frame) }

func (m *process) next(port int) []byte { return m.Receive(port) }
