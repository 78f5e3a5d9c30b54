package build

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
)

// A stranger's files are compiled in a sandbox that reads the toolchain and
// what is compiled of the standard library, and writes into a folder of its own
// alone. So nothing that one submission makes a compiler do reaches another.
// The cache is filled before, outside, and by no file of a stranger's.

// bounds are those of each process of a build.
var bounds = sandbox.Limits{
	CPU:       20,
	Addresses: 4 << 30,
	FileSize:  64 << 20, // which the grader reads, and copies
}

// compile runs go on a stranger's files, which lie in tree.
func (t *Toolchain) compile(ctx context.Context, files source.Files, scratch, tree string, args ...string) (string, error) {
	if t.level == sandbox.Plain {
		return t.run(ctx, scratch, tree, args...)
	}
	if _, err := t.prepare(ctx, files.Imports()); err != nil {
		return "", err
	}
	if err := unindexed(tree); err != nil {
		return "", err
	}
	jail := sandbox.Tool(t.level, filepath.Join(t.root, "bin", "go"), tree, []string{t.root, t.cache}, []string{scratch}, bounds)
	return t.runIn(ctx, func(ctx context.Context, cmd *exec.Cmd) error { return confined(ctx, jail, cmd) }, scratch, tree, args...)
}

// confined runs a command in a jail, up to the end of ctx.
func confined(ctx context.Context, jail *sandbox.Jail, cmd *exec.Cmd) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	out := cmd.Stdout
	cmd.Stdout, cmd.Stderr = w, w
	release, err := jail.Start(cmd)
	w.Close()
	if err != nil {
		return err
	}
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		_, _ = io.Copy(out, r) // what was printed up to an error counts
	}()
	stop := context.AfterFunc(ctx, func() { _ = killGroup(cmd.Process) })
	err = cmd.Wait()
	stop()
	// What a tool has left behind holds no pipe open.
	err = errors.Join(err, release())
	_ = r.SetReadDeadline(time.Now().Add(time.Second))
	<-copied
	return err
}

// unindexed keeps go from making an index of the files in its cache, which it
// cannot write. It makes none of files that are about to change, as a file seems
// to be that is from the future.
func unindexed(tree string) error {
	future := time.Now().Add(24 * time.Hour)
	return os.Chtimes(filepath.Join(tree, "go.mod"), future, future)
}

// take moves the executable that was made to where it is wanted. What lies there
// may be anything.
func take(made, target string) error {
	info, err := os.Lstat(made)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("go build made no regular file but %v", info.Mode())
	}
	if err := os.Chmod(made, 0o755); err != nil {
		return err
	}
	return os.Rename(made, target)
}
