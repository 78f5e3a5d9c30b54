package grade

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"wirebook/harness"
	"wirebook/harness/lessonfile"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/intake"
	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/workbook"
)

// An exam is a lesson of a submission on its way to a result.
type exam struct {
	stage    *stage.Stage
	program  source.Files // what is to be played; nil where there is nothing
	out      result.Lesson
	findings []result.Finding
	races    []result.Finding // that the program told
}

// examine gives a lesson's files the result that they have without being played,
// or else makes a program of them.
func examine(st *stage.Stage, s *intake.Submission) *exam {
	name := st.Lesson.Name
	e := &exam{stage: st, out: newLesson(st.Lesson), findings: findings(s, name)}
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
	if err := noRoom(); err != nil {
		return unknownLesson(e.stage.Lesson, err)
	}
	out := g.buildAndPlay(ctx, e)
	out.Sum()
	var blame error
	switch {
	case out.Score == nil:
		blame = unfit()
	case out.Status != result.Graded || *out.Score < out.MaxScore:
		blame = noRoom()
	}
	if blame != nil {
		return unknownLesson(e.stage.Lesson, blame)
	}
	return out
}

func (g *Grader) buildAndPlay(ctx context.Context, e *exam) result.Lesson {
	dir, err := os.MkdirTemp("", "wirebook-program-")
	if err != nil {
		return unknownLesson(e.stage.Lesson, err)
	}
	defer os.RemoveAll(dir)
	path := stage.Executable(dir, e.stage.Lesson.Name)
	err = g.builder.Build(ctx, e.program, path)
	out := newLesson(e.stage.Lesson)
	var theirs *build.Error
	if errors.As(err, &theirs) {
		out.Status = result.BuildFailed
		for _, m := range theirs.Messages {
			out.Build = append(out.Build, result.Message{File: m.File, Line: m.Line, Column: m.Column, Message: m.Text})
		}
		return out
	}
	if err != nil {
		return unknownLesson(e.stage.Lesson, fmt.Errorf("building: %w", err))
	}
	out.Status = result.Graded
	player, err := e.stage.Player(ctx, path)
	if err == nil {
		player.Observe = g.options.Observe
		out.Scenarios, err = g.play(ctx, e, player)
	}
	if err != nil {
		return unknownLesson(e.stage.Lesson, err)
	}
	return out
}

// play plays an exam's program, and listens to it where it looks for races.
func (g *Grader) play(ctx context.Context, e *exam, player *harness.Player) ([]result.Scenario, error) {
	if !g.options.Race {
		return g.outcomes(ctx, e.stage.Lesson, player)
	}
	told, err := listen(player)
	if err != nil {
		return nil, err
	}
	outcomes, err := g.outcomes(ctx, e.stage.Lesson, player)
	races, lost := told()
	e.races = races
	return outcomes, errors.Join(err, lost)
}

func newLesson(l *workbook.Lesson) result.Lesson {
	return result.Lesson{
		Lesson: l.Name, MaxScore: float64(l.MaxScore()),
		Build: []result.Message{}, Scenarios: []result.Scenario{},
	}
}

// unknownLesson is the result of a lesson of which nothing can be said.
func unknownLesson(l *workbook.Lesson, why error) result.Lesson {
	out := newLesson(l)
	out.Status, out.Reason = result.Unknown, why.Error()
	out.Sum()
	return out
}
