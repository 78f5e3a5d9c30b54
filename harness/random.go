package harness

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An exchange is a script that a lesson's generator printed: commands that send
// and type, and none that asks for anything. What it makes a program do is
// compared with what the solution does.
type exchange struct {
	lines []string
	masks []mask
}

// A mask makes alike what the lesson leaves free, such as the wording of an
// error. The generator prints it as: # mask: REGEXP => REPLACEMENT
type mask struct {
	re          *regexp.Regexp
	replacement string
}

const maskPrefix = "# mask: "

func parseExchange(text string) (*exchange, error) {
	e := &exchange{}
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		rule, isMask := strings.CutPrefix(line, maskPrefix)
		if !isMask {
			e.lines = append(e.lines, line)
			continue
		}
		pattern, replacement, ok := strings.Cut(rule, " => ")
		if !ok {
			return nil, fmt.Errorf("generate: %q is no mask; write: %sREGEXP => REPLACEMENT", line, maskPrefix)
		}
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("generate: %q: %w", line, err)
		}
		e.masks = append(e.masks, mask{re, replacement})
	}
	return e, nil
}

// An observation is what came of an exchange: by name, what each program
// printed and each peer received, and how they ended.
type observation map[string]string

// observe collects the observation at the end of a play.
func (p *play) observe() (observation, error) {
	if err := p.settleOr("come to rest at the end of the exchange"); err != nil {
		return nil, err
	}
	o := make(observation)
	for _, g := range p.programs {
		text := p.redact(string(g.unread()))
		if g.gone() {
			text += "(" + g.exit() + ")"
		}
		o[g.name+"'s screen"] += text
	}
	for _, peer := range p.peers {
		if w, ok := peer.(witness); ok {
			o["what "+peer.peerName()+" received"] += p.redact(w.witnessed())
		}
	}
	return o, nil
}

// A witness is a peer that can tell all that it received.
type witness interface {
	witnessed() string
	heard() bool // whether it received anything
}

func (c *connection) heard() bool {
	if c.taken {
		return true
	}
	data, _, _ := c.Pending()
	return len(data) > 0
}

func (c *connection) witnessed() string {
	data, ended, err := c.Pending()
	switch {
	case c.closed || !ended:
		return string(data)
	case err == nil:
		return string(data) + "(end of stream)"
	default:
		return string(data) + "(reset)"
	}
}

// differs returns the first stream, by name, in which two observations differ.
func (o observation) differs(other observation, masks []mask) (name, mine, theirs string, differs bool) {
	names := make(map[string]bool)
	for name := range o {
		names[name] = true
	}
	for name := range other {
		names[name] = true
	}
	var sorted []string
	for name := range names {
		sorted = append(sorted, name)
	}
	slices.Sort(sorted)
	for _, name := range sorted {
		if o[name] == other[name] {
			continue
		}
		mine, theirs := applyMasks(o[name], masks), applyMasks(other[name], masks)
		if mine != theirs {
			return name, mine, theirs, true
		}
	}
	return "", "", "", false
}

func applyMasks(s string, masks []mask) string {
	for _, m := range masks {
		s = m.re.ReplaceAllString(s, m.replacement)
	}
	return s
}

// cmdRandom plays the generator's exchanges on the program and the reference.
func cmdRandom(p *play, c *call) error {
	if p.player.Reference == nil || p.player.Generate == nil {
		return errors.New("random: the solution and its generator are not here; only hidden scenarios may use it")
	}
	times, err := c.number("times", 1)
	if err != nil {
		return err
	}
	args, err := c.texts(0)
	if err != nil {
		return err
	}
	e, err := p.generate(append([]string{strconv.FormatInt(p.player.Seed, 10), strconv.Itoa(times)}, args...))
	if err != nil {
		return err
	}
	d, err := p.tryExchange(e)
	if err != nil || d == nil {
		return err
	}
	if !p.player.Unshrunk {
		d = p.shrink(e, d)
	}
	return p.tellDifference(d)
}

func (p *play) generate(args []string) (*exchange, error) {
	g := p.player.Generate
	cmd := exec.CommandContext(p.ctx, g.Path, slices.Concat(g.Args, args)...)
	cmd.Env = g.Env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("generate %s: %w: %s", strings.Join(args, " "), err, stderr.String())
	}
	return parseExchange(string(out))
}

// A difference is what the program did otherwise than the reference.
type difference struct {
	exchange    *exchange
	failure     *Failure // the program failed to play it at all; then the rest is empty
	stream      string
	want, got   string
	ladder      string
	scriptSteps []Step
}

// tryExchange plays e on both; nil if they did the same.
func (p *play) tryExchange(e *exchange) (*difference, error) {
	reference := p.playerWith(*p.player.Reference)
	reference.Launch = nil
	theirs, _, err := playExchange(p, reference, e)
	if err != nil {
		return nil, fmt.Errorf("the reference: %w", err)
	}
	mine, sub, err := playExchange(p, p.playerWith(p.player.Program), e)
	var failure *Failure
	if errors.As(err, &failure) {
		return &difference{exchange: e, failure: failure}, nil
	}
	if err != nil {
		return nil, err
	}
	stream, got, want, differs := mine.differs(theirs, e.masks)
	if !differs {
		return nil, nil
	}
	return &difference{
		exchange: e, stream: stream, want: want, got: got,
		ladder: sub.ladder.draw(sub.redact), scriptSteps: sub.steps,
	}, nil
}

func (p *play) playerWith(program Program) *Player {
	return &Player{Program: program, Seed: p.player.Seed, Launch: p.player.Launch, Mount: p.player.Mount, Slots: p.player.Slots}
}

func playExchange(p *play, player *Player, e *exchange) (observation, *play, error) {
	lines, err := parseScript(strings.Join(e.lines, "\n"), 1)
	if err != nil {
		return nil, nil, fmt.Errorf("generate: %w", err)
	}
	s := &Scenario{Lesson: p.scenario.Lesson, Name: "exchange", file: "exchange", lines: lines}
	for _, l := range lines {
		if err := l.check(nil); err != nil {
			return nil, nil, fmt.Errorf("generate: line %d: %w", l.number, err)
		}
	}
	sub := newPlay(p.ctx, player, s)
	var seen observation
	sub.atEnd = func() (err error) {
		seen, err = sub.observe()
		return err
	}
	err = sub.run()
	return seen, sub, err
}

// maxShrinks bounds the plays that shrinking a difference may take; one in
// which the program hangs counts for many.
const (
	maxShrinks  = 60
	hungShrinks = 15
)

// shrink leaves out of an exchange all lines without which the difference still
// shows: first halves, then ever smaller parts, down to single lines.
func (p *play) shrink(e *exchange, d *difference) *difference {
	plays := 0
	for size := len(e.lines) / 2; size >= 1; size /= 2 {
		for from := 0; from < len(e.lines) && plays < maxShrinks && p.ctx.Err() == nil; {
			to := min(from+size, len(e.lines))
			smaller := &exchange{slices.Concat(e.lines[:from], e.lines[to:]), e.masks}
			plays++
			if d.failure != nil && d.failure.Limit {
				plays += hungShrinks
			}
			// A script that no longer makes sense is an error: not smaller.
			if found, err := p.tryExchange(smaller); err == nil && found != nil && (found.failure == nil) == (d.failure == nil) {
				e, d = smaller, found
			} else {
				from = to
			}
		}
	}
	return d
}

// tellDifference makes a difference the scenario's failure.
func (p *play) tellDifference(d *difference) error {
	if d.failure != nil {
		p.steps = append(p.steps, d.failure.Steps...)
		f := p.failf("with seed %d: %s", p.player.Seed, d.failure.Message)
		f.Want, f.Got, f.Caret, f.Limit = d.failure.Want, d.failure.Got, d.failure.Caret, d.failure.Limit
		return f
	}
	p.steps = append(p.steps, d.scriptSteps...)
	message := fmt.Sprintf("with seed %d, shrunk to %d lines: %s differs from the solution's", p.player.Seed, len(d.exchange.lines), d.stream)
	f := p.compared(message, []byte(d.want), []byte(d.got))
	f.Ladder = d.ladder
	return f
}
