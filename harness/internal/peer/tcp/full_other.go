//go:build !linux

package tcp

import "errors"

// A fullListener would be a Unix socket with a full queue. macOS refuses a connection
// to one as if nobody listened.
type fullListener struct{}

func listenFull(string) (fullListener, error) { return fullListener{}, errors.ErrUnsupported }

func (*fullListener) Close() {}
