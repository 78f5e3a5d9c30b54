package grade

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/result"
)

// Grade gives a submission its result and writes it. What an earlier run has found
// stays in it for the lessons of which that is kept, and, unless all is to be graded
// again, for those of which the same files were handed in. before tells that the
// whole result was there before.
func (f *Folder) Grade(ctx context.Context, g *Grader, submission *intake.Submission, again bool) (s *result.Submission, before bool, err error) {
	return f.grade(ctx, g, submission, nil, again)
}

// grade is Grade where the result of the team's hand-in may be there already, which
// is the same for each member.
func (f *Folder) grade(ctx context.Context, g *Grader, submission *intake.Submission, team *result.Submission, again bool) (s *result.Submission, before bool, err error) {
	there := g.stays(f.earlier(g, submission.Name), func(l result.Lesson) bool {
		return !again && l.Score != nil && l.Digest == submission.Digest(l.Lesson)
	})
	before = len(there.Lessons) == len(g.stages)
	if team != nil {
		there = g.withTeam(there, team)
	}
	s, err = g.complete(ctx, submission, there)
	if err == nil {
		err = trim(s)
	}
	if err != nil {
		return nil, false, err
	}
	if before && f.holds(s) {
		return s, true, nil
	}
	if err := f.save(s); err != nil {
		return nil, false, fmt.Errorf("the result could not be written: %w", err)
	}
	return s, false, nil
}

// withTeam takes what was found in the team's hand-in for what is graded now.
func (g *Grader) withTeam(there, team *result.Submission) *result.Submission {
	s := g.blank(there.Submission)
	for _, st := range g.stages {
		if slices.Contains(g.options.Kept, st.Lesson.Name) && takeOver(s, there, st.Lesson.Name) {
			continue
		}
		takeOver(s, team, st.Lesson.Name)
	}
	return s
}

// earlier is what an earlier run has found as this grader would: without a lesson
// where there is nothing of the kind.
func (f *Folder) earlier(g *Grader, name string) *result.Submission {
	old, err := f.Read(name)
	if err != nil || old.Submission != name || !g.gradesLike(old) {
		return new(result.Submission)
	}
	return old
}

// gradesLike reports whether results of this grader may stand beside another.
func (g *Grader) gradesLike(s *result.Submission) bool {
	mine := g.blank(s.Submission)
	return s.Workbook == mine.Workbook && s.Toolchain == mine.Toolchain && s.Seed == mine.Seed && s.Sandbox == mine.Sandbox
}

// stays is what stays of an earlier result: the lessons of which that is kept, and
// others that are still right.
func (g *Grader) stays(old *result.Submission, right func(result.Lesson) bool) *result.Submission {
	s := *old
	s.Lessons = slices.DeleteFunc(slices.Clone(old.Lessons), func(l result.Lesson) bool {
		return !slices.Contains(g.options.Kept, l.Lesson) && !right(l)
	})
	return &s
}

// takeOver takes a lesson over with what was found in it, where it is there.
func takeOver(out, there *result.Submission, lesson string) bool {
	l := there.Lesson(lesson)
	if l == nil {
		return false
	}
	out.Lessons = append(out.Lessons, *l)
	out.Findings = append(out.Findings, findingsOf(there, lesson)...)
	return true
}

// holds reports whether this is the result that the folder has.
func (f *Folder) holds(s *result.Submission) bool {
	there, errA := os.ReadFile(filepath.Join(f.dir, s.Submission, resultFile))
	data, errB := s.Encode()
	return errA == nil && errB == nil && bytes.Equal(there, data)
}

// Others are the lessons of the folder that are not among these, and the students
// who have a result of them. It is an *OtherError where those cannot be kept.
func (f *Folder) Others(lessons []string) (others, students []string, err error) {
	others = without(f.old.Lessons, lessons)
	switch {
	case len(others) == 0:
		return nil, nil, nil
	case f.old.Workbook != f.workbook:
		return nil, nil, f.cannotKeep(others, "by another workbook")
	}
	return others, f.old.Submissions, nil
}

// Keeps returns an *OtherError where the grader is to keep lessons of a result that
// was found in another way.
func (f *Folder) Keeps(g *Grader) error {
	if len(g.options.Kept) == 0 {
		return nil
	}
	for _, name := range f.old.Submissions {
		if old, err := f.Read(name); err == nil && !g.gradesLike(old) {
			mine := g.blank(name)
			return f.cannotKeep(g.options.Kept, fmt.Sprintf("with %s, seed %d, sandbox %s, and not with %s, seed %d, sandbox %s",
				old.Toolchain, old.Seed, old.Sandbox, mine.Toolchain, mine.Seed, mine.Sandbox))
		}
	}
	return nil
}

func (f *Folder) cannotKeep(lessons []string, how string) error {
	return otherf("%s: its results of %s were found %s; name these lessons as well, to grade them again, or another folder",
		f.dir, strings.Join(lessons, ", "), how)
}
