package harness

import (
	"wirebook/harness/internal/patience"
	"wirebook/harness/internal/script"
)

// Hang makes a player believe that its program has worked without end so often that
// its steps are allowed little.
func (p *Player) Hang() { p.hung.Store(maxHung) }

// Forms returns how the commands of the language are written.
func Forms() []*script.Form { return language().Forms() }

// AllowsLittle reports whether the steps of the scenario would be allowed little.
func (p *Player) AllowsLittle(s *Scenario) bool { return p.config(s).Allowance == patience.Small }
