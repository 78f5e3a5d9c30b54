package conn

import (
	"errors"
	"slices"
)

// ByProgram reports whether err, which [Dial] gave, is the doing of the program
// at the address: it does not listen, takes no connection, ended it, or named an
// address that leads nowhere. Everything else is ours, such as too many open
// files.
func ByProgram(err error) bool {
	return slices.ContainsFunc(byProgram, func(cause error) bool { return errors.Is(err, cause) })
}

// Refused reports whether nobody listens at the address.
func Refused(err error) bool { return errors.Is(err, errRefused) }
