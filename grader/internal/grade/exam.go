package grade

import (
	"context"
	"os"
	"slices"
	"time"

	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
)

// An exam is a lesson of a submission on its way to a result.
type exam struct {
	stage    *stage.Stage
	program  source.Files // what is to be played; nil where there is nothing
	out      result.Lesson
	findings []result.Finding
	took     LessonTiming
}

// examine gives a lesson's files the result that they have without being played,
// or else makes a program of them.
func examine(st *stage.Stage, s *intake.Submission) *exam {
	name := st.Lesson.Name
	e := &exam{stage: st, out: newLesson(st.Lesson), findings: findings(s, name), took: LessonTiming{Lesson: name}}
	e.out.Digest = s.Digest(name)
	files, refused := s.Lessons[name], s.Refused[name]
	program := files.Complete(st.Lesson.Given)
	problems := slices.Concat(refused, st.Lesson.Rules().Check(program))
	switch {
	case s.Unreadable != "":
		e.reject(nil)
	case len(files)+len(refused) == 0:
		e.out.Status = result.Missing
	case len(refused) == 0 && program.Equal(st.Lesson.Given):
		e.out.Status = result.NotStarted
	case len(problems) > 0:
		e.reject(problems)
	default:
		e.program = program
	}
	return e
}

// reject says why a lesson is not played.
func (e *exam) reject(problems []lessonfile.Problem) {
	e.out.Status = result.Rejected
	for _, p := range problems {
		e.findings = append(e.findings, result.Finding{
			Severity: result.Essential, Lesson: e.out.Lesson, File: p.File, Line: p.Line, Message: p.Message,
		})
	}
}

// try gives a program its result, and none where the machine is to blame for what
// was lost.
func (g *Grader) try(ctx context.Context, e *exam) result.Lesson {
	out := newLesson(e.stage.Lesson)
	blame := noRoom()
	if blame == nil {
		g.buildAndPlay(ctx, e, &out)
		out.Sum()
		switch {
		case out.Score == nil:
			blame = unfit()
		case out.Status != result.Graded || *out.Score < out.MaxScore:
			blame = noRoom()
		}
	}
	if blame != nil {
		out = newLesson(e.stage.Lesson)
		out.Status, out.Reason = result.Unknown, blame.Error()
		out.Sum()
	}
	return out
}

// buildAndPlay completes out, and notes how long both took.
func (g *Grader) buildAndPlay(ctx context.Context, e *exam, out *result.Lesson) {
	dir, err := os.MkdirTemp("", "wirebook-program-")
	if err == nil {
		defer os.RemoveAll(dir)
		path := stage.Executable(dir, e.stage.Lesson.Name)
		start := time.Now()
		err = g.builder.Build(ctx, e.program, path)
		e.took.Build = time.Since(start).Seconds()
		if err == nil {
			start := time.Now()
			g.play(ctx, e.stage, path, out)
			e.took.Play = time.Since(start).Seconds()
			return
		}
	}
	out.Status, out.Build, out.Reason = failedBuild(err)
}
