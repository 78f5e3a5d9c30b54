// Package plug puts Linux kernels at the ends of the cables of a lesson's device, so that
// whoever has built the device can use it: ping through his router, look at what his
// switch has learnt.
//
// A [Network] of a table says which devices there are, their arguments, and which hosts
// stand at their cables. [Run] builds it. A host is a kernel in network namespaces of its
// own, made without root; what its card sends comes to us through a TAP device. A device
// is a program that speaks frames over UDP. A cable joins these, shows each frame as an
// arrow and writes it to a capture; it may lose frames and be slow.
//
// What belongs to a host lives in a PID namespace whose first process ends when we do,
// however that happens: then the kernel ends all others and takes the network back.
package plug

import (
	"os"
	"time"

	"wirebook/harness"

	"wirebook/grader/internal/capture"
)

// Options say how a network is run.
type Options struct {
	Network *Network
	// Programs are those of the network's devices.
	Programs []harness.Program
	// Host is the command that, with a host's arguments behind it, calls [BeHost].
	Host []string
	// Lines are obeyed one after the other, and then all is over. Without them lines are
	// read from In, up to its end.
	Lines []string
	In    *os.File
	// Out gets all that is shown.
	Out *os.File
	// Quiet shows no frames.
	Quiet bool
	// Capture gets the frames, if it is not nil.
	Capture *capture.Writer
	// The cables lose so many of all frames, 0 to 1, as the seed decides, and carry the
	// others after a delay.
	Loss  float64
	Delay time.Duration
	Seed  int64
}
