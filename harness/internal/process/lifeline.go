package process

// Lifeline is called by a program that this package may have started, when it
// begins. From then on it dies with the process that started it, also on
// systems where nothing else sees to that. Where there is no lifeline, it does
// nothing.
func Lifeline() { lifeline() }
