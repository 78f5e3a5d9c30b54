package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"wirebook/grader/internal/source"
)

// Programs are linked together like this. Each is compiled as it stands, a
// package main, but under a path of its own and with one file more, which
// exports its func main. A program that does nothing holds them together, and
// the executable of each is a copy that begins with another func main
// (layout.go). No argument, variable or name says which: nothing that a program
// or a scenario could collide with.
//
// Positions in files, names of types and of functions, arguments, environment
// and exit status are the same as in an executable of its own. Where in memory
// things lie is not.

// joined is what became of the programs of a batch.
type joined struct {
	path    string           // the executable that some of them share
	layout  *layout          // nil where there is none
	apart   map[string]error // why a program is linked by itself
	refused map[string]error // what was wrong when a program was compiled; an *Error is the last word
}

// joins reports whether a program is one that shares the executable.
func (j *joined) joins(name string) bool { return j.layout != nil && j.layout.mains[name] != nil }

// A member is a program on its way into the executable.
type member struct {
	name  string
	files source.Files
	place place
}

func (m member) path() string { return pathOf(m.name) }

func pathOf(name string) string { return "sub/" + name }

// entry is what the file that is added exports. A program in which the word
// stands is linked by itself.
const entry = "WirebookMain"

// nameable are the names that can be part of a package's path as they stand.
var nameable = regexp.MustCompile(`^[a-z0-9]+$`)

// known tells whether programs are linked together here. The form of an
// executable, and whether a changed one starts, is another on each system.
const known = runtime.GOOS == "linux" && bits.UintSize == 64

var (
	errSystem  = errors.New("programs are linked together on Linux only, and where it has 64 bits")
	errUnknown = errors.New("it is not among them")
	errName    = errors.New("its name cannot be part of a package's path")
	errFew     = errors.New("there is no other to link it with")
)

// join links those of the programs to the executable at path that can be linked
// together. An error means that ctx ended; whatever else goes wrong leaves
// programs apart.
func (t *Toolchain) join(ctx context.Context, programs map[string]source.Files, path string) (*joined, error) {
	j := &joined{path: path, apart: make(map[string]error), refused: make(map[string]error)}
	var fit []string
	for _, name := range slices.Sorted(maps.Keys(programs)) {
		if err := t.separate(name, programs[name]); err != nil {
			j.apart[name] = err
		} else {
			fit = append(fit, name)
		}
	}
	err := errFew
	if len(fit) > 1 {
		err = t.inScratch(ctx, func(scratch string) error { return t.joinFit(ctx, programs, fit, scratch, j) })
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		j.layout = nil
		for _, name := range fit {
			j.apart[name] = err
		}
	}
	return j, nil
}

// separate says why a program is linked by itself as far as its text tells.
func (t *Toolchain) separate(name string, files source.Files) error {
	switch {
	case !known:
		return errSystem
	case !nameable.MatchString(name):
		return errName
	}
	return apart(files)
}

// joinFit compiles programs and links those that compile.
func (t *Toolchain) joinFit(ctx context.Context, programs map[string]source.Files, fit []string, scratch string, j *joined) error {
	r, err := t.recipe(ctx)
	if err != nil {
		return err
	}
	var members []member
	for _, name := range fit {
		m := member{name: name, files: programs[name]}
		if m.place, err = t.compileMember(ctx, r, m, scratch); ctx.Err() != nil {
			return err
		}
		if err != nil {
			j.refused[name] = err
			continue
		}
		members = append(members, m)
	}
	for len(members) > 1 {
		whole, err := t.linkMembers(ctx, r, members, filepath.Join(scratch, fmt.Sprint("link-", len(members))), j.path)
		if err != nil {
			return err
		}
		telling := func(m member) bool { return tells(whole, m.path()) }
		if !slices.ContainsFunc(members, telling) {
			if err := weigh(whole); err != nil {
				return err
			}
			if err := t.try(ctx, scratch, j.path); err != nil {
				return err
			}
			j.layout, err = survey(whole, members)
			return err
		}
		for _, m := range members {
			if telling(m) {
				j.apart[m.name] = errTells
			}
		}
		members = slices.DeleteFunc(members, telling)
	}
	return errFew
}

// compileMember compiles a program as a package that others can import.
func (t *Toolchain) compileMember(ctx context.Context, r *recipe, m member, scratch string) (place, error) {
	scratch = filepath.Join(scratch, m.name)
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return place{}, err
	}
	p, err := t.place(scratch, m.files)
	if err != nil {
		return p, err
	}
	// Beside the program's files, where no name of theirs can be its. A variable
	// needs the function as it is, and not as a part of another.
	exporting := filepath.Join(p.work, "b001", "entry.go")
	if err := p.config("entry.go", "package main\n\nvar "+entry+" = main\n"); err != nil {
		return p, err
	}
	return p, t.compileFiles(ctx, r, r.compile.as(m.path()), m.files, p, exporting)
}

// linkMembers makes the programs, and the one that holds them together, the
// executable target, and returns what is in it.
func (t *Toolchain) linkMembers(ctx context.Context, r *recipe, members []member, scratch, target string) ([]byte, error) {
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return nil, err
	}
	p, err := t.place(scratch, source.Files{asked: holder(members)})
	if err != nil {
		return nil, err
	}
	theirs := map[string]string{module: p.object()}
	var imports strings.Builder
	for _, m := range members {
		theirs[m.path()] = m.place.object()
		imports.WriteString(packageFile(m.path(), m.place.object()))
	}
	if err := errors.Join(p.config("importcfg", imports.String()), t.ready.writeLink(p, theirs, r.info)); err != nil {
		return nil, err
	}
	p.scratch = filepath.Dir(scratch) // where the members are, too
	made := filepath.Join(scratch, "made.exe")
	there := p.replacer(r, made)
	for _, s := range []step{r.compile.with("." + string(filepath.Separator) + asked), r.link} {
		if err := t.perform(ctx, s.at(there), nil, p); err != nil {
			return nil, err
		}
	}
	if err := take(made, target); err != nil {
		return nil, err
	}
	return os.ReadFile(target)
}

// holder is a program that does nothing, but for all that the linker knows it may
// call each of the others.
func holder(members []member) []byte {
	var imports, calls bytes.Buffer
	for i, m := range members {
		fmt.Fprintf(&imports, "import p%d %q\n", i, m.path())
		fmt.Fprintf(&calls, "\t\tp%d.%s()\n", i, entry)
	}
	return fmt.Appendf(nil, "package main\n\n%s\nvar called bool\n\nfunc main() {\n\tif called {\n%s\t}\n}\n", &imports, &calls)
}
