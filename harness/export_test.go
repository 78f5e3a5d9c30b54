package harness

import "wirebook/harness/internal/script"

// Hang makes a player believe that its program has worked without end so often that
// its steps are allowed little.
func (p *Player) Hang() { p.hung.Store(maxHung) }

// Forms returns how the commands of the language are written.
func Forms() []*script.Form { return language().Forms() }
