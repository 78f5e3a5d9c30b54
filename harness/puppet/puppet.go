// Package puppet holds the source of the puppet: a program of ours that a student's
// program may start. What a puppet does is said by its arguments, or by a peer of the
// scenario that it connects to and obeys; so a scenario leads what the student's
// program has started, step by step, without a signal, a number or a sleep.
//
// The program stands in the folder program, whose comment lists what it can do. It
// imports the standard library alone. Whoever plays scenarios builds it once, from
// [Source], without cgo: it has to run where there is no other file.
package puppet

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"runtime"
)

//go:embed program/*.go
var files embed.FS

// Path is the import path of the program.
const Path = "wirebook/harness/puppet/program"

// Source returns the program's files by their names.
func Source() (map[string][]byte, error) {
	source := make(map[string][]byte)
	entries, err := fs.ReadDir(files, "program")
	for _, e := range entries {
		if source[e.Name()], err = files.ReadFile("program/" + e.Name()); err != nil {
			return nil, err
		}
	}
	return source, err
}

// Key names the puppet that this Go builds for this system.
func Key() (string, error) {
	source, err := Source()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	h.Write([]byte(runtime.Version() + " " + runtime.GOOS + " " + runtime.GOARCH))
	entries, err := fs.ReadDir(files, "program") // sorted
	for _, e := range entries {
		h.Write([]byte("\n" + e.Name() + "\n"))
		h.Write(source[e.Name()])
	}
	return hex.EncodeToString(h.Sum(nil)), err
}
