//go:build unix

package process

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"unicode"
)

func init() {
	programs["parent"] = parent
	programs["engine"] = engine
}

// parent starts a program that keeps the outputs open, tells its number, and
// ends: "parent NAME [escape]".
func parent(args []string) {
	self, _ := os.Executable()
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), programVariable+"="+args[0])
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: len(args) > 1}
	if err := cmd.Start(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(cmd.Process.Pid)
}

// engine starts a program as this package does, tells its number, and waits
// for a word: "panic" or "exit".
func engine([]string) {
	self, _ := os.Executable()
	p, err := Start(Spec{Path: self, Env: append(os.Environ(), programVariable+"=sleep")})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(p.Pid())
	var word string
	fmt.Scan(&word)
	switch word {
	case "panic":
		panic("as told")
	case "orderly":
		defer KillAll()
		panic("as told, with an orderly end")
	}
}

func TestSignal(t *testing.T) {
	notified, await := awaiting()
	p := run(t, "interrupted", notified)
	await(func() bool { return p.Stdout().Len() > 0 })
	if err := p.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-p.Done()
	if got := string(p.Stdout().Bytes()); got != "ready\ninterrupt\n" {
		t.Errorf("printed %q", got)
	}
	q := run(t, "sleep")
	q.Signal(syscall.SIGKILL)
	<-q.Done()
	if exit, _ := q.Exited(); exit.Signal != "SIGKILL" || exit.Code != -1 {
		t.Errorf("exit %+v", exit)
	}
}

func TestNumb(t *testing.T) {
	notified, await := awaiting()
	p := run(t, "numb", notified)
	await(func() bool { return p.Stdout().Len() > 0 })
	p.Signal(syscall.SIGSTOP)
	p.Kill()
}

func TestGrandchildKeepsThePipes(t *testing.T) {
	p := run(t, "parent", args("sleep"))
	<-p.Done()
	var child int
	if _, err := fmt.Sscan(string(p.Stdout().Bytes()), &child); err != nil {
		t.Fatalf("printed %q", p.Stdout().Bytes())
	}
	awaitDeath(t, child)
	if exit, _ := p.Exited(); exit.Code != 0 {
		t.Errorf("exit %+v", exit)
	}
}

func TestGrandchildEscapes(t *testing.T) {
	for _, name := range []string{"sleep", "flood"} {
		t.Run(name, func(t *testing.T) {
			p := run(t, "parent", args(name, "escape"))
			<-p.Done() // all the same
			line, _, _ := strings.Cut(string(p.Stdout().Bytes()), "\n")
			// The flood may come first, and be cut anywhere.
			line = line[strings.LastIndexFunc(line, func(r rune) bool { return !unicode.IsDigit(r) })+1:]
			var child int
			if _, err := fmt.Sscan(line, &child); err != nil {
				t.Fatalf("printed %.100q", p.Stdout().Bytes())
			}
			if name == "sleep" { // the other has died of a broken pipe, or will
				if err := syscall.Kill(child, syscall.SIGKILL); err != nil {
					t.Error("it did not escape:", err)
				}
			}
			awaitDeath(t, child)
			noGoroutines(t)
		})
	}
}

// TestEngineEnds ends the process that has started a program in various ways,
// none of which may leave the program.
func TestEngineEnds(t *testing.T) {
	for _, end := range []string{"exit", "panic", "orderly", "SIGKILL"} {
		t.Run(end, func(t *testing.T) {
			notified, await := awaiting()
			p := run(t, "engine", notified)
			await(func() bool { return strings.Contains(string(p.Stdout().Bytes()), "\n") })
			var child int
			if _, err := fmt.Sscan(string(p.Stdout().Bytes()), &child); err != nil {
				t.Fatalf("printed %q", p.Stdout().Bytes())
			}
			if end == "SIGKILL" {
				p.Signal(syscall.SIGKILL)
			} else {
				p.Write([]byte(end + "\n"))
			}
			<-p.Done()
			awaitDeath(t, child)
			if exit, _ := p.Exited(); (exit.Code == 0) != (end == "exit") {
				t.Errorf("exit %+v", exit)
			}
		})
	}
}

// TestLifeline lets the other end of a lifeline go.
func TestLifeline(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := run(t, "sleep", func(s *Spec) {
		s.Launch = func(cmd *exec.Cmd) error {
			cmd.ExtraFiles = append(cmd.ExtraFiles, r)
			cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", lifelineVariable, 2+len(cmd.ExtraFiles)))
			return cmd.Start()
		}
	})
	r.Close()
	if _, exited := p.Exited(); exited {
		t.Error("ended too early")
	}
	w.Close()
	<-p.Done()
	if exit, _ := p.Exited(); exit.Signal != "SIGKILL" {
		t.Errorf("exit %+v", exit)
	}
}
