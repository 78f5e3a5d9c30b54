package workbook

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"wirebook/grader/internal/source"
)

// A Mutant is a program with one known mistake. It must fail exactly the
// scenarios that it names; the first is the one that it was written for.
type Mutant struct {
	Name, Title string
	// Want are the scenarios that it must fail; "*" stands for all.
	Want []string
	// May are scenarios that show the mistake or do not, as the moment
	// falls: the bytes that it needs arrive together only sometimes. A
	// scenario's place is earned by Want alone.
	May []string
	// Of is the variant that it is built on, empty for the solution.
	Of string

	file    string
	patches []patch
	whole   source.Files
}

// A patch replaces lines of one file.
type patch struct {
	file      string
	old, with string
}

// A Variant is a correct program, built as another person would.
type Variant struct {
	Name, Title string
	Files       source.Files
}

// readArchives reads the archives of a folder, each with parse.
func readArchives[T any](fsys fs.FS, dir string, parse func(file string, a *txtar.Archive) (T, error)) ([]T, error) {
	files, err := fs.Glob(fsys, path.Join(dir, "*.txtar"))
	if err != nil {
		return nil, err
	}
	var all []T
	var errs []error
	for _, file := range files {
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, err
		}
		one, err := parse(path.Join("solutions", file), txtar.Parse(text))
		all, errs = append(all, one), append(errs, err)
	}
	return all, errors.Join(errs...)
}

// comments returns the archive's first lines without their "# ": a title, and
// the values of the lines "# key: value".
func comments(file string, a *txtar.Archive, keys ...string) (title string, values map[string]string, err error) {
	values = make(map[string]string)
	for i, line := range strings.Split(strings.TrimSpace(string(a.Comment)), "\n") {
		text, ok := strings.CutPrefix(line, "# ")
		if !ok {
			return "", nil, fmt.Errorf("%s:%d: %q: before the files every line begins with \"# \"", file, i+1, line)
		}
		if i == 0 {
			title = text
			continue
		}
		if key, value, ok := strings.Cut(text, ":"); ok && slices.Contains(keys, key) {
			values[key] = strings.TrimSpace(value)
		}
	}
	return title, values, nil
}

func parseVariant(file string, a *txtar.Archive) (*Variant, error) {
	title, _, err := comments(file, a)
	if err != nil {
		return nil, err
	}
	v := &Variant{Name: stem(file), Title: title, Files: filesOf(a)}
	if len(v.Files) == 0 {
		return nil, fmt.Errorf("%s: it holds no file; give the program's files as -- NAME.go --", file)
	}
	return v, nil
}

func parseMutant(file string, a *txtar.Archive) (*Mutant, error) {
	title, values, err := comments(file, a, "want", "may", "of")
	if err != nil {
		return nil, err
	}
	m := &Mutant{
		Name: stem(file), Title: title,
		Want: strings.Fields(values["want"]), May: strings.Fields(values["may"]), Of: values["of"],
		file: file, whole: make(source.Files),
	}
	if len(m.Want) == 0 {
		return nil, fmt.Errorf("%s: no scenario to fail; add a line # want: with the scenarios", file)
	}
	for i := 0; i < len(a.Files); i++ {
		f := a.Files[i]
		name, patched := strings.CutSuffix(f.Name, ": replace")
		if !patched {
			m.whole[f.Name] = f.Data
			continue
		}
		if i++; i == len(a.Files) || a.Files[i].Name != name+": with" {
			return nil, fmt.Errorf("%s: after \"-- %s --\" comes \"-- %s: with --\"", file, f.Name, name)
		}
		m.patches = append(m.patches, patch{name, string(f.Data), string(a.Files[i].Data)})
	}
	if len(m.patches)+len(m.whole) == 0 {
		return nil, fmt.Errorf("%s: it changes nothing; add \"-- NAME.go: replace --\" and \"-- NAME.go: with --\"", file)
	}
	return m, nil
}

// Files returns the mutant's program, made from the lesson's solution or the
// variant that it names.
func (m *Mutant) Files(l *Lesson) (source.Files, error) {
	base := l.Solution
	if m.Of != "" {
		i := slices.IndexFunc(l.Variants, func(v *Variant) bool { return v.Name == m.Of })
		if i < 0 {
			return nil, fmt.Errorf("%s: # of: %s: no such variant", m.file, m.Of)
		}
		base = l.Variants[i].Files
	}
	files := maps.Clone(base.Complete(l.Given))
	for _, p := range m.patches {
		text, ok := files[p.file]
		if !ok {
			return nil, fmt.Errorf("%s: it patches %q, which the program has not; its files are %s", m.file, p.file, strings.Join(files.Names(), ", "))
		}
		patched, err := p.apply(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: -- %s: replace --: %w", m.file, p.file, err)
		}
		files[p.file] = []byte(patched)
	}
	maps.Copy(files, m.whole)
	return files, nil
}

// apply replaces the patch's text, which must stand in text once: as whole
// lines, or where these are not there as a part of one.
func (p patch) apply(text string) (string, error) {
	if strings.TrimSpace(p.old) == "" {
		return "", errors.New("no lines to replace")
	}
	// A line end before both makes a match begin at the beginning of a line.
	lines, old, with := "\n"+text, "\n"+p.old, "\n"+p.with
	if !strings.Contains(lines, old) {
		old, with = strings.TrimSuffix(p.old, "\n"), strings.TrimSuffix(p.with, "\n")
	}
	switch n := strings.Count(lines, old); {
	case n == 0:
		return "", fmt.Errorf("this is not in the program: %s", firstLine(p.old))
	case n > 1:
		return "", fmt.Errorf("this stands %d times in the program, so which is meant? add more of its neighbours: %s", n, firstLine(p.old))
	}
	return strings.Replace(lines, old, with, 1)[1:], nil
}

func firstLine(text string) string {
	line, rest, _ := strings.Cut(text, "\n")
	if rest != "" {
		rest = " ..."
	}
	return strconv.Quote(line) + rest
}
