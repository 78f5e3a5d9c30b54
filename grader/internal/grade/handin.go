package grade

import (
	"context"
	"os"
	"time"

	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/lint"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
)

// A handIn is a submission in work. Those of its programs that have to be built
// are built together, when the first of them is needed.
type handIn struct {
	g     *Grader
	exams []*exam

	waiting map[string]source.Files // programs to build, by lesson; nil before that is known
	builds  *build.Batch
	looks   *lint.Batch
}

// An exam is a lesson of a submission on its way to a result.
type exam struct {
	stage    *stage.Stage
	program  source.Files // what is to be played; nil where there is nothing
	out      result.Lesson
	problems []result.Finding
	took     LessonTiming
}

// examine gives a lesson's files the result that they have without being played,
// or else makes a program of them.
func examine(st *stage.Stage, s *intake.Submission) *exam {
	e := &exam{stage: st, out: newLesson(st.Lesson), took: LessonTiming{Lesson: st.Lesson.Name}}
	files, refused := s.Lessons[st.Lesson.Name], s.Refused[st.Lesson.Name]
	switch {
	case s.Unreadable != "" || len(refused) > 0:
		e.reject(refused)
		return e
	case len(files) == 0:
		e.out.Status = result.Missing
		return e
	}
	program := files.Complete(st.Lesson.Given)
	if program.Equal(st.Lesson.Given) {
		e.out.Status = result.NotStarted
		return e
	}
	if problems := st.Lesson.Rules().Check(program); len(problems) > 0 {
		e.reject(problems)
		return e
	}
	e.program = program
	return e
}

// reject says why a lesson is not played.
func (e *exam) reject(problems []lessonfile.Problem) {
	e.out.Status = result.Rejected
	for _, p := range problems {
		e.problems = append(e.problems, result.Finding{
			Severity: result.Essential, Lesson: e.out.Lesson, File: p.File, Line: p.Line, Message: p.Message,
		})
	}
}

// close removes what the programs share.
func (h *handIn) close() {
	if h.builds != nil {
		_ = h.builds.Close() // like all temporary files it goes with the run at the latest
	}
}

// prepare finds out which programs are to be built, once: the first, and those of
// which the cache does not know already what became of them.
func (h *handIn) prepare(first *exam) {
	if h.waiting != nil {
		return
	}
	h.waiting = make(map[string]source.Files)
	for _, e := range h.exams {
		if e == first || (e.program != nil && !h.g.cache.Expects(h.g.key(e))) {
			h.waiting[e.stage.Lesson.Name] = e.program
		}
	}
	h.builds = h.g.tools.Together(h.waiting)
}

// build makes the program of an exam the executable at path, and returns how
// long that took.
func (h *handIn) build(ctx context.Context, e *exam, path string) (time.Duration, error) {
	h.prepare(e)
	if h.waiting[e.stage.Lesson.Name] != nil {
		return h.builds.Build(ctx, e.stage.Lesson.Name, path)
	}
	// Somebody else was about to, or the cache was damaged.
	start := time.Now()
	err := h.g.tools.Build(ctx, e.program, path)
	return time.Since(start), err
}

// buildAndPlay completes out, and notes how long both took.
func (h *handIn) buildAndPlay(ctx context.Context, e *exam, out *result.Lesson) {
	dir, err := os.MkdirTemp("", "wirebook-program-")
	if err == nil {
		defer os.RemoveAll(dir)
		path := stage.Executable(dir, e.stage.Lesson.Name)
		var took time.Duration
		took, err = h.build(ctx, e, path)
		e.took.Build = took.Seconds()
		if err == nil {
			start := time.Now()
			h.g.play(ctx, e.stage, path, out)
			e.took.Play = time.Since(start).Seconds()
			return
		}
	}
	out.Status, out.Build, out.Reason = failedBuild(err)
}

// find returns what there is to say about a program that was played. Those that
// were linked together compile, and are looked at together.
func (h *handIn) find(ctx context.Context, e *exam) ([]result.Finding, error) {
	name := e.stage.Lesson.Name
	if h.builds == nil || h.waiting[name] == nil || h.builds.Apart(ctx, name) != nil {
		return h.g.linter.Find(ctx, e.program, e.stage.Lesson.Given)
	}
	if h.looks == nil {
		together := make(map[string]source.Files)
		for name, program := range h.waiting {
			if h.builds.Apart(ctx, name) == nil {
				together[name] = program
			}
		}
		h.looks = h.g.linter.Together(together)
	}
	return h.looks.Find(ctx, name, e.stage.Lesson.Given)
}
