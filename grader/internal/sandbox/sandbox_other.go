//go:build !linux

package sandbox

import (
	"errors"
	"os/exec"
)

// Start fails: there are no jails here.
func (j *Jail) Start(*exec.Cmd) (release func() error, err error) {
	return nil, errors.ErrUnsupported
}

// Bound does nothing: time and output are bounded everywhere, by who starts the
// process.
func Bound(int, Limits) {}

// Impossible lists nothing: no level works here that promises anything.
func Impossible(Level) []error { return nil }
