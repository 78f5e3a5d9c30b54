package sandbox

import (
	"os"
	"path"
	"path/filepath"
)

// What a student's program finds where.
const (
	ProgramPath = "/program"
	WorkDir     = "/w"
)

// Program is the jail of a student's program: the executable, its working
// directory dir, a folder tmp for temporary files, and the few files of the
// system that Go's standard library looks at. At Strong, tmp is not used: there
// is a /tmp.
func Program(level Level, profile Profile, executable, dir, tmp string) *Jail {
	j := &Jail{
		Level:   level,
		Profile: profile,
		Program: ProgramPath,
		Dir:     WorkDir,
		Folders: []Folder{
			{From: executable, To: ProgramPath, Exec: true},
			{From: dir, To: WorkDir, Write: true},
			{From: "/dev/null", To: "/dev/null", Write: true},
			{From: "/dev/urandom", To: "/dev/urandom"},
			{From: "/usr/share/zoneinfo", To: "/usr/share/zoneinfo", Optional: true},
		},
		// More than any scenario allows, since scenarios set limits of their
		// own once the program runs.
		Limits: Limits{
			Processes: 512,
			CPU:       600,
			Data:      2 << 30,
			Addresses: 16 << 30,
			FileSize:  4 << 30,
			Files:     4096,
			Temporary: 256 << 20,
		},
	}
	if profile.Folder != "" {
		j.Folders = append(j.Folders, Folder{
			From: filepath.Join(dir, profile.Folder), To: path.Join(WorkDir, profile.Folder), Exec: true, Optional: true,
		})
	}
	if level == Strong {
		// What a program does in its own name: it asks where it stands, gives an
		// unnamed file a name, opens a stream again.
		j.Folders = append(j.Folders, Folder{From: "/proc/self/fd", To: "/proc/self/fd", Closed: true, Optional: true})
		j.Links = map[string]string{
			"/proc/self/exe": ProgramPath,
			"/dev/fd":        "/proc/self/fd",
			"/dev/stdin":     "/proc/self/fd/0",
			"/dev/stdout":    "/proc/self/fd/1",
			"/dev/stderr":    "/proc/self/fd/2",
		}
		j.Files = map[string]string{
			"/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
			// How many connections may wait at a listener: without this
			// file, Go asks for far fewer than it does elsewhere.
			somaxconn: backlog(),
		}
		return j
	}
	for _, file := range []string{"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", somaxconn} {
		j.Folders = append(j.Folders, Folder{From: file, To: file, Optional: true})
	}
	j.Folders = append(j.Folders, Folder{From: tmp, To: tmp, Write: true})
	// The processes of all programs are counted together there.
	j.Limits.Processes = 1 << 13
	return j
}

const somaxconn = "/proc/sys/net/core/somaxconn"

func backlog() string {
	text, err := os.ReadFile(somaxconn)
	if err != nil {
		return "4096\n" // the kernel's default
	}
	return string(text)
}
