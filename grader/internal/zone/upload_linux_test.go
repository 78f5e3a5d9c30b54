package zone

import (
	"bytes"
	"maps"
	"path/filepath"
	"testing"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/workbook"
)

// unnamed makes files that have no name until they are whole, as open(2)
// describes it for O_TMPFILE.
const unnamed = `package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

func newUnnamed(root *os.Root) (*os.File, error) {
	dir, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	fd, err := syscall.Openat(int(dir.Fd()), ".", 0o20000000|syscall.O_DIRECTORY|syscall.O_WRONLY|syscall.O_CLOEXEC, 0o666)
	if err != nil {
		return nil, os.NewSyscallError("open an unnamed file", err)
	}
	return os.NewFile(uintptr(fd), "unnamed"), nil
}

func giveName(root *os.Root, file *os.File, name string) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	from, err := syscall.BytePtrFromString(fmt.Sprint("/proc/self/fd/", file.Fd()))
	if err != nil {
		return err
	}
	to, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	const follow = 0x400
	_, _, errno := syscall.Syscall6(syscall.SYS_LINKAT, 0, uintptr(unsafe.Pointer(from)), dir.Fd(), uintptr(unsafe.Pointer(to)), follow, 0)
	if errno != 0 {
		return os.NewSyscallError("linkat", errno)
	}
	return nil
}
`

// An upload whose files have no name until they are whole loses nothing in a
// sandbox.
func TestUnnamedUpload(t *testing.T) {
	book, err := workbook.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select([]string{"upload"})
	if err != nil {
		t.Fatal(err)
	}
	lesson := lessons[0]
	if len(lesson.Solution) == 0 {
		t.Skip("a student's copy has no solutions")
	}
	program := maps.Clone(lesson.Solution)
	program["unnamed.go"] = []byte(unnamed)
	for _, change := range [][2]string{
		{"s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)", "newUnnamed(s.root)"},
		{"	if err := p.file.Close(); err != nil {", "	if err := giveName(p.root, p.file, p.name); err != nil {\n\t\treturn err\n\t}\n\tif err := p.file.Close(); err != nil {"},
	} {
		if bytes.Count(program["store.go"], []byte(change[0])) != 1 {
			t.Fatalf("the solution's store.go has not once %q", change[0])
		}
		program["store.go"] = bytes.Replace(program["store.go"], []byte(change[0]), []byte(change[1]), 1)
	}
	tools, err := build.Find(t.Context(), build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "upload")
	if err := tools.Build(t.Context(), program, path); err != nil {
		t.Fatal(err)
	}
	player, err := (&stage.Stage{Lesson: lesson, Builder: tools, Dir: t.TempDir(), Seed: 1}).Player(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for _, level := range []sandbox.Level{sandbox.Strong, sandbox.Reduced} {
		t.Run(level.String(), func(t *testing.T) {
			reach(t, level)
			all, err := Play(t.Context(), Options{Level: level, Plays: 4}, player, lesson.Scenarios)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range all {
				if o.Status != "pass" {
					t.Errorf("%s: %s %s %+v", o.Scenario, o.Status, o.Reason, o.Failure)
				}
			}
		})
	}
}
