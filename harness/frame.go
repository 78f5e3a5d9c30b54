package harness

import (
	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/peer/cable"
)

// DescribeFrame says in a line what an Ethernet frame is, as pages do.
func DescribeFrame(b []byte) string { return frame.Describe(b) }

// Passed tells what devices change of the frames that they pass on, as pages do.
type Passed = frame.Passed

// Heard tells where a station has sent frames before, as pages do.
type Heard = frame.Heard

// Learns tells by its arguments whether a device is a switch, whose pages tell that.
func Learns(args []string) bool { return cable.Learns(args) }
