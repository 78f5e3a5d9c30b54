package sys

import (
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"testing"
)

// TestPollInterrupted asks while signals come, as those do by which Go's runtime makes
// room for another goroutine.
func TestPollInterrupted(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	defer signal.Stop(signals)

	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()

	stop, stopped := make(chan struct{}), make(chan struct{})
	thread := syscall.Gettid()
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				_ = syscall.Tgkill(os.Getpid(), thread, syscall.SIGUSR1)
			}
		}
	}()
	defer func() { close(stop); <-stopped }()
	for range 200_000 {
		if ready, err := Readable(int(r.Fd())); ready || err != nil {
			t.Fatalf("Readable of an empty pipe: %v, %v", ready, err)
		}
	}
}
