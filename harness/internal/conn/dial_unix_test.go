//go:build unix

package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
	"time"
)

// deaf listens, has room for hardly a connection, and accepts none.
func deaf(t *testing.T) (addr string) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	local, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", local.(*syscall.SockaddrInet4).Port)
}

// TestDialEndsWithItsContext connects to a program that takes no connection for
// as long as it is let.
func TestDialEndsWithItsContext(t *testing.T) {
	addr := deaf(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	var err error
	for err == nil {
		var conn *Conn
		if conn, err = new(Attempt).Dial(ctx, addr, 0, nil); err == nil {
			defer conn.Close()
		}
	}
	if !errors.Is(err, context.Canceled) || ByProgram(err) {
		t.Errorf("Dial ended with %v, by the program: %t; want %v, false", err, ByProgram(err), context.Canceled)
	}
}

func TestByProgram(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := new(Attempt).Dial(t.Context(), l.Addr().String(), 0, nil); !Refused(err) || !ByProgram(err) {
		t.Errorf("nobody listens: %v; want the program's doing", err)
	}
	for cause, want := range map[error]bool{
		syscall.ECONNREFUSED:     true,
		syscall.ECONNRESET:       true,
		syscall.ETIMEDOUT:        true,
		syscall.ENETUNREACH:      true,
		syscall.EMFILE:           false,
		syscall.ENOBUFS:          false,
		syscall.EADDRNOTAVAIL:    false,
		context.DeadlineExceeded: false,
	} {
		err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", cause)}
		if got := ByProgram(err); got != want {
			t.Errorf("%v: by the program %t; want %t", err, got, want)
		}
	}
}
