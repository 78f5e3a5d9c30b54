package main

import (
	"fmt"
	"os"
	"slices"
	"syscall"
)

func init() {
	if !slices.Contains(os.Args, "1h") {
		return
	}
	report := func(what string, err error) {
		if err == nil {
			fmt.Println("BREACH:", what)
		}
	}
	report("wrote over the puppet", os.WriteFile("bin/tool", []byte("x"), 0o755))
	report("cut the puppet", os.Truncate("bin/tool", 0))
	report("removed the puppet", os.Remove("bin/tool"))
	report("renamed the puppet", os.Rename("bin/tool", "bin/more"))
	report("made a file beside it", os.WriteFile("bin/more", []byte("x"), 0o755))
	report("made a link beside it", os.Symlink("/bin/sh", "bin/sh"))
	report("made a second name beside it", os.Link("bin/tool", "bin/more"))
	report("made a folder beside it", os.Mkdir("bin/folder", 0o755))
	report("changed its mode", os.Chmod("bin/tool", 0o777))
	report("changed the mode of its folder", os.Chmod("bin", 0o777))
	report("mounted over its folder", syscall.Mount("none", "bin", "tmpfs", 0, ""))
	report("unmounted its folder", syscall.Unmount("bin", syscall.MNT_DETACH))
	for _, name := range []string{"bin", "bin/tool"} {
		if f, err := os.Open(name); err == nil {
			report("changed the mode of "+name+", open", f.Chmod(0o777))
			f.Close()
		}
	}
	if f, err := os.OpenFile("bin/tool", os.O_WRONLY|os.O_APPEND, 0); err == nil {
		report("opened the puppet to write", err)
		f.Close()
	}
}
