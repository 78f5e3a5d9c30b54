package verify

import (
	"crypto/sha256"
	"io"
	"os"
	"os/exec"
	"runtime"
)

// Load keeps every processor busy from outside, as a full classroom machine
// does, until stop is called: with one process each, started by the arguments
// spin of this very executable, which must call Spin.
func Load(spin ...string) (stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var stops []func()
	stop = func() {
		for _, s := range stops {
			s()
		}
	}
	for range runtime.NumCPU() {
		cmd := exec.Command(self, spin...)
		lifeline, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			stop()
			return nil, err
		}
		stops = append(stops, func() {
			lifeline.Close()
			// It was busy until now; how it ended says nothing.
			_ = cmd.Wait()
		})
	}
	return stop, nil
}

// Spin uses one processor until lifeline ends, which it does when the process
// that holds the other end is gone, however it went.
func Spin(lifeline io.Reader) {
	go func() {
		for work := []byte("work"); ; {
			sum := sha256.Sum256(work)
			work = sum[:]
		}
	}()
	_, _ = io.Copy(io.Discard, lifeline)
}
