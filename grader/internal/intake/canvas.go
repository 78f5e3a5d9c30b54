package intake

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"wirebook/harness/lessonfile"
)

// canvas is how Canvas names each file of a class that it packs flat: the student,
// the student's and the hand-in's number, and the file's own name.
var canvas = regexp.MustCompile(`^(.+?)(?:_LATE)?_(\d+)_\d+_(.+)$`)

// again is in the name of a file of which Canvas has an older one.
var again = regexp.MustCompile(`-\d+(\.go)$`)

// isFlat reports whether a student's files lie by themselves, named as in Canvas.
func isFlat(paths []string) bool {
	return !slices.ContainsFunc(paths, func(path string) bool {
		name := filepath.Base(path)
		return !canvas.MatchString(name) || !lessonfile.IsProgram(name)
	})
}

// openFlat makes a folder of them.
func openFlat(paths []string) (*tree, error) {
	t := &tree{close: func() {}}
	var names []string
	for _, path := range paths {
		names = append(names, canvas.FindStringSubmatch(filepath.Base(path))[3])
	}
	for i, name := range names {
		if plain := again.ReplaceAllString(name, "$1"); !slices.Contains(names, plain) {
			name = plain
		}
		read := func(most int64) ([]byte, error) {
			file, err := os.Open(paths[i])
			if err != nil {
				return nil, err
			}
			defer file.Close()
			return lessonfile.ReadAll(file, most)
		}
		if err := t.add(item{name: name, read: read}); err != nil {
			return nil, err
		}
	}
	t.arrange()
	return t, nil
}
