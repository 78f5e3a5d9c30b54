package lessontest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"wirebook/harness"
	"wirebook/harness/lessonfile"
)

// runPattern returns what -run was given.
func runPattern() string {
	if f := flag.Lookup("test.run"); f != nil {
		return f.Value.String()
	}
	return ""
}

// matchesRun reports whether a -run pattern can match a subtest of Test's.
func matchesRun(pattern, name string) bool {
	_, sub, ok := strings.Cut(pattern, "/")
	if !ok || sub == "" {
		return true
	}
	matched, err := regexp.MatchString(sub, name)
	return err != nil || matched
}

// checkPattern refuses a -run pattern that plays nothing, which go test would call
// ok.
func (r *run) checkPattern(pattern string) error {
	if slices.ContainsFunc(r.scenarios, func(s *harness.Scenario) bool { return matchesRun(pattern, s.Name) }) {
		return nil
	}
	_, name, _ := strings.Cut(pattern, "/")
	readme, err := os.ReadFile(filepath.Join(r.dir, "README.md"))
	if err == nil && bytes.Contains(readme, []byte("`"+name+"`")) {
		return fmt.Errorf("%q is a hidden scenario: it is played when your work is graded, and is not here", name)
	}
	return fmt.Errorf("no scenario of %s matches %q; the names are those of the files in exercises/%s/testdata", r.lesson.Name, name, r.lesson.Name)
}

// refused returns a line for each thing in the student's files that grading refuses,
// in the same words: nothing is green at home and refused in class.
func (r *run) refused() ([]string, error) {
	handedOut, err := r.handedOut()
	if err != nil {
		return nil, err
	}
	folder, err := lessonfile.Read(os.DirFS(r.dir))
	if err != nil {
		return nil, err
	}
	rules := lessonfile.Rules{Lesson: r.lesson.Name, Forbids: r.lesson.Forbids, Given: handedOut}
	var lines []string
	for _, p := range append(folder.Refused, rules.Check(folder.Program)...) {
		lines = append(lines, p.String())
	}
	return lines, nil
}

// given is where a lesson keeps its files as they were handed out.
const given = "testdata/given/given.txtar"

// handedOut returns the lesson's files as they were handed out; nil for a solution.
func (r *run) handedOut() (map[string][]byte, error) {
	archive, err := txtar.ParseFile(filepath.Join(filepath.Dir(filepath.Dir(r.dir)), "exercises", r.lesson.Name, filepath.FromSlash(given)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for _, f := range archive.Files {
		files[f.Name] = f.Data
	}
	return files, nil
}

// untouched reports whether the student has written nothing yet.
func (r *run) untouched() (bool, error) {
	handedOut, err := r.handedOut()
	if err != nil || len(handedOut) == 0 {
		return false, err
	}
	folder, err := lessonfile.Read(os.DirFS(r.dir))
	if err != nil {
		return false, err
	}
	for name, text := range folder.Program {
		if as, ok := handedOut[name]; !ok || !lessonfile.Same(text, as) {
			return false, nil
		}
	}
	return true, nil
}

// welcome says to a student how to begin.
func (r *run) welcome() string {
	first := r.scenarios[0]
	return fmt.Sprintf(`nothing is written here yet: %s
  read   %s/%s/README.md
  write  %s
  play   go test ./%s/%s -run /%s`,
		r.lesson.Title, r.part, r.lesson.Name, strings.Join(r.stubs(), ", "), r.part, r.lesson.Name, first.Name)
}

// stubs are the files that a student fills in: those in which something is missing.
func (r *run) stubs() []string {
	files, _ := filepath.Glob(filepath.Join(r.dir, "*.go")) // the pattern is a good one
	var stubs []string
	for _, file := range files {
		if source, err := os.ReadFile(file); err == nil && bytes.Contains(source, []byte("is not written yet")) {
			stubs = append(stubs, fmt.Sprintf("%s/%s/%s", r.part, r.lesson.Name, filepath.Base(file)))
		}
	}
	return stubs
}
