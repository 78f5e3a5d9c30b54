// Package exchange plays random exchanges: scripts that a lesson's generator prints,
// commands that send and type, and none that asks for anything. What an exchange
// makes the program under test do is compared with what the solution does.
package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"wirebook/harness/internal/answer"
	"wirebook/harness/internal/frame"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/process"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// A Player plays exchanges.
type Player struct {
	Generate *play.Executable // the lesson's generator; nil if it is not here
	Seed     int64
	// Unshrunk leaves a difference as it was found: who asks only for the status
	// saves many plays.
	Unshrunk bool
	// Config is that of the scenario's own play, with the language of exchanges.
	Config play.Config
}

// Commands are the rows of this package. Those of a nil Player can be read and not
// be played.
func (r *Player) Commands() []play.Command {
	return []play.Command{
		play.Row("random [-times N] [ARG...]",
			"Play what the lesson's generator prints for the seed, with N (1) exchanges, on the program and on the solution, and compare what came of it. A difference counts if it lasts as long as any step waits, and is shrunk to the shortest exchange that still shows it. In hidden scenarios only.",
			r.random),
	}
}

// An exchange is a script that a generator printed.
type exchange struct {
	lines  []string
	masks  []mask
	frames []frame.Free // what is free in frames, which are compared whole if there is any
}

// A mask makes alike what the lesson leaves free, such as the wording of an error.
// The generator prints it as
//
//	# mask: REGEXP => REPLACEMENT
//	# mask: answers
//
// of which the second makes HTTP answers alike, see [answer.Summary].
type mask func(string) string

const (
	maskPrefix  = "# mask: "
	answersMask = "answers"
)

// Frames are compared by the words for them; whole, if the generator prints for some of
// them what of their fields is free (package frame):
//
//	# frames: KIND [FIELD=VALUE...] [but FIELD...]
const framesPrefix = "# frames: "

func parse(text string) (*exchange, error) {
	e := &exchange{}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if words, isFrames := strings.CutPrefix(line, framesPrefix); isFrames {
			free, err := frame.ParseFree(strings.Fields(words))
			if err != nil {
				return nil, fmt.Errorf("generate: %q: %w", line, err)
			}
			e.frames = append(e.frames, free)
			continue
		}
		rule, isMask := strings.CutPrefix(line, maskPrefix)
		if !isMask {
			e.lines = append(e.lines, line)
			continue
		}
		if rule == answersMask {
			e.masks = append(e.masks, answer.Summary)
			continue
		}
		pattern, replacement, ok := strings.Cut(rule, " => ")
		if !ok {
			return nil, fmt.Errorf("generate: %q is no mask; write: %sREGEXP => REPLACEMENT, or %[2]s%s", line, maskPrefix, answersMask)
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("generate: %q: %w", line, err)
		}
		e.masks = append(e.masks, func(s string) string { return re.ReplaceAllString(s, replacement) })
	}
	return e, nil
}

// with is an exchange of other lines.
func (e *exchange) with(lines []string) *exchange {
	other := *e
	other.lines = lines
	return &other
}

// random plays the generator's exchanges on the program and the reference.
func (r *Player) random(p *play.Play, c *script.Call) error {
	if r.Generate == nil || r.Config.Reference == nil {
		return errors.New("random: the solution and its generator are not here; only hidden scenarios may use it")
	}
	e, err := r.generate(p.Context(), c)
	if err != nil {
		return err
	}
	found, err := r.try(p.Context(), e, patient)
	if err != nil {
		return err
	}
	if found == nil {
		return r.show(p, e)
	}
	if !r.Unshrunk {
		found = r.shrink(p.Context(), found)
	}
	if err := r.show(p, found.exchange); err != nil {
		return err
	}
	return r.tell(found)
}

// show plays an exchange once more where somebody asked for all that happens: of what was
// played to find it he has not been told.
func (r *Player) show(p *play.Play, e *exchange) error {
	config := r.Config
	config.Before, config.Observe = nil, p.Within()
	if config.Observe == nil {
		return nil
	}
	config.AtEnd = func(p *play.Play) error { return p.Settle(restsAtEnd) }
	var failure *telling.Failure
	if err := r.play(p.Context(), config, e).Err; err != nil && !errors.As(err, &failure) {
		return err
	}
	return nil // a failure is what is told of it
}

func (r *Player) generate(ctx context.Context, c *script.Call) (*exchange, error) {
	args := append([]string{strconv.FormatInt(r.Seed, 10), strconv.Itoa(c.Number("times", 1))}, c.Args...)
	cmd := exec.CommandContext(ctx, r.Generate.Path, slices.Concat(r.Generate.Args, args)...)
	cmd.Env = r.Generate.Env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := process.StartOther(cmd)
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		return nil, fmt.Errorf("generate %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return parse(stdout.String())
}

// A difference is what the program did otherwise than the reference.
type difference struct {
	exchange *exchange
	failure  *telling.Failure // it failed to play it at all; then there is no more
	text     string
	shown    *telling.Difference
	ending   play.Ending // of the program's play
}

// How a play of an exchange waits for what the solution did.
const (
	patient = true  // as long as any step
	hasty   = false // until the program rests: enough to look for a shorter exchange
)

// try plays e on both; nil if they did the same.
func (r *Player) try(ctx context.Context, e *exchange, wait bool) (*difference, error) {
	config := r.Config
	config.Observe, config.Before = nil, nil
	theirs := config
	theirs.Program, theirs.Launch = *config.Reference, nil
	var want *observation
	theirs.AtEnd = func(p *play.Play) (err error) {
		if err = p.Settle(restsAtEnd); err == nil {
			want = observe(p)
		}
		return err
	}
	var failure *telling.Failure
	switch ending := r.play(ctx, theirs, e); {
	case errors.As(ending.Err, &failure):
		return nil, fmt.Errorf("the reference: %v", failure) // and not %w: the student has not failed
	case ending.Err != nil:
		return nil, fmt.Errorf("the reference: %w", ending.Err)
	}
	var found *difference
	config.AtEnd = func(p *play.Play) (err error) {
		found, err = compare(p, e, want, wait)
		return err
	}
	ending := r.play(ctx, config, e)
	switch {
	case errors.As(ending.Err, &failure):
		return &difference{exchange: e, failure: failure}, nil
	case ending.Err != nil:
		return nil, ending.Err
	case found != nil:
		found.ending = ending
	}
	return found, nil
}

const restsAtEnd = "come to rest at the end of the exchange"

// compare looks for what the program of p has done otherwise than is wanted. It waits
// for the rest of it as any step does: the program may answer by a timer.
func compare(p *play.Play, e *exchange, want *observation, wait bool) (*difference, error) {
	if err := p.Settle(restsAtEnd); err != nil {
		return nil, err
	}
	differs := func() *difference { return observe(p).differs(want, e) }
	if found := differs(); found == nil || !wait {
		return found, nil
	}
	err := p.Await(func() (bool, error) { return differs() == nil, nil })
	// In vain or not, what the programs have done by now counts.
	if err := p.InVain(err, func(*play.Vain) error { return nil }); err != nil {
		return nil, err
	}
	if err := p.Settle(restsAtEnd); err != nil {
		return nil, err
	}
	found := differs()
	if found != nil {
		p.TellLeftovers()
	}
	return found, nil
}

func (r *Player) play(ctx context.Context, config play.Config, e *exchange) play.Ending {
	lines, err := script.Lines(strings.Join(e.lines, "\n"), 1, nil, config.Commands.Form)
	if err != nil {
		return play.Ending{Err: fmt.Errorf("generate: line %w", err)}
	}
	return play.Run(ctx, config, &script.Script{File: "exchange", Lines: lines})
}

// maxShrinks bounds the plays that shrinking a difference may take; one in which the
// program hangs counts for many.
const (
	maxShrinks  = 60
	hungShrinks = 15
)

// shrink leaves out of an exchange all lines without which the difference still
// shows: first halves, then ever smaller parts, down to single lines. What is left
// must show it to one who waits, too; if not, the whole exchange is told. The files and
// folders that a generator makes before it starts a program stay: what is free without
// them, it has not left out.
func (r *Player) shrink(ctx context.Context, whole *difference) *difference {
	d := whole
	lines := d.exchange.lines
	first := max(0, slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "start ") }))
	plays := 0
	for size := len(lines) / 2; size >= 1; size /= 2 {
		// From the end: what made a peer can go when no line is left that uses it.
		for to := len(lines); to > first && plays < maxShrinks && ctx.Err() == nil; {
			from := max(first, to-size)
			smaller := d.exchange.with(slices.Concat(lines[:from], lines[to:]))
			plays++
			if d.failure != nil && d.failure.Limit {
				plays += hungShrinks
			}
			// A script that no longer makes sense is an error: not smaller.
			if found, err := r.try(ctx, smaller, hasty); err == nil && found != nil && (found.failure == nil) == (d.failure == nil) {
				d, lines = found, smaller.lines
			}
			to = from
		}
	}
	if d == whole {
		return whole
	}
	if confirmed, err := r.try(ctx, d.exchange, patient); err == nil && confirmed != nil {
		return confirmed
	}
	return whole
}

// tell makes a difference the scenario's failure.
func (r *Player) tell(d *difference) error {
	if d.failure != nil {
		f := *d.failure
		f.Message = fmt.Sprintf("with seed %d: %s", r.Seed, f.Message)
		return &f
	}
	return &telling.Failure{
		Message:    fmt.Sprintf("with seed %d, shrunk to %d lines: %s", r.Seed, len(d.exchange.lines), d.text),
		Difference: d.shown,
		Steps:      d.ending.Steps, Ladder: d.ending.Ladder,
	}
}
