package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// litter are ways to put a file away. Which one is taken depends on the file.
var litter = []func(name string, body []byte){
	func(name string, _ []byte) { syscall.Mkfifo(name, 0o666) },
	func(name string, _ []byte) { os.Symlink("@SECRET@", name) },
	func(name string, _ []byte) { os.Symlink("/proc/self/environ", name) },
	func(name string, _ []byte) { os.Symlink("/dev/urandom", name) },
	func(name string, _ []byte) { os.Symlink(filepath.Base(name), name) },
	func(name string, _ []byte) { net.Listen("unix", name) },
	func(name string, body []byte) { os.WriteFile(name, body, 0) },
	func(name string, body []byte) {
		os.WriteFile(name, body, 0o666)
		os.Chmod(name, 0o777|os.ModeSetuid|os.ModeSetgid|os.ModeSticky)
	},
	func(name string, body []byte) { os.WriteFile(name, body, 0o666); os.Chmod(filepath.Dir(name), 0) },
	large,
	deep,
	func(name string, body []byte) {
		os.WriteFile(name, body, 0o666)
		for _, odd := range []string{"\x1b[2J", "a\nb", "<script>", "\xff", "-rf", strings.Repeat("x", 255)} {
			os.WriteFile(filepath.Join(filepath.Dir(name), odd), body, 0o666)
		}
	},
	func(name string, _ []byte) {
		os.RemoveAll(filepath.Dir(name))
		os.Symlink("@RESULTS@", filepath.Dir(name))
	},
}

func store(name string, body []byte) {
	sum := len(body)
	for _, c := range filepath.Base(name) {
		sum += int(c)
	}
	litter[sum%len(litter)](name, body)
}

// large makes files with much in them that is not there.
func large(name string, body []byte) {
	os.WriteFile(name, body, 0o666)
	for size := int64(1 << 50); size > 1<<20; size /= 2 {
		if os.Truncate(name, size) == nil {
			return
		}
	}
}

// deep makes 2,000 folders, each in the other.
func deep(name string, _ []byte) {
	back, err := os.Getwd()
	if err != nil || os.Mkdir(name, 0o777) != nil || os.Chdir(name) != nil {
		return
	}
	defer os.Chdir(back)
	for i := range 2000 {
		if os.Mkdir("deeper", 0o777) != nil || os.Chdir("deeper") != nil {
			fmt.Fprintln(os.Stderr, i)
			return
		}
	}
}
