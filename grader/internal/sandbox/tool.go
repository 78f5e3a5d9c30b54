package sandbox

// Tool is the jail of a tool of ours that works on a stranger's files: program
// may start other programs, reads the folders read, of which it may execute
// what is in them, writes the folders write, and sees nothing else. It runs in
// dir, which is one of them or inside of one. At Strong it gets an empty network
// of its own; other programs are on the network of the process that starts them.
func Tool(level Level, program, dir string, read, write []string, limits Limits) *Jail {
	j := &Jail{Level: level, Program: program, Dir: dir, Profile: tool, Limits: limits}
	for _, name := range read {
		j.Folders = append(j.Folders, Folder{From: name, To: name, Exec: true})
	}
	for _, name := range write {
		j.Folders = append(j.Folders, Folder{From: name, To: name, Write: true})
	}
	j.Folders = append(j.Folders, Folder{From: "/dev/null", To: "/dev/null", Write: true})
	if level == Strong { // elsewhere, all processes of the user would be counted
		j.Limits.Processes = 1024
	}
	return j
}
