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
