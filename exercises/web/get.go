package main

import (
	"errors"
	"io"
)

// get fetches what stands at a URL and writes the body of the answer to out, as it
// comes. It returns nil when the body is complete.
//
// An error that wraps errUsage says that the URL is none that it can fetch; nothing
// was connected then. Every other error says why there is no whole body, of an answer
// that is not 2xx with its code.
func get(rawURL string, out io.Writer) error {
	return errors.New("get.go: get is not written yet")
}
