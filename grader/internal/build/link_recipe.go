package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"wirebook/grader/internal/source"
)

// A recipe is what go does for any program of one package. In its texts stand
// $WORK and the folder of the program that go was asked about.
type recipe struct {
	tree          string
	compile, link step
	info          string // what a program can find out about its build
	made          string // the executable
}

// A step is the start of a tool.
type step struct {
	tool      string
	env, args []string
}

// recipes asks go once.
type recipes struct {
	turn   turns
	recipe *recipe
	err    error
}

// recipe returns what go does for a program, and an error where that is not
// understood.
func (t *Toolchain) recipe(ctx context.Context) (*recipe, error) {
	if err := t.recipes.turn.take(ctx); err != nil {
		return nil, err
	}
	defer t.recipes.turn.leave()
	if known := &t.recipes; known.recipe == nil && known.err == nil {
		r, err := t.ask(ctx)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		known.recipe, known.err = r, err
	}
	return t.recipes.recipe, t.recipes.err
}

func (t *Toolchain) ask(ctx context.Context) (*recipe, error) {
	scratch, err := os.MkdirTemp("", "wirebook-go-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	tree := filepath.Join(scratch, "program")
	// go tells nothing about what it has compiled before.
	unseen := fmt.Appendf(nil, "package main\n\nfunc main() { println(%d) }\n", time.Now().UnixNano())
	if err := t.write(tree, source.Files{asked: unseen}); err != nil {
		return nil, err
	}
	out, err := t.run(ctx, scratch, tree, slices.Concat([]string{"build", "-n"}, flags, []string{"-o", filepath.Join(scratch, "made.exe"), "."})...)
	if err != nil {
		return nil, fmt.Errorf("go build -n: %w: %q", err, out)
	}
	return parseRecipe(out, tree)
}

// asked is the file of the program that go is asked about.
const asked = "main.go"

// parseRecipe reads what go build -n has printed about the program in tree.
func parseRecipe(out, tree string) (*recipe, error) {
	r := &recipe{tree: tree}
	var compiles, links int
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "modinfo ") {
			r.info = line
			continue
		}
		s, err := parseStep(line)
		if err != nil {
			return nil, err
		}
		switch strings.TrimSuffix(filepath.Base(s.tool), ".exe") {
		case "compile":
			r.compile, compiles = s, compiles+1
		case "link":
			r.link, links = s, links+1
		}
	}
	last := len(r.compile.args) - 1
	output := slices.Index(r.link.args, "-o") + 1
	if compiles != 1 || links != 1 || r.info == "" || last < 0 || filepath.Base(r.compile.args[last]) != asked || output == 0 ||
		!slices.Contains(r.compile.args, "$WORK/b001/importcfg") || !slices.Contains(r.link.args, "$WORK/b001/importcfg.link") {
		return nil, fmt.Errorf("go build -n: how this Go builds a program is not understood: it says %d times how to compile and %d times how to link", compiles, links)
	}
	r.compile.args, r.made = r.compile.args[:last], r.link.args[output]
	return r, nil
}

var (
	word    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\S+`)
	setting = regexp.MustCompile(`^[A-Z0-9_]+=`)
)

// parseStep reads a line as a shell would: settings of variables, a command, and
// its arguments.
func parseStep(line string) (s step, err error) {
	for _, w := range word.FindAllString(line, -1) {
		switch {
		case s.tool == "" && setting.MatchString(w):
			s.env = append(s.env, strings.TrimSuffix(w, "''"))
		case s.tool == "":
			s.tool = w
		default:
			if strings.HasPrefix(w, `"`) {
				if w, err = strconv.Unquote(w); err != nil {
					return s, fmt.Errorf("go build -n: %q: %w", line, err)
				}
			}
			s.args = append(s.args, w)
		}
	}
	return s, nil
}

// at is the step at another place.
func (s step) at(there *strings.Replacer) step {
	args := make([]string, len(s.args))
	for i, a := range s.args {
		args[i] = there.Replace(a)
	}
	s.args = args
	return s
}
