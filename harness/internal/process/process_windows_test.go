package process

import (
	"errors"
	"os"
	"syscall"
	"testing"
)

// TestKilledIsTold tells a program that we have killed from one that ended by
// itself, and knows of no signal that Windows does not have.
func TestKilledIsTold(t *testing.T) {
	for name, kill := range map[string]func(*Process){
		"killed":    (*Process).Kill,
		"signalled": func(p *Process) { p.Signal(os.Kill) },
	} {
		p := run(t, "sleep")
		for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
			if err := p.Signal(sig); !errors.Is(err, ErrNoSignal) {
				t.Errorf("%v: %v; want %v", sig, err, ErrNoSignal)
			}
		}
		kill(p)
		<-p.Done()
		if exit, _ := p.Exited(); exit.Signal != "SIGKILL" || exit.Code != -1 {
			t.Errorf("%s: exit %+v", name, exit)
		}
	}
	p := run(t, "tell")
	<-p.Done()
	p.Kill()
	if exit, _ := p.Exited(); exit.Signal != "" || exit.Code != 3 {
		t.Errorf("ended by itself: exit %+v", exit)
	}
}

func TestProcessorTimeIsKnown(t *testing.T) {
	p := run(t, "busy")
	await(func() bool { a, err := p.Activity(); return err == nil && a.KnowsCPU && a.CPU > 0 })
	if a, _ := p.Activity(); a.KnowsRest {
		t.Errorf("%+v: rest is known", a)
	}
}
