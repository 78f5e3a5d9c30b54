//go:build !linux

package conn

// DataSegmentsIn cannot be told here.
func (*Conn) DataSegmentsIn() (uint32, error) { return 0, ErrNoSegments }
