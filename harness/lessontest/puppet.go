package lessontest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"wirebook/harness/puppet"
)

// Puppet says where the puppet is that a test's programs may start, and builds it when
// it is needed for the first time. It is kept in the user's cache folder: to build it
// takes as long as many plays.
var Puppet = sync.OnceValues(func() (path string, err error) {
	key, err := puppet.Key()
	if err != nil {
		return "", err
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	dir = filepath.Join(dir, "wirebook", "puppets")
	path = filepath.Join(dir, key+".exe") // the ending is Windows'
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	return path, buildPuppet(path)
})

// buildPuppet builds it beside its place and moves it there, whole.
func buildPuppet(path string) error {
	scratch, err := os.MkdirTemp(filepath.Dir(path), "build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	made := filepath.Join(scratch, "puppet.exe")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", made, puppet.Path)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the puppet does not build: %w\n%s", err, out)
	}
	if err := os.Rename(made, path); err != nil {
		if _, there := os.Stat(path); there != nil {
			return err
		}
	}
	return nil // it is there, even where another process was quicker
}
