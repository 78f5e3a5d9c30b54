//go:build !windows

package scratch

// variables name the place for temporary files.
var variables = []string{"TMPDIR"}
