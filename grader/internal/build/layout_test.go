package build

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
)

// Functions of a package are called as in package main, and each name begins
// where it did.
func TestRenamed(t *testing.T) {
	const names = "\x00main.main\x00sub/chat.main.func1\x00sub/chatter.f\x00slices.Sort[sub/chat.a,sub/chat.b]\x00"
	const want = "\x00main.main\x00main.main.func1\x00\x00\x00\x00\x00sub/chatter.f\x00slices.Sort[main.a,main.b]\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	if got := string(renamed([]byte(names), "sub/chat")); got != want {
		t.Errorf("renamed: %q; want %q", got, want)
	}
}

// What is not as it was thought to be is not changed.
func TestSurvey(t *testing.T) {
	tools := newTools(t, sandbox.Plain)
	path := filepath.Join(t.TempDir(), "program")
	if err := tools.Build(t.Context(), source.Files{"main.go": text("", "func main() {}")}, path); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := survey(whole, nil); err != nil || l.start <= 0 || l.names.size <= 0 {
		t.Fatalf("layout %+v, error %v", l, err)
	}
	if _, err := survey(whole, []member{{name: "chat"}}); !errors.Is(err, errForm) {
		t.Errorf("without the program: error %v; want %v", err, errForm)
	}
	if _, err := survey([]byte("#!/bin/sh\n"), nil); err == nil {
		t.Error("a script has a layout")
	}
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	table, err := file.Section(".gopclntab").Data()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(){
		"another mark":       func() { binary.LittleEndian.PutUint32(table, pcMagic-1) },
		"names behind it":    func() { binary.LittleEndian.PutUint64(table[pcWords+pcBehind*8:], 1<<40) },
		"names before names": func() { binary.LittleEndian.PutUint64(table[pcWords+pcNames*8:], 1<<39) },
		"cut":                func() { table = table[:40] },
	} {
		before := table
		kept := append([]byte(nil), table[:80]...)
		change()
		if _, err := namesIn(table, binary.LittleEndian); !errors.Is(err, errForm) {
			t.Errorf("%s: error %v; want %v", name, err, errForm)
		}
		table = before
		copy(table, kept)
	}
}
