//go:build unix

package conn

import (
	"net"
	"testing"
)

// A connection that was made and not accepted is not with us yet.
func TestQueued(t *testing.T) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if queued(l) {
		t.Error("nobody has connected, and a connection is queued")
	}
	theirs, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	for !queued(l) { // soon: the last packet of the handshake is on its way
	}
	ours, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close()
	if queued(l) {
		t.Error("it is accepted, and still queued")
	}
	l.Close()
	if queued(l) {
		t.Error("who listens no more has a queue")
	}
}
