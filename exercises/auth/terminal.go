package main

import (
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// prompt asks the person at the terminal for a line. Where standard input is
// not a terminal, it prints nothing.
func prompt(text string) {
	if isTerminal(os.Stdin) {
		fmt.Fprint(os.Stderr, text)
	}
}

// hideTyping prompts with the text and makes the terminal hide what is typed
// until the function that it returns is called. That function may be called
// more than once. Where standard input is not a terminal, nothing is printed
// and nothing is hidden; where we do not know how to hide, it stays visible.
func hideTyping(text string) (showTyping func()) {
	if !isTerminal(os.Stdin) {
		return func() {}
	}
	restore, err := echoOff(os.Stdin)
	prompt(text) // only now: who sees it may type
	if err != nil {
		return func() {}
	}

	// Ctrl-C must not leave the user with a terminal that stays dumb.
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	showTyping = sync.OnceFunc(func() {
		restore()
		signal.Stop(interrupted)
		close(done)
		fmt.Fprintln(os.Stderr) // the Enter that the user typed was hidden too
	})
	go func() {
		select {
		case <-interrupted:
			showTyping()
			os.Exit(exitFailed)
		case <-done:
		}
	}()
	return showTyping
}

// isTerminal tells whether a person types into the file.
func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
