package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/report"
)

// outputs are the forms in which a command writes results, and where to.
type outputs struct {
	formats []string // as NAME or NAME=PATH
	hidden  string
	roster  string

	list    []output
	options report.Options
}

type output struct {
	*report.Format
	path string // "" is standard output
}

const outputsHelp = `

--format NAME[=PATH] may be given several times; without =PATH, which one of them
can be, it goes to standard output. gradescope, classroom50, prairielearn, autolab
and markdown know one submission only: of a class they write
PATH/STUDENT/NAME.json (.txt, .md). github=PATH adds the summary to PATH and prints
the annotations. moodle and canvas take the list of students that the platform
exported, --roster FILE, and feedback=FILE.zip is for the platform to hand out.

Of hidden scenarios, what is made to be passed on (junit, gradescope, classroom50,
github, gitlab, prairielearn, autolab, markdown, feedback) shows the names, points
and results alone.`

func (o *outputs) register(cmd *cobra.Command) {
	cmd.Long += outputsHelp
	flags := cmd.Flags()
	flags.StringArrayVar(&o.formats, "format", []string{"text"}, "write the results as "+report.Formats()+"; NAME=PATH writes to a file")
	flags.StringVar(&o.roster, "roster", "", "the list of students, for the formats moodle and canvas")
}

// registerHidden is for commands whose results may be passed on.
func (o *outputs) registerHidden(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.hidden, "show-hidden", "", "show of hidden scenarios, in what is passed on, also what the program did (got) or everything (all)")
}

// settle reads the flags. Whatever is wrong with them is told before anything is
// done.
func (o *outputs) settle(cmd *cobra.Command) (err error) {
	stderr := cmd.ErrOrStderr()
	o.options = report.Options{
		Commands: cmd.OutOrStdout(), Getenv: os.Getenv, Now: time.Now,
		Say: func(format string, args ...any) { fmt.Fprintf(stderr, "grader: "+format+"\n", args...) },
	}
	if o.options.Hidden, err = report.ParseHidden(o.hidden); err != nil {
		return usage(fmt.Errorf("--show-hidden %w", err))
	}
	if err := o.readRoster(); err != nil {
		return usagef("--roster %s: %w", o.roster, err)
	}
	taken := make(map[string]bool)
	for _, text := range o.formats {
		name, path, toFile := strings.Cut(text, "=")
		format, err := report.FormatNamed(name)
		switch {
		case err != nil:
			return usage(fmt.Errorf("--format %w", err))
		case toFile && path == "":
			return usagef("--format %s: the name of a file is missing behind =", text)
		case taken[path] && path == "":
			return usagef("--format %s: another format goes to standard output already; add =PATH to one of them", text)
		case taken[path]:
			return usagef("--format %s: another format goes to this file already", text)
		}
		if info, err := os.Stat(filepath.Dir(path)); toFile && (err != nil || !info.IsDir()) {
			return usagef("--format %s: there is no folder %s", text, filepath.Dir(path))
		}
		taken[path] = true
		o.list = append(o.list, output{format, path})
	}
	return nil
}

func (o *outputs) readRoster() error {
	if o.roster == "" {
		return nil
	}
	data, err := os.ReadFile(o.roster)
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	o.options.Roster, err = report.ParseRoster(data)
	return err
}

// write writes all of them.
func (o *outputs) write(stdout io.Writer, class *report.Class) error {
	for _, out := range o.list {
		if err := out.write(stdout, class, &o.options); err != nil {
			return err
		}
	}
	return nil
}

func (out output) write(stdout io.Writer, class *report.Class, options *report.Options) error {
	write := func(w io.Writer) error { return out.Write(w, class, options) }
	switch {
	case out.path == "":
		return write(stdout)
	case out.IsSingle() && !class.Own:
		return out.WriteEach(class, options, func(student, name string, data []byte) error {
			dir := filepath.Join(out.path, student)
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
			return writeFile(filepath.Join(dir, name), func(w io.Writer) error {
				_, err := w.Write(data)
				return err
			})
		})
	case out.Appends:
		return appendFile(out.path, write)
	}
	return writeFile(out.path, write)
}

// writeFile writes a file whole or not at all. What is no file, such as a device,
// takes what is written.
func writeFile(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return appendFile(path, write)
	}
	return grade.WriteWhole(path, write)
}

func appendFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return err
	}
	err = write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}
