package lessontest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
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
	if r.readmeHas("`" + name + "`") {
		return fmt.Errorf("%q is a hidden scenario: it is played when your work is graded, and is not here", name)
	}
	return fmt.Errorf("no scenario of %s matches %q; the names are those of the files in exercises/%s/testdata", r.lesson.Name, name, r.lesson.Name)
}

// readmeHas reports whether the lesson's README has the text in it.
func (r *run) readmeHas(text string) bool {
	readme, err := os.ReadFile(filepath.Join(r.dir, "README.md"))
	return err == nil && bytes.Contains(readme, []byte(text))
}

// readSource reads the student's files, and those that were handed out.
func (r *run) readSource() (err error) {
	if r.folder, err = lessonfile.Read(os.DirFS(r.dir)); err != nil {
		return err
	}
	archive, err := txtar.ParseFile(filepath.Join(filepath.Dir(filepath.Dir(r.dir)), "exercises", r.lesson.Name, filepath.FromSlash(given)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	r.given = make(map[string][]byte)
	for _, f := range archive.Files {
		r.given[f.Name] = f.Data
	}
	return nil
}

// given is where a lesson keeps its files as they were handed out.
const given = "testdata/given/given.txtar"

// refused returns a line for each thing in the student's files that grading refuses,
// in the same words: nothing is green at home and refused in class.
func (r *run) refused() (lines []string) {
	rules := lessonfile.Rules{Lesson: r.lesson.Name, Forbids: r.lesson.Forbids, Given: r.given}
	for _, p := range append(r.folder.Refused, rules.Check(r.folder.Program)...) {
		lines = append(lines, p.String())
	}
	return lines
}

// untouched reports whether the student has written nothing yet.
func (r *run) untouched() bool {
	for name, text := range r.folder.Program {
		if as, ok := r.given[name]; !ok || !lessonfile.Same(text, as) {
			return false
		}
	}
	return len(r.given) > 0
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
func (r *run) stubs() (stubs []string) {
	for _, name := range slices.Sorted(maps.Keys(r.folder.Program)) {
		if bytes.Contains(r.folder.Program[name], []byte("is not written yet")) {
			stubs = append(stubs, fmt.Sprintf("%s/%s/%s", r.part, r.lesson.Name, name))
		}
	}
	return stubs
}
