package zone

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"wirebook/harness"
	"wirebook/harness/puppet"

	"wirebook/grader/internal/sandbox"
)

// runs is a server that runs each line that a client sends in a process group of its
// own, and answers with all that it printed and its length. A line behind & it does
// not wait for; behind ! it kills the group at once.
const runs = `package main

import ("bufio"; "fmt"; "net"; "os/exec"; "strings"; "syscall")

func main() {
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	fmt.Println("listening on", l.Addr())
	c, _ := l.Accept()
	for lines := bufio.NewScanner(c); lines.Scan(); {
		how, line, _ := strings.Cut(lines.Text(), " ")
		words := strings.Fields(line)
		cmd := exec.Command("bin/"+words[0], words[1:]...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if how == ">" {
			out, err := cmd.CombinedOutput()
			if len(out) == 0 && err != nil {
				out = []byte(err.Error())
			}
			fmt.Fprintf(c, "%d\n%s", len(out), out)
			continue
		}
		if err := cmd.Start(); err != nil {
			fmt.Fprintln(c, err)
		}
		if how == "!" {
			fmt.Fprintln(c, syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL), cmd.Wait())
		}
	}
}
`

// runsPlayer is a player of that server, and its profile.
func runsPlayer(t *testing.T) (*harness.Player, sandbox.Profile) {
	t.Helper()
	source, err := puppet.Source()
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for name, text := range source {
		files[name] = string(text)
	}
	profile, err := sandbox.ParseProfile("runs bin")
	if err != nil {
		t.Fatal(err)
	}
	puppet, program := built(t, files), built(t, map[string]string{"main.go": runs})
	return &harness.Player{Program: harness.Program{Path: program}, Puppet: func() (string, error) { return puppet, nil }}, profile
}

// A program that starts others does so in its sandbox, and nothing of them is left.
func TestFamily(t *testing.T) {
	const with = "puppet bin/tool bin/zoned tool\nlisten ctl\nstart server 127.0.0.1:0\ndial ann $server\n"
	var scenarios []*harness.Scenario
	for name, script := range map[string]string{
		"prints":  with + "send ann '> tool print hello\\n'\nexpect ann '6\\nhello\\n'",
		"other":   with + "send ann '> zoned exit 0 '$WORK'\\n'\nexpect ann -match '(\\d+)\\n' -counted",
		"kills":   with + "send ann '! tool hold\\n'\nexpect ann '<nil> signal: killed\\n'",
		"leaves":  with + "send ann '> tool detach '$ctl' bin/zoned 0 5\\n'\naccept ctl\nexpect ctl 'child\\n'\nsend ctl 'exit 0\\n'\nexpect ctl 'ok\\n'\neof ctl -or-reset\nexpect ann -match '(5)\\n' -counted",
		"at-end":  with + "send ann '& tool tree '$ctl' bin/zoned\\n'\naccept ctl -as one\naccept ctl -as two\nexpect one -match '(parent|child)\\n'\nexpect two -match '(parent|child)\\n'\nsignal server KILL\nexits server killed\neof ann -or-reset",
		"outside": with + "send ann '> ../tool print hello\\n'\nexpect ann -match '(\\d+)\\n.*permission denied'",
	} {
		scenarios = append(scenarios, scenario(t, name, script))
	}
	for _, level := range []sandbox.Level{sandbox.Strong, sandbox.Reduced} {
		t.Run(level.String(), func(t *testing.T) {
			reach(t, level)
			player, profile := runsPlayer(t)
			all, err := Play(t.Context(), Options{Level: level, Profile: profile, Plays: 2}, player, scenarios)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range all {
				if o.Status != "pass" {
					t.Errorf("%s: %s %s %+v", o.Scenario, o.Status, o.Reason, o.Failure)
				}
			}
			if left := obeying(t); len(left) > 0 {
				t.Errorf("processes are left: %q", left)
			}
		})
	}
}

// A zone that is killed leaves nothing of what its programs have started.
func TestKilledZone(t *testing.T) {
	for _, level := range []sandbox.Level{sandbox.Strong, sandbox.Reduced} {
		t.Run(level.String(), func(t *testing.T) {
			reach(t, level)
			player, profile := runsPlayer(t)
			s := scenario(t, "killed", "puppet bin/tool bin/zoned\nlisten ctl\nstart server 127.0.0.1:0\ndial ann $server\n"+
				"send ann '& tool detach '$ctl' bin/zoned 0 5\\n'\naccept ctl\nexpect ctl 'child\\n'\nsend ann '& tool flood\\n'\nexpect ctl 'never'")
			failed := make(chan error)
			go func() {
				_, err := Play(t.Context(), Options{Level: level, Profile: profile, Plays: 1}, player, []*harness.Scenario{s})
				failed <- err
			}()
			for len(obeying(t)) == 0 {
				runtime.Gosched()
			}
			killZone(t)
			if err := <-failed; err == nil {
				t.Error("a zone that was killed has an outcome")
			}
			// At Strong the kernel ends them, in its own time.
			for level == sandbox.Strong && len(obeying(t)) > 0 {
				runtime.Gosched()
			}
			if left := obeying(t); len(left) > 0 {
				t.Errorf("processes are left: %q", left)
			}
		})
	}
}

// killZone kills the zone that this process has started, itself or by its guard.
func killZone(t *testing.T) {
	t.Helper()
	ours := map[int]bool{os.Getpid(): true}
	for range 2 {
		stats, err := filepath.Glob("/proc/[0-9]*/stat")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range stats {
			var pid, parent int
			var comm, state string
			fmt.Sscan(string(must(os.ReadFile(name))), &pid, &comm, &state, &parent)
			words := bytes.Split(must(os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))), []byte{0})
			if ours[parent] && string(words[0]) == zoneName {
				if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				return
			}
			if ours[parent] && string(words[0]) == guardName {
				ours[pid] = true
			}
		}
	}
	t.Fatal("no zone is there")
}

// obeying are the puppets on this machine that nobody but this test has started.
func obeying(t *testing.T) (found []string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range lines {
		words := bytes.Split(must(os.ReadFile(file)), []byte{0}) // it may be gone by now
		if string(words[0]) == "bin/zoned" {
			found = append(found, string(bytes.Join(words, []byte(" "))))
		}
	}
	return found
}

func must(text []byte, _ error) []byte { return text }
