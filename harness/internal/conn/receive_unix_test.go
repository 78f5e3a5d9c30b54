//go:build unix

package conn

import (
	"net"
	"path/filepath"
	"testing"
)

// Where a Conn says that all has arrived, all is here: a reader that has taken bytes and
// not yet kept them would hide them from who asks the kernel.
func TestNoByteIsOnItsWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := DialUnix(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	theirs, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	for i := range 2_000 {
		if _, err := theirs.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		for !c.Delivered() {
		}
		if got := c.Received(); got != uint64(i+1) {
			t.Fatalf("%d bytes are here of %d that have all arrived", got, i+1)
		}
	}
}
