// Package sandbox keeps the machine from a program that a stranger wrote.
//
// A Jail says what a program may see and use. Start starts a command in it: a
// child shuts itself in, one system call after the other, and then becomes the
// program.
//
//	jail := sandbox.Program(sandbox.Strong, sandbox.Profile{}, executable, dir, tmp)
//	release, err := jail.Start(cmd)
//
// What each level promises stands in level.go. Which levels this machine reaches
// is found out by trying, with a Probe in place of the program. What a lesson may
// let its program do beyond the usual stands in profile.go, and what the child
// does, in order, in jail_linux.go.
package sandbox

// A Jail says what a program may see and use.
type Jail struct {
	// Level is Strong or Reduced.
	Level Level
	// Program is the executable, by the name that the program itself would
	// see. It is also what the program finds as its first argument.
	Program string
	// Dir is the program's working directory, by the name that the program
	// sees.
	Dir string
	// Folders are all that the program sees of the machine's files.
	Folders []Folder
	// Files are small files that are made for the program, and Links symbolic
	// links, by their names. Reduced makes none; there the program sees the
	// machine's links.
	Files, Links map[string]string
	// Profile is what the program may do besides.
	Profile Profile
	// Limits are upper bounds; whoever starts the program may set lower ones.
	Limits Limits
	// Probe, where it is not nil, is tried instead of the program.
	Probe *Probe
}

// A Folder is a folder or a file of the machine's that a jail shows.
type Folder struct {
	From string // its name
	To   string // where a Strong jail shows it; Reduced cannot rename
	// Write lets the program change what is in it, Exec execute it. A Closed
	// folder can be neither listed nor read; what is in it can be named.
	Write, Exec, Closed bool
	// Optional is one that not every machine has.
	Optional bool
}

// Limits bound what a jail's program uses. Zero is no bound.
type Limits struct {
	Processes int64 // and threads, all together; at Reduced all of one user's
	CPU       int64 // seconds of processor time, each process
	Data      int64 // bytes of private memory, each process
	Addresses int64 // bytes of address space, each process
	FileSize  int64 // bytes, each file
	Files     int64 // open at a time, each process
	Temporary int64 // bytes in /tmp; Reduced has none
}

// A Probe tries what must work in a jail and what must not. Start says what is
// not as it should be, or the command ends with exit status 0.
type Probe struct {
	// Secret is a file of the machine's that the jail does not show.
	Secret string
	// Listener is where somebody listens on the machine's own loopback
	// interface, as "127.0.0.1:80"; empty where the jail shares that.
	Listener string
}
