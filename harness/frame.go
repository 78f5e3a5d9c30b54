package harness

import "wirebook/harness/internal/frame"

// DescribeFrame says in a line what an Ethernet frame is, as pages do.
func DescribeFrame(b []byte) string { return frame.Describe(b) }
