// Package zone plays a lesson with a stranger's program in a process of its
// own, the zone, which is shared with no other submission.
//
// The zone is this executable, started once more; so Main has to be one of the
// first calls of whatever uses this package. The engine, its peers and the
// workbook's own programs run in it. Around it, at the level Strong, are user,
// network and mount namespaces: there is no network but a loopback interface,
// and its folder for temporary files is in memory, so that nothing is left
// behind whatever happens. Each of the stranger's programs runs below it in a
// sandbox.Jail.
//
// The grader writes a request to the zone's standard input, and keeps that open
// as long as it lives. The zone sends the outcomes back through a pipe that no
// program inherits, and dies with the grader.
package zone

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"

	"wirebook/harness"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
)

// Options say how a zone plays.
type Options struct {
	Level   sandbox.Level
	Profile sandbox.Profile // of the stranger's programs
	Plays   int             // how many may work at once
}

// A request is what a zone is to play.
type request struct {
	Options
	Seed      int64
	Unshrunk  bool
	Reference bool
	Generate  bool
	Puppet    bool
	Observe   bool
	Scenarios []scenarioFile
	Probe     string // where the grader listens: nothing is played, the jail is tried
}

// A scenarioFile is a scenario as it was read.
type scenarioFile struct {
	Lesson, File string
	Hidden       bool
	Rule         int
	Data         []byte
}

// A frame is one line of what a zone sends: something that happened, an outcome, why
// there are no more, or that there are no more.
type frame struct {
	Event   *event           `json:"event,omitempty"`
	Outcome *result.Scenario `json:"outcome,omitempty"`
	Error   string           `json:"error,omitempty"`
	Short   bool             `json:"short,omitempty"` // the error is a shortage
	Done    bool             `json:"done,omitempty"`
}

// An event is what happened in the play of a scenario, which is one of the request's.
type event struct {
	Scenario int
	harness.Event
}

// errCut says that a zone has ended in the middle of its work.
var errCut = errors.New("its outcomes are cut short")

// A shortage is an error that says nothing of what a machine can do: at that moment it
// had run out of something, and in the next it may have it again.
type shortage struct{ error }

func (s shortage) Unwrap() error { return s.error }

// IsShortage reports whether an error comes from a machine that had run out of memory,
// processes or descriptors, also where the kernel killed what asked for them.
func IsShortage(err error) bool {
	var short shortage
	if errors.As(err, &short) {
		return true
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) && isKilled(ended.ProcessState) {
		return true
	}
	return slices.ContainsFunc([]error{syscall.EAGAIN, syscall.ENOMEM, syscall.EMFILE, syscall.ENFILE}, func(e error) bool { return errors.Is(err, e) })
}

func isKilled(p *os.ProcessState) bool {
	if p == nil {
		return false
	}
	status, ok := p.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// readFrames reads the outcomes of a zone up to its last word, and tells observe what
// happened. Whatever is cut, behind the last word, or not as many as were asked for is an
// error.
func readFrames(r io.Reader, want int, observe func(event)) ([]result.Scenario, error) {
	outcomes := []result.Scenario{}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return nil, errCut
		}
		if err != nil {
			return nil, err
		}
		var f frame
		if err := json.Unmarshal(line, &f); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(outcomes)+1, err)
		}
		switch {
		case f.Short:
			return nil, shortage{errors.New(f.Error)}
		case f.Error != "":
			return nil, errors.New(f.Error)
		case f.Event != nil && observe != nil && f.Event.Scenario >= 0 && f.Event.Scenario < want:
			observe(*f.Event)
		case f.Outcome != nil:
			outcomes = append(outcomes, *f.Outcome)
		case f.Done && len(outcomes) == want:
			return outcomes, nil
		default:
			return nil, fmt.Errorf("it ended after %d outcomes of %d", len(outcomes), want)
		}
	}
}

// Outcome puts the harness's result into the form that is kept.
func Outcome(r harness.Result) result.Scenario {
	s := result.Scenario{
		Scenario: r.Scenario.Name, Title: r.Scenario.Title, Hidden: r.Scenario.Hidden, Rule: r.Scenario.Rule,
		Status: r.Status, MaxScore: float64(r.Scenario.Points),
		Failure: r.Failure,
	}
	if r.Status == harness.Pass || r.Status == harness.Fail {
		s.Score = result.Points(r.Score)
	}
	if r.Err != nil {
		s.Reason = r.Err.Error()
	}
	return s
}
