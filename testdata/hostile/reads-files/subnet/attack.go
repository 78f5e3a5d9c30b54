package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// wanted are files by name; the test puts its own secret in the first place.
var wanted = []string{
	"@SECRET@", "@RESULTS@/class.json", "/etc/passwd", "/etc/shadow", "/etc/hostname", "/etc/machine-id", "/root/.ssh/id_rsa", "/proc/kcore",
	"/proc/self/root/@SECRET@", "/proc/self/cwd/../../etc/passwd", "/w/../etc/passwd", "../../../../../../etc/passwd",
	"/dev/mem", "/dev/sda", "/dev/vda", "/sys/kernel/notes", "/run/secrets", "/var/run/docker.sock",
	"solutions/subnet/subnet.go", "../solutions/subnet/subnet.go", "/work/solutions/subnet/subnet.go",
}

func init() {
	if len(os.Args) < 3 || os.Args[2] != "192.168.1.199" {
		return
	}
	for _, name := range wanted {
		if text, ok := beginning(name); ok {
			fmt.Printf("BREACH: %s: %.200q\n", name, text)
		}
	}
	// A link of one's own is followed by the kernel in one's own name.
	os.Symlink("@SECRET@", "link")
	if text, ok := beginning("link"); ok {
		fmt.Printf("BREACH: link: %.200q\n", text)
	}
	os.Remove("link")
	seen := 0
	filepath.WalkDir("/", func(name string, d fs.DirEntry, err error) error {
		if seen++; seen > 100_000 || strings.HasPrefix(name, "/proc/self/task") {
			return fs.SkipAll
		}
		if err != nil || d.IsDir() {
			return nil
		}
		// The program is there too, and so is this text in it.
		if text, _ := beginning(name); name != "/program" && bytes.Contains(text, []byte("canary")) {
			fmt.Printf("BREACH: %s\n", name)
		}
		return nil
	})
}

// beginning reads the beginning of a file: some have no end. It tells whether
// there is one that can be opened.
func beginning(name string) (text []byte, ok bool) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	text = make([]byte, 64<<10)
	n, _ := f.Read(text)
	return text[:n], true
}
