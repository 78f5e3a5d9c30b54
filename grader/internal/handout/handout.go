// Package handout writes the workbook as students get it, and takes a newer one into
// a copy in which a student has worked.
//
// A handout holds a list of its files and their hashes. So a copy knows, when a newer
// handout comes, which of its files the student has written or changed: those are
// never lost.
package handout

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"wirebook/grader/internal/workbook"
)

// parts are the files and folders of the workbook that students get. Of the solutions
// there is only the file without which the grader is not built.
var parts = []string{
	"README.md", "README.zh-CN.md", "go.mod", "go.sum", ".gitignore", ".gitattributes",
	"docs", "exercises", "grader", "harness", "recipes", "solutions/solutions.go",
}

//go:embed devcontainer
var container embed.FS

// listFile is the list of a handout's files.
const listFile = "handout.json"

// A list has for each file of a handout the hash of what is in it.
type list map[string]string

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Write writes the handout of a working tree to dir, which must be empty or missing.
// The lessons' programs are those that are given, whatever the tree has of them.
func Write(book *workbook.Workbook, dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s: it is not empty; name a new folder", dir)
	}
	files, err := collect(book)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := put(dir, name, text); err != nil {
			return err
		}
	}
	return nil
}

// collect reads all that a handout holds, its list too.
func collect(book *workbook.Workbook) (map[string][]byte, error) {
	files := make(map[string][]byte)
	tree := os.DirFS(book.Dir)
	for _, part := range parts {
		err := fs.WalkDir(tree, part, func(name string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == part {
				return nil
			}
			if err != nil || !d.Type().IsRegular() || isMade(name) {
				return err
			}
			files[name], err = fs.ReadFile(tree, name)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if err := giveOut(book, files); err != nil {
		return nil, err
	}
	err := fs.WalkDir(container, "devcontainer", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files["."+name], err = container.ReadFile(name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	all := make(list)
	for name, text := range files {
		all[name] = hash(text)
	}
	files[listFile], err = json.MarshalIndent(all, "", "\t")
	return files, err
}

// isMade reports whether a file was made by tests or by grading.
func isMade(name string) bool {
	return slices.Contains([]string{".test", ".prof", ".exe"}, path.Ext(name))
}

// giveOut makes the programs of the lessons those that are given.
func giveOut(book *workbook.Workbook, files map[string][]byte) error {
	lessons, err := book.Select(nil)
	if err != nil {
		return err
	}
	for _, l := range lessons {
		if len(l.Given) == 0 {
			return fmt.Errorf("exercises/%s: it has no files that are given; make them with: go run ./grader verify --update %[1]s", l.Name)
		}
		folder := "exercises/" + l.Name
		for name := range files {
			if path.Dir(name) == folder && isStudents(name) {
				delete(files, name)
			}
		}
		for name, text := range l.Given {
			files[path.Join(folder, name)] = text
		}
	}
	return nil
}

// isStudents reports whether a file in the folder of a lesson is a student's to write.
func isStudents(name string) bool {
	at := strings.Split(name, "/")
	return len(at) == 3 && at[0] == "exercises" && path.Base(name) != "main_test.go" &&
		(path.Ext(name) == ".go" || strings.Contains(name, ".go."))
}

// put writes a file, in one step.
func put(dir, name string, text []byte) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return fmt.Errorf("%q: it leads out of the folder", name)
	}
	target := filepath.Join(dir, filepath.FromSlash(name))
	if old, err := os.ReadFile(target); err == nil && bytes.Equal(old, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		return err
	}
	fresh := target + ".new"
	if err := os.WriteFile(fresh, text, 0o666); err != nil {
		return err
	}
	return os.Rename(fresh, target)
}

// readList reads the list of a handout in dir.
func readList(dir string) (list, error) {
	text, err := os.ReadFile(filepath.Join(dir, listFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: it is no handout: it has no %s", dir, listFile)
	}
	if err != nil {
		return nil, err
	}
	var all list
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, listFile), err)
	}
	return all, nil
}
