package lint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime/debug"
	"time"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
)

// A request is what the child is asked.
type request struct {
	Program source.Files
	Exports map[string]string // files of export data by import path
	Go      string            // the version of the language, as "go1.26.8"
	Seconds int64             // of processor time that it may take
}

// A reply is what it answers.
type reply struct {
	Findings []finding
	Err      string // why the program could not be looked at
}

// childName is the name by which a process knows that it is the child.
const childName = "wirebook-lint"

// A program of the workbook's size needs a hundredth of these.
const (
	maxSeconds = 5         // of processor time
	maxMemory  = 1 << 30   // bytes
	maxStack   = 256 << 20 // bytes of one goroutine
	maxReply   = 1 << 20   // bytes
	// maxWall ends a child where processor time cannot be bounded.
	maxWall = time.Minute
)

// errTooMuch does not say which limit was met: that depends on the machine.
var errTooMuch = errors.New("looking at the program took more processor time or memory than a program of this workbook can need")

// init turns a process that is started as the child into it, whatever program
// this package is linked into, a test as well.
func init() {
	if len(os.Args) != 1 || os.Args[0] != childName {
		return
	}
	debug.SetMaxStack(maxStack)
	var r request
	if err := json.NewDecoder(os.Stdin).Decode(&r); err != nil {
		os.Exit(1)
	}
	sandbox.Bound(0, sandbox.Limits{CPU: r.Seconds, Data: maxMemory})
	if err := json.NewEncoder(os.Stdout).Encode(r.answer()); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// answer looks at the program.
func (r request) answer() reply {
	found, err := safely(func() ([]finding, error) { return inspectProgram(r.Program, r.Go, newImporter(r.Exports)) })
	if err != nil {
		return reply{Err: err.Error()}
	}
	return reply{Findings: found}
}

// ask has a child look at a program.
func ask(ctx context.Context, r request) ([]finding, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	in, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	inTime, cancel := context.WithTimeout(ctx, maxWall)
	defer cancel()
	cmd := exec.CommandContext(inTime, executable)
	cmd.Args = []string{childName}
	// It is told nothing. A short life needs no garbage collection before it has
	// much to collect.
	cmd.Env = []string{"GOGC=400", fmt.Sprintf("GOMEMLIMIT=%d", maxMemory/2), "GOTRACEBACK=none"}
	cmd.Stdin = bytes.NewReader(in)
	out := &sandbox.Buffer{Max: maxReply}
	cmd.Stdout = out
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) || out.Over {
		return nil, errTooMuch // it was ended, by a limit or by Go
	}
	if err != nil {
		return nil, fmt.Errorf("looking at the program: %w", err)
	}
	var answer reply
	if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
		return nil, fmt.Errorf("looking at the program: %w", err)
	}
	if answer.Err != "" {
		return nil, errors.New(answer.Err)
	}
	return answer.Findings, nil
}
