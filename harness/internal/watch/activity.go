// Package watch looks at a process from outside: how long its threads have worked and
// waited for a processor, whether all of them sleep, and how. On Linux the kernel
// tells all of that in /proc; other systems tell less, and [Activity] says what.
package watch

import "time"

// Activity is what a program has done so far, and what it does now. Sums are
// over all of its threads, also those that have ended, and never shrink.
type Activity struct {
	CPU     time.Duration // on a processor
	Waiting time.Duration // ready, and waiting for a processor
	// Asleep says that no thread was running, ready to run, or waiting for a
	// disk. Threads are looked at one after another, so a program is at rest
	// only when two looks both say so and give the same sums.
	Asleep bool
	// Stopped says that all threads stand still until they are told to go on
	// (SIGSTOP, SIGCONT). They are asleep then, and no timer wakes them.
	Stopped bool
	// Naps says that one of the sleeping threads may soon wake up to work that
	// is there already, so that the program is not at rest.
	Naps bool
	// Polls says that a thread sleeps for some milliseconds alone, to ask then
	// whether there is news. What was sent to such a program may lie there
	// unseen between two looks.
	Polls bool

	// KnowsCPU says that this system tells CPU, KnowsRest that it tells all
	// the others. What it does not tell is zero.
	KnowsCPU, KnowsRest bool
}
