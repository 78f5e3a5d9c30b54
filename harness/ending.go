package harness

import (
	"wirebook/harness/internal/process"
	"wirebook/harness/internal/scratch"
)

// EndPrograms kills all programs that plays have started and removes their files,
// when this process has to end in the middle of plays.
func EndPrograms() {
	process.KillAll()
	scratch.RemoveAll()
}

// Lifeline is called by a program that a play may have started, when it begins. From
// then on it dies with the process that started it, also on systems where nothing
// else sees to that.
func Lifeline() { process.Lifeline() }
