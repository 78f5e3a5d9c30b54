package harness

import (
	"slices"
	"sync"

	"wirebook/harness/internal/exchange"
	"wirebook/harness/internal/files"
	"wirebook/harness/internal/peer/cable"
	"wirebook/harness/internal/peer/nameserver"
	"wirebook/harness/internal/peer/tcp"
	"wirebook/harness/internal/peer/udp"
	"wirebook/harness/internal/play"
	"wirebook/harness/internal/programs"
	"wirebook/harness/internal/script"
	"wirebook/harness/internal/worksheet"
)

// A Scenario is one .txtar file: one behaviour that a lesson asks for, one line in a
// score. ParseScenario makes it.
type Scenario struct {
	Lesson string // the lesson's name
	Name   string // the file's name without .txtar; unique in the lesson
	Title  string // one sentence: the promise
	Points int    // what passing it earns
	Hidden bool   // students do not see it
	Rule   int    // the number of the README's rule that first names it, 0 for none

	script *script.Script
	data   []byte // what the file holds
}

// A Block is a part of a scenario: the promise of one # line, and its hints, which
// lead from the concept to the place in the code.
type Block = script.Block

// Blocks returns the scenario's, the title's first.
func (s *Scenario) Blocks() []Block { return s.script.Blocks }

// Hints returns those of the block with this # line, nil where it has none.
func (s *Scenario) Hints(block string) []string { return s.script.Hints(block) }

// commandsOf are the language, with exchanges played by r. It is made when it is
// first asked for: a student's program is linked with all that is here.
func commandsOf(r *exchange.Player) *play.Commands {
	return play.NewCommands(programs.Commands(), files.Commands(), tcp.Commands(), udp.Commands(), cable.Commands(), nameserver.Commands(), worksheet.Commands(), r.Commands())
}

var language = sync.OnceValue(func() *play.Commands { return commandsOf(nil) })

// ParseScenario reads the scenario that data, the contents of file, describes, and
// checks every word that can be checked before a play. Errors start with file and
// line.
func ParseScenario(file string, data []byte) (*Scenario, error) {
	s, err := script.Read(file, data, language().Form)
	if err != nil {
		return nil, err
	}
	return &Scenario{Name: s.Name(), Title: s.Title, Points: s.Points, script: s, data: data}, nil
}

// Source returns the file that the scenario was read from: its base name and what it
// holds.
func (s *Scenario) Source() (file string, data []byte) { return s.script.File, s.data }

// Needs reports whether the script uses a command, such as random.
func (s *Scenario) Needs(verb string) bool { return s.script.Uses(verb) }

// meetsReference reports whether the solution's program runs in the scenario.
func (s *Scenario) meetsReference() bool {
	return slices.ContainsFunc([]string{"reference", "random"}, s.Needs)
}
