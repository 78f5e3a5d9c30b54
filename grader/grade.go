package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"wirebook/harness"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/cache"
	"wirebook/grader/internal/grade"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/report"
	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/workbook"
)

// gradeFlags are what `grade` was told.
type gradeFlags struct {
	stdout, stderr io.Writer

	out       string
	teams     string
	seed      int64 // 0: the folder's, or a new one
	shardFlag string
	shard     shard
	formats   outputs
	jobs      int
	regrade   bool
	failUnder float64
	sandbox   sandboxFlags
}

func gradeCommand() *cobra.Command {
	var f gradeFlags
	cmd := &cobra.Command{
		Use:   "grade CLASS [LESSON...] -o OUT",
		Short: "Score every submission in CLASS",
		Long: `Scores every submission in CLASS: a folder or an archive (zip, tar, tar.gz; up to
32 MiB) a student, holding exercises/LESSON/*.go or LESSON/*.go, or, where one
lesson is graded, its files at the top. A folder is taken as it lies there, with
or without .git. CLASS is a folder or a zip, such as the download of a whole
assignment from Moodle or Canvas, as it comes, or the folder into which the tools
of GitHub Classroom or Classroom 50 clone. Writes for each student
OUT/STUDENT/result.json and a page to hand out, OUT/STUDENT/index.html; for the
teacher alone OUT/class.csv and OUT/index.html.

With --teams FILE.csv, which has the columns team and student and a row a student,
what a team hands in is played once and counts for each of its members.

Run again, after an interruption too, it grades what is new or changed. Lessons
that OUT has and that are not named stay as they are, so that those of the next
week are added. Stopped by Ctrl-C it exits with status 1. What becomes of a
lesson's files is kept in the user's cache folder (WIREBOOK_CACHE names another
one, or "off"), and the same files are not played twice, except with --regrade.
That folder can be deleted at any time.

What OUT/decisions.csv says (student,lesson,points,reason, a row a lesson of a
student) takes the place of the points that are graded, also when you grade again.

Several machines can share a class: each grades one shard of it, all by the same
--seed, and "merge" puts the results together. Where --shard is not given, the
shard is that of GitLab's parallel jobs (CI_NODE_INDEX of CI_NODE_TOTAL, from 1)
or of an indexed job of Kubernetes (JOB_COMPLETION_INDEX, from 0, of
JOB_COMPLETIONS, which you set; or give --shard /n).`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("grade: which class? as in: go run ./grader grade submissions -o results")
			}
			if f.out == "" {
				return usagef("grade: where to? add: -o OUT")
			}
			f.stdout, f.stderr = cmd.OutOrStdout(), cmd.ErrOrStderr()
			if err := f.formats.settle(cmd); err != nil {
				return err
			}
			return f.run(cmd.Context(), args[0], args[1:])
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.out, "output", "o", "", "the folder for the results")
	flags.StringVar(&f.teams, "teams", "", "who hands in together, as CSV with the columns team and student")
	flags.Int64Var(&f.seed, "seed", 0, "what random exchanges are made from (default: a new one for each class)")
	flags.StringVar(&f.shardFlag, "shard", "", "grade the i-th of n parts of the class, as i/n (default: what the CI system says, or all)")
	f.formats.register(cmd)
	f.formats.registerHidden(cmd)
	flags.IntVar(&f.jobs, "jobs", 0, "how many submissions are in work at once (default: twice the processors)")
	flags.BoolVar(&f.regrade, "regrade", false, "grade again what has been graded, also by another workbook")
	flags.Float64Var(&f.failUnder, "fail-under", 0, "exit 3 where a submission is below this percentage")
	f.sandbox.register(flags)
	return cmd
}

// run grades the class in dir. Whatever is wrong with the command line is told
// before anything is written.
func (f *gradeFlags) run(ctx context.Context, dir string, names []string) error {
	var err error
	if f.shard, err = settleShard(f.shardFlag); err != nil {
		return usage(err)
	}
	book, err := workbook.Embedded()
	if err != nil {
		return err
	}
	if err := book.Knows(names...); err != nil {
		return usage(err)
	}
	handedIn, err := f.class(dir, book)
	if err != nil {
		return usage(err)
	}
	defer handedIn.Close()
	level, err := f.sandbox.level(ctx, f.stderr)
	if err != nil {
		return err
	}
	folder, err := f.open(book)
	if err != nil {
		return err
	}
	defer folder.Unlock()
	grader, students, err := f.grader(ctx, book, folder, level, names)
	if err != nil {
		return err
	}
	defer grader.Close()
	entries, part := f.part(handedIn.Entries, students)
	manifest := grader.Manifest(namesOf(entries), part)
	decisions, err := decisionsOf(folder, &manifest)
	if err != nil {
		return usagef("-o %w", err)
	}
	if err := folder.Begin(manifest); err != nil {
		return usagef("-o %s: %w", f.out, err)
	}
	progress := &progress{out: f.stderr, bar: barOn(f.stderr), all: len(entries), failUnder: f.failUnder, decisions: decisions}
	class := &grade.Class{Grader: grader, Entries: entries, Folder: folder, Jobs: f.jobs, Regrade: f.regrade, Done: progress.done}
	progress.show()
	err = class.Grade(ctx)
	progress.end()
	if err != nil {
		return progress.interrupted(f.regrade)
	}
	graded := &report.Class{Workbook: manifest.Workbook, Seed: manifest.Seed, Lessons: manifest.Lessons, Submissions: decisions.Over(class.Results())}
	if err := f.write(folder, graded); err != nil {
		return err
	}
	fmt.Fprintf(f.stderr, "%s, %d of them graded before; sandbox: %v (%s); results in %s\n", counted(progress.all, "submission"), progress.kept, level, level.Promise(), f.out)
	return progress.verdict()
}

// write writes a class that is graded in all forms.
func (f *gradeFlags) write(folder *grade.Folder, class *report.Class) error {
	if err := summarize(folder, class, f.formats.options.Hidden); err != nil {
		return err
	}
	return f.formats.write(f.stdout, class)
}

// class lists the submissions in dir, which may be a zip.
func (f *gradeFlags) class(dir string, book *workbook.Workbook) (*intake.Class, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("%s: no such folder of submissions", dir)
	}
	if inside, err := isInside(f.out, dir); err != nil || inside {
		return nil, fmt.Errorf("-o %s: the results would lie among the submissions; name a folder outside of %s", f.out, dir)
	}
	class, err := intake.OpenClass(dir, grade.Reserved...)
	if err != nil {
		return nil, err
	}
	for _, n := range class.Aside {
		fmt.Fprintf(f.stderr, "grader: %q: ignored: %s\n", n.File, n.Message)
	}
	if err := f.settleClass(class, dir, book); err != nil {
		return nil, errors.Join(err, class.Close())
	}
	return class, nil
}

// settleClass says what is wrong with a class, and divides it into teams.
func (f *gradeFlags) settleClass(class *intake.Class, dir string, book *workbook.Workbook) error {
	if len(class.Entries) == 0 {
		return fmt.Errorf("%s: no submission in it; a submission is a folder or an archive (zip, tar, tar.gz)", dir)
	}
	for _, e := range class.Entries {
		if e.Plain() && (e.Name == "exercises" || book.Knows(e.Name) == nil) {
			return fmt.Errorf("%s: it looks like one submission, for it holds %q; name the folder that holds the submissions", dir, e.Name)
		}
	}
	return divide(class, f.teams)
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

// open opens the folder of results for this grader alone, and settles the seed.
func (f *gradeFlags) open(book *workbook.Workbook) (*grade.Folder, error) {
	hash, err := book.Hash()
	if err != nil {
		return nil, err
	}
	folder, err := grade.OpenFolder(f.out, hash, f.regrade)
	if err != nil {
		return nil, usagef("-o %s: %w", f.out, err)
	}
	if f.seed == 0 && folder.Seed() == 0 && f.shard.count > 0 {
		return nil, usagef("grade: shards need one seed to be merged: add --seed N, the same for all of them and nothing that a student can guess")
	}
	if err := folder.Lock(); err != nil {
		return nil, usagef("-o %s: %w", f.out, err)
	}
	f.seed = cmp.Or(f.seed, folder.Seed(), rand.Int64N(1_000_000_000)+1)
	return folder, nil
}

// grader makes a grader of the named lessons, or all, and of those that the folder
// has beside them; of these it names the students.
func (f *gradeFlags) grader(ctx context.Context, book *workbook.Workbook, folder *grade.Folder, level sandbox.Level, names []string) (*grade.Grader, []string, error) {
	if len(names) == 0 {
		names = book.Names()
	}
	kept, students, err := folder.Others(names)
	if err != nil {
		return nil, nil, usagef("-o %s: %w", f.out, err)
	}
	lessons, err := book.Select(slices.Concat(names, kept))
	if err != nil {
		return nil, nil, err
	}
	tools, err := build.Find(ctx, build.Options{Level: level})
	if err != nil {
		return nil, nil, err
	}
	options := grade.Options{Level: level, Seed: f.seed, Slots: harness.NewSlots(defaultJobs), Kept: kept}
	if !f.regrade {
		options.Cache = cache.Open()
	}
	g, err := grade.New(book, lessons, tools, lint.New(tools), options)
	if err != nil {
		return nil, nil, err
	}
	if err := folder.Keeps(g); err != nil {
		g.Close()
		return nil, nil, usagef("-o %s: %w", f.out, err)
	}
	return g, students, nil
}

// part returns the entries that this grader grades, and which part of the class
// they are. To a whole class belong the students of whom a lesson is kept.
func (f *gradeFlags) part(entries []intake.Entry, students []string) ([]intake.Entry, *grade.Part) {
	if f.shard.count == 0 {
		return intake.WithAbsent(entries, students), nil
	}
	mine, part := grade.Shard(entries, f.shard.index, f.shard.count)
	fmt.Fprintf(f.stderr, "grader: shard %d/%d (%s): %s\n", f.shard.index, f.shard.count, f.shard.from, counted(len(mine), "submission"))
	return mine, part
}

func namesOf(entries []intake.Entry) []string {
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name
	}
	return names
}

// summarize writes what sums a class up, beside its results, and a page for each
// submission.
func summarize(folder *grade.Folder, class *report.Class, hidden report.Hidden) error {
	for name, write := range map[string]report.Write{"class.csv": report.CSV, "index.html": report.Index} {
		if err := folder.Write(name, func(w io.Writer) error { return write(w, class) }); err != nil {
			return err
		}
	}
	return report.Students(class, hidden, folder.WritePage)
}
