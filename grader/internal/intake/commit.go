package intake

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"wirebook/grader/internal/repository"
)

func repositoryLimits() repository.Limits {
	return repository.Limits{
		Files: bounds.entries, Depth: bounds.depth, Packed: bounds.inner,
		Object: bounds.program, Work: bounds.expansion, Objects: bounds.objects,
	}
}

// openRepository opens the commit of a repository without a working tree, and
// closes the folder with it.
func openRepository(dir *os.Root) (*tree, error) {
	c, err := repository.Folder(dir.FS(), repositoryLimits())
	if err != nil {
		dir.Close()
		return nil, theirs("the git repository", err)
	}
	t, err := commitTree(c)
	if err != nil {
		dir.Close()
		return nil, err
	}
	t.close = func() { dir.Close() }
	return t, nil
}

func openBundle(name string, data []byte) (*tree, error) {
	c, err := repository.Bundle(data, repositoryLimits())
	if err != nil {
		return nil, theirs(fmt.Sprintf("%q", name), err)
	}
	return commitTree(c)
}

// theirs makes what is wrong with a repository the student's to mend.
func theirs(what string, err error) error {
	var told *repository.Error
	if errors.As(err, &told) {
		return unreadablef("%s: %v", what, err)
	}
	return err
}

// commitTree lists the files of a commit.
func commitTree(c *repository.Commit) (*tree, error) {
	t := &tree{close: func() {}, origin: "taken from commit " + c.Hash}
	if branch, ok := strings.CutPrefix(c.Ref, "refs/heads/"); ok {
		t.origin += fmt.Sprintf(" of the branch %q", branch)
	}
	for _, f := range c.Files {
		read := func(most int64) ([]byte, error) {
			data, err := c.Read(f)
			if err == nil && int64(len(data)) > most {
				return nil, tooLong(most)
			}
			if err != nil {
				err = theirs("the git repository", err)
			}
			return data, err
		}
		if err := t.add(item{path: f.Path, odd: f.Odd, read: read}); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// findRepository looks for a repository at the top of a folder or in its only
// folder.
func (t *tree) findRepository(root *os.Root) {
	candidates := []string{".git"}
	if only := onlyFolderIn(root); only != "" {
		candidates = append(candidates, only, only+"/.git")
	}
	for _, dir := range candidates {
		below, err := root.OpenRoot(filepath.FromSlash(dir))
		if err != nil {
			continue
		}
		found := repository.IsFolder(below.FS())
		below.Close()
		if !found {
			continue
		}
		t.origin = "taken as it lies in the folder, and not from its git repository"
		t.commit = func() (*tree, error) {
			below, err := root.OpenRoot(filepath.FromSlash(dir))
			if err != nil {
				return nil, err
			}
			return openRepository(below)
		}
		return
	}
}

// onlyFolderIn is onlyFolder also of a folder in which there is no file.
func onlyFolderIn(root *os.Root) (folder string) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return ""
	}
	for _, e := range entries {
		switch {
		case !e.IsDir() || isJunk(e.Name()):
		case folder != "":
			return ""
		default:
			folder = e.Name()
		}
	}
	return folder
}
