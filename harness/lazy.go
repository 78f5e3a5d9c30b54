package harness

import (
	"regexp"
	"sync"
)

// lazily returns a function that compiles the pattern when it is first called.
// A student's program is linked with all that is here and begins by initialising
// it, as often as a scenario starts it.
func lazily(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}
