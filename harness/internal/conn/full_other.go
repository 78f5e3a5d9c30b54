//go:build !linux

package conn

import "errors"

// A FullListener would be a Unix socket with a full queue. macOS refuses a connection
// to one as if nobody listened.
type FullListener struct{}

func ListenFull(string) (FullListener, error) { return FullListener{}, errors.ErrUnsupported }

func (*FullListener) Close() {}
