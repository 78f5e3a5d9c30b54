package sandbox

import (
	"fmt"
	"path"
	"strings"
)

// A Profile says what a program may do that a program of most lessons may not.
// The zero Profile adds nothing. A lesson names another one by its text, such as
// "runs bin".
type Profile struct {
	Name   string // its row in the table of powers
	Folder string // below the working directory; of what it may start
}

// tool may start other programs, wherever they are among the jail's folders. It
// is for programs of ours that work on a stranger's files, and no lesson's.
var tool = Profile{Name: "tool"}

// runs may start the programs in a folder, which it cannot change.
const runs = "runs"

// ownSockets may connect to Unix sockets below its working directory. At Strong, every
// program may.
const ownSockets = "sockets"

// ParseProfile reads what a lesson says: "", "runs FOLDER" or "sockets".
func ParseProfile(text string) (Profile, error) {
	name, folder, _ := strings.Cut(text, " ")
	switch {
	case text == "":
		return Profile{}, nil
	case text == ownSockets:
		return Profile{Name: ownSockets}, nil
	case name != runs || folder == "" || folder != path.Clean(folder) || folder == ".." || strings.HasPrefix(folder, "../") || path.IsAbs(folder):
		return Profile{}, fmt.Errorf("%q: no such sandbox profile; there are sockets, and runs FOLDER, where FOLDER is below the program's working directory", text)
	}
	return Profile{name, folder}, nil
}
