//go:build !windows

package watch

import "os"

// speak does nothing: terminals understand control sequences.
func speak(*os.File) (restore func(), err error) { return func() {}, nil }
