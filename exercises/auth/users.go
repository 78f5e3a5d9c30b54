package main

import (
	"errors"
	"io"
)

// A record is one line of the file with the users,
// NAME:pbkdf2-sha256$ITERATIONS$SALT$HASH, where the salt and the hash are
// base64 without padding (base64.RawStdEncoding). Give it the fields you need.
type record struct{}

// readUsers returns the records of the file, in their order, and ignores each
// line that is not a record. It returns an error if the file cannot be read.
// The server calls it when it starts; call it again at each attempt to log in.
func readUsers(file string) ([]record, error) {
	return nil, errors.New("users.go: readUsers is not written yet")
}

// readPassword returns the first line of the input without its line end. It
// may be the last, without a line end. Do not read more than a password can
// be long, and its line end.
func readPassword(in io.Reader) (string, error) {
	return "", errors.New("users.go: readPassword is not written yet")
}

// setPassword adds a user to the file, or replaces his record. It returns an
// error, and leaves the file as it was, if there can be no such name or
// password, or if a line of the file is not a record.
//
// Another passwd may run at the same moment. Between lockFile and unlock you
// are alone with the file: decide what must happen there, and what is better
// done before.
func setPassword(file, name, password string, iterations int) error {
	unlock, err := lockFile(file + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	return writeUsers(file, nil)
}

// writeUsers puts these users in place of those in the file, with mode 0600.
// Whoever reads the file meanwhile, or finds it after this process was killed,
// must see the old users or the new ones, all of them: write another file in
// the same folder, and give it the name when it is complete.
func writeUsers(file string, users []record) error {
	if users == nil {
		return errors.New("users.go: writeUsers is not written yet")
	}
	return replaceFile(file+".new", file)
}
