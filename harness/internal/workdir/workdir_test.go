package workdir

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What stands in the directory is reached by its name, what is new is made there.
func TestReach(t *testing.T) {
	d := made(t)
	read := func(path string) error {
		_, err := os.ReadFile(path)
		return err
	}
	if err := d.Reach("new", read); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v, want that it is not there", err)
	}
	write := func(path string) error { return os.WriteFile(path, []byte("x"), 0o600) }
	if err := d.ReachNew("new", write); err != nil {
		t.Error(err)
	}
	if _, err := d.Stat("new"); err != nil {
		t.Error(err)
	}
}

// A link in the directory leads nothing out of it.
func TestLinks(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere no stranger's program is played")
	}
	d := made(t)
	outside := t.TempDir()
	if err := d.Symlink(outside, "way"); err != nil {
		t.Fatal(err)
	}
	never := func(path string) error {
		t.Errorf("asked to use %s", path)
		return nil
	}
	if d.Reach("way/..", never) == nil || d.ReachNew("way/new", never) == nil {
		t.Error("a link led out")
	}
}

// A mounted directory is unmounted once, also where it could not be opened.
func TestMount(t *testing.T) {
	unmounted := 0
	unmount := func() error { unmounted++; return nil }
	d, err := Make(filepath.Join(t.TempDir(), "w"), func(string) (func() error, error) { return unmount, nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil || unmounted != 1 {
		t.Errorf("%v, unmounted %d times", err, unmounted)
	}
	remove := func(dir string) (func() error, error) { return unmount, os.Remove(dir) }
	if _, err := Make(filepath.Join(t.TempDir(), "w"), remove); err == nil || unmounted != 2 {
		t.Errorf("%v, unmounted %d times", err, unmounted)
	}
	broken := errors.New("broken")
	if _, err := Make(filepath.Join(t.TempDir(), "w"), func(string) (func() error, error) { return nil, broken }); err != broken {
		t.Errorf("%v, want what mounting said", err)
	}
}

func made(t *testing.T) *Dir {
	t.Helper()
	d, err := Make(filepath.Join(t.TempDir(), "w"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
