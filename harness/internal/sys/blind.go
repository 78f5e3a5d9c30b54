package sys

import (
	"os"
	"sync"
)

// Blind reports whether Linux is to tell no more than other systems do, so that
// what happens there can be tried here. Each function that answers "unknown" on
// other systems asks it first. The environment variable WIREBOOK_BLIND=1 makes it
// so; it is read once.
var Blind = sync.OnceValue(func() bool { return os.Getenv("WIREBOOK_BLIND") == "1" })
