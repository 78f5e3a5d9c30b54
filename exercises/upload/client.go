package main

import "errors"

// send connects to the server at addr, sends it the files, and prints
// "OK NAME" on standard output for each file that the server has answered "OK"
// and the right SHA-256. Progress goes to standard error.
//
// It returns an error at the first file that fails: one that is missing, is not
// a regular file, or has a name that a server must refuse (nothing of such a
// file is sent), one that shrinks while it is sent, or one that the server
// answers in any other way, or not at all.
func send(addr string, files []string) error {
	return errors.New("client.go: send is not written yet")
}
