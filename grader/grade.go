package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/report"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/workbook"
)

// gradeFlags are what `grade` was told.
type gradeFlags struct {
	stdout, stderr io.Writer

	out       string
	seed      int64 // 0: the folder's, or a new one
	format    string
	jobs      int
	regrade   bool
	failUnder float64
}

func gradeCommand() *cobra.Command {
	var f gradeFlags
	var unsandboxed bool
	cmd := &cobra.Command{
		Use:   "grade DIR [LESSON...] -o OUT",
		Short: "Score every submission in DIR",
		Long: `Scores every submission in DIR: a folder or an archive (zip, tar, tar.gz) a
student, holding exercises/LESSON/*.go or LESSON/*.go, or, where one lesson is
graded, its files at the top. Writes OUT/STUDENT/result.json for each,
OUT/class.csv and OUT/index.html. Run again, it grades what is new or changed.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("grade: which folder? as in: go run ./grader grade submissions -o results")
			}
			if f.out == "" {
				return usagef("grade: where to? add: -o OUT")
			}
			f.stdout, f.stderr = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return f.run(cmd.Context(), args[0], args[1:])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.out, "output", "o", "", "the folder for the results")
	flags.Int64Var(&f.seed, "seed", 0, "what random exchanges are made from (default: a new one for each class)")
	flags.StringVar(&f.format, "format", "text", "what is printed at the end: text, json, csv, html or junit")
	flags.IntVar(&f.jobs, "jobs", 0, "how many submissions are in work at once (default: twice the processors)")
	flags.BoolVar(&f.regrade, "regrade", false, "grade again what has been graded, also by another workbook")
	flags.Float64Var(&f.failUnder, "fail-under", 0, "exit 3 where a submission is below this percentage")
	flags.BoolVar(&unsandboxed, "allow-unsandboxed", false, "accept that programs run with your rights")
	return cmd
}

// run grades the class in dir. Whatever is wrong with the command line is told
// before anything is written.
func (f *gradeFlags) run(ctx context.Context, dir string, names []string) error {
	write, err := report.Format(f.format)
	if err != nil {
		return usage(fmt.Errorf("--format %w", err))
	}
	book, err := workbook.Embedded()
	if err != nil {
		return err
	}
	if err := book.Knows(names...); err != nil {
		return usage(err)
	}
	entries, err := f.class(dir, book)
	if err != nil {
		return usage(err)
	}
	lessons, err := book.Select(names)
	if err != nil {
		return err
	}
	folder, err := f.folder(book, lessons)
	if err != nil {
		return err
	}
	tools, err := build.Find(ctx)
	if err != nil {
		return err
	}
	grader, err := grade.New(book, lessons, tools, f.seed, harness.NewSlots(defaultJobs))
	if err != nil {
		return err
	}
	defer grader.Close()
	progress := &progress{out: f.stderr, all: len(entries), failUnder: f.failUnder}
	class := &grade.Class{Grader: grader, Entries: entries, Folder: folder, Jobs: f.jobs, Regrade: f.regrade, Done: progress.done}
	if err := class.Grade(ctx); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %d of %d submissions are graded; run the same command again for the rest", progress.count, progress.all)
		}
		return err
	}
	if err := f.report(book, lessons, folder, entries, write); err != nil {
		return err
	}
	fmt.Fprintf(f.stderr, "%d submissions, %d of them graded before; sandbox: plain (programs ran with your rights); results in %s\n", progress.all, progress.kept, f.out)
	return progress.verdict()
}

// class lists the submissions in dir.
func (f *gradeFlags) class(dir string, book *workbook.Workbook) ([]intake.Entry, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("%s: no such folder of submissions", dir)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s: not a folder; name the folder that holds the submissions", dir)
	}
	if inside, err := isInside(f.out, dir); err != nil || inside {
		return nil, fmt.Errorf("-o %s: the results would lie among the submissions; name a folder outside of %s", f.out, dir)
	}
	entries, aside, err := intake.Class(dir)
	if err != nil {
		return nil, err
	}
	for _, n := range aside {
		fmt.Fprintf(f.stderr, "grader: %q: ignored: %s\n", n.File, n.Message)
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("%s: no submission in it; a submission is a folder or an archive (zip, tar, tar.gz)", dir)
	}
	for _, e := range entries {
		if e.Name == "exercises" || book.Knows(e.Name) == nil {
			return nil, fmt.Errorf("%s: it looks like one submission, for it holds %q; name the folder that holds the submissions", dir, e.Name)
		}
		if grade.Reserved(e.Name) {
			return nil, fmt.Errorf("%s: no submission can be called so, for a file of the results is; rename it", filepath.Join(dir, e.Name))
		}
	}
	return entries, nil
}

func isInside(path, dir string) (bool, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return false, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return false, err
	}
	relative, err := filepath.Rel(dir, absolute)
	return err == nil && relative != ".." && !strings.HasPrefix(relative, ".."+string(filepath.Separator)), nil
}

// folder opens the folder of results and settles the seed.
func (f *gradeFlags) folder(book *workbook.Workbook, lessons []*workbook.Lesson) (*grade.Folder, error) {
	hash, err := book.Hash()
	if err != nil {
		return nil, err
	}
	folder, seed, err := grade.OpenFolder(f.out, hash, f.regrade)
	if err != nil {
		return nil, usage(err)
	}
	switch {
	case f.seed != 0:
	case seed != 0:
		f.seed = seed
	default:
		f.seed = rand.Int64N(1_000_000_000) + 1
	}
	if err := folder.Begin(hash, f.seed, lessonNamesOf(lessons)); err != nil {
		return nil, usagef("-o %s: cannot be written: %w", f.out, err)
	}
	return folder, nil
}

func lessonNamesOf(lessons []*workbook.Lesson) []string {
	names := make([]string, len(lessons))
	for i, l := range lessons {
		names[i] = l.Name
	}
	return names
}

// report writes what stands beside the results, and prints.
func (f *gradeFlags) report(book *workbook.Workbook, lessons []*workbook.Lesson, folder *grade.Folder, entries []intake.Entry, write report.Write) error {
	hash, err := book.Hash()
	if err != nil {
		return err
	}
	class := &report.Class{Workbook: hash, Seed: f.seed, Lessons: lessonNamesOf(lessons), Submissions: results(folder, entries)}
	for name, write := range map[string]report.Write{"class.csv": report.CSV, "index.html": report.HTML} {
		var b bytes.Buffer
		if err := write(&b, class); err != nil {
			return err
		}
		if err := folder.Write(name, b.Bytes()); err != nil {
			return err
		}
	}
	return write(f.stdout, class)
}

// results reads the entries' results one at a time.
func results(folder *grade.Folder, entries []intake.Entry) iter.Seq2[*result.Submission, error] {
	return func(yield func(*result.Submission, error) bool) {
		for _, e := range entries {
			if !yield(folder.Read(e.Name)) {
				return
			}
		}
	}
}

// progress tells of each submission as it is done.
type progress struct {
	out              io.Writer
	all, count, kept int
	failUnder        float64
	unknown, below   int
}

func (p *progress) done(s *result.Submission, kept bool) {
	p.count++
	note := ""
	if kept {
		p.kept++
		note = "  (graded before)"
	}
	score := "?"
	if s.Score != nil {
		score = fmt.Sprintf("%g", *s.Score)
	}
	if !s.Complete {
		p.unknown++
		note += "  (incomplete)"
	} else if *s.Score < p.failUnder/100*s.MaxScore {
		p.below++
	}
	fmt.Fprintf(p.out, "%*d/%d  %s  %s of %g%s\n", len(fmt.Sprint(p.all)), p.count, p.all, report.Line(s.Submission), score, s.MaxScore, note)
}

func (p *progress) verdict() error {
	switch {
	case p.unknown > 0:
		return &statusError{exitIncomplete, fmt.Errorf("%d of %d submissions could not be graded whole; the reasons stand beside their scores", p.unknown, p.all)}
	case p.below > 0:
		return &statusError{exitBelow, fmt.Errorf("%d of %d submissions are below %g%%", p.below, p.all, p.failUnder)}
	}
	return nil
}
