package harness

import "wirebook/harness/internal/frame"

// DescribeFrame says in a line what an Ethernet frame is, as pages do.
func DescribeFrame(b []byte) string { return frame.Describe(b) }

// Passed tells what devices change of the frames that they pass on, as pages do.
type Passed = frame.Passed
