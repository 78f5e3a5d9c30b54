package files

import (
	"fmt"
	"os"

	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// lockCommands are those about the lock of a file that programs share: flock(2) or
// LockFileEx of the file beside it with .lock behind its name.
var lockCommands = []play.Command{
	play.Row("lock PATH [-shared]",
		"Hold the lock of PATH as a program does that looks at PATH in order to change it: flock(2), on Windows LockFileEx of the first byte, of PATH.lock, which is made if it is missing. Waits for a program that holds it. With -shared it is the shared lock: who takes the exclusive one waits for it. PATH.lock must be the same file whenever it is locked.",
		cmdLock).Checked(localArgument),
	play.Row("unlock PATH", "Give the lock of PATH back.",
		cmdUnlock).Checked(localArgument),
}

// A lock is one that a script has held. Its file stays open, so that the number by
// which a file is known is nobody else's.
type lock struct {
	name string // of the file
	file *os.File
	held bool
}

func (l *lock) Name() string                        { return l.name }
func (l *lock) Settled() bool                       { return true }
func (l *lock) Delivered() bool                     { return true }
func (l *lock) Unclaimed(*play.Play) []telling.Rung { return nil }

func (l *lock) Close() {
	if l.held {
		_ = unlockFile(l.file)
	}
	l.file.Close()
}

func cmdLock(p *play.Play, c *script.Call) error {
	l, err := openLock(p, c.Args[0]+".lock")
	if err != nil {
		return err
	}
	if l.held {
		return fmt.Errorf("lock: the lock of %q is held already", c.Args[0])
	}
	if err := l.seeSame(p); err != nil {
		return err
	}
	err = p.Await(func() (bool, error) {
		l.held, err = tryLock(l.file, c.Has("shared"))
		return l.held, err
	})
	if err != nil {
		return p.InVain(err, func(v *play.Vain) error {
			return p.Failf("the program should give back the lock of %s; %s", telling.Quote(l.name), v.What())
		})
	}
	p.Changed()
	return l.seeSame(p)
}

// openLock opens a lock's file the first time that it is asked for.
func openLock(p *play.Play, name string) (*lock, error) {
	if l, err := play.Find[*lock](p, "lock", name); err == nil {
		return l, nil
	}
	file, err := p.Dir.OpenFile(name, os.O_RDWR|os.O_CREATE|nonblock, 0o600)
	if err != nil {
		return nil, inTheWay(p, name, err)
	}
	l := &lock{name: name, file: file}
	p.Join(l)
	return l, nil
}

// seeSame fails if another file has the name of the lock's, or none has.
func (l *lock) seeSame(p *play.Play) error {
	ours, err := l.file.Stat()
	if err != nil {
		return err
	}
	if now, err := p.Dir.Lstat(l.name); err == nil && os.SameFile(ours, now) {
		return nil
	}
	return p.Failf("the file %s should stay where it is, since who waits for its lock has it open; it was removed or replaced", telling.Quote(l.name))
}

func cmdUnlock(p *play.Play, c *script.Call) error {
	l, err := play.Find[*lock](p, "lock", c.Args[0]+".lock")
	if err != nil {
		return err
	}
	l.held = false
	p.Changed()
	return unlockFile(l.file)
}
