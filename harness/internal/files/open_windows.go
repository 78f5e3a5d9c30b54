package files

import (
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
)

// nonblock is not needed: a name in a folder is never a pipe here.
const nonblock = 0

// permissionsKnown says that files have no mode here: they are all 0666 or 0444.
const permissionsKnown = false

// makeFifo cannot: a name in a folder is never a pipe here.
func makeFifo(*play.Play, *script.Call) error {
	return &play.Skip{Reason: "Windows has no named pipes in folders"}
}
