//go:build !linux

package plug

import (
	"context"
	"errors"
)

// Run says that it cannot be done here.
func Run(context.Context, Options) error {
	return errors.New("a kernel at the end of a cable needs Linux: network namespaces and TAP devices; use a Linux machine, a virtual one too (WSL 2 is one), or QEMU at the other end of the cable: docs/students.md says how")
}

// BeHost does the same.
func BeHost([]string) error { return Run(context.Background(), Options{}) }
