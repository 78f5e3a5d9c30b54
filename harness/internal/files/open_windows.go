package files

import "errors"

// nonblock is not needed: a name in a folder is never a pipe here.
const nonblock = 0

// permissionsKnown says that files have no mode here: they are all 0666 or 0444.
const permissionsKnown = false

// mkfifo makes no named pipe: here these have a place of their own.
func mkfifo(string) error { return errors.ErrUnsupported }
