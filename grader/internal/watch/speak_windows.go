package watch

import (
	"os"

	"golang.org/x/sys/windows"
)

// speak makes a console understand control sequences. restore undoes that.
func speak(out *os.File) (restore func(), err error) {
	console := windows.Handle(out.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return nil, err
	}
	err = windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
	return func() { _ = windows.SetConsoleMode(console, mode) }, err
}
