package follow

import (
	"os"
	"path/filepath"
	"testing"
)

// The bell rings for a file that is written, made or renamed over, whoever looks.
func TestFollow(t *testing.T) {
	for _, poll := range []bool{false, true} {
		dir := t.TempDir()
		path := filepath.Join(dir, "chat.go")
		put := func(name, text string) {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		put(path, "one")
		f := Start(t.Context(), []string{dir}, poll)
		if poll != (f.Polls != "") {
			t.Skipf("polls: %q", f.Polls)
		}
		for _, change := range []func(){
			func() { put(path, "two, longer") },
			func() { put(filepath.Join(dir, "lines.go"), "new") },
			func() {
				put(path+".swp", "three")
				if err := os.Rename(path+".swp", path); err != nil {
					t.Fatal(err)
				}
			},
			func() {
				if err := os.Remove(path); err != nil {
					t.Fatal(err)
				}
			},
		} {
			change()
			<-f.Bell
		}
	}
}

// What cannot be watched is polled, and the reason is told.
func TestPolls(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing")
	f := Start(t.Context(), []string{dir, missing}, false)
	if f.Polls == "" {
		t.Fatal("a folder that cannot be watched is told to be")
	}
	if err := os.Mkdir(missing, 0o777); err != nil {
		t.Fatal(err)
	}
	<-f.Bell
}
