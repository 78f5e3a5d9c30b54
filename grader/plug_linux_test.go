package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/gopacket/gopacket/pcapgo"

	"wirebook/grader/internal/plug"
)

// plugCommandOf is the command grader plug, as a process of its own.
func plugCommandOf(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	return graderCommand(t, append([]string{"plug"}, args...)...)
}

// plugged runs grader plug up to its end, with the lines typed, and returns what it prints.
// The test is skipped where there are no hosts.
func plugged(t *testing.T, typed string, args ...string) (out string, err error) {
	t.Helper()
	cmd := plugCommandOf(t, args...)
	cmd.Stdin = strings.NewReader(typed)
	b, err := cmd.CombinedOutput()
	skipWithoutHosts(t, string(b))
	return string(b), err
}

func skipWithoutHosts(t *testing.T, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		if strings.Contains(line, "no kernel at the end of a cable here: ") || strings.Contains(line, "a host is set up with the program") {
			t.Skip(line)
		}
	}
}

// Kernels speak through the solutions' devices; what passes is shown.
func TestPlug(t *testing.T) {
	needsAll(t)
	for _, test := range []struct {
		name, tool string
		args       []string
		want       []string
	}{
		{"router", "traceroute", []string{"router", "--run", "h1 ping -c 1 10.2.0.9", "--run", "h2 traceroute -N 1 -q 1 10.1.0.9", "--run", "arp"}, []string{
			`h1     ARP who-has 10\.1\.0\.1 tell 10\.1\.0\.9 at 02-00-0a-01-00-09 -+>  router\n`,
			`h1: .* from 10\.2\.0\.9: icmp_seq=1 ttl=63 `,
			`h2:  1  10\.2\.0\.1 (?s:.*)h2:  2  10\.1\.0\.9 `,
			`router: 10\.1\.0\.9  02-00-0a-01-00-09  eth0\nrouter: 10\.2\.0\.9  02-00-0a-02-00-09  eth1\n$`,
		}},
		{"a switch and a router", "traceroute", []string{"lswitch", "router", "--run", "h1 traceroute -N 1 -q 1 10.2.0.9", "--run", "h1 traceroute -N 1 -q 1 10.1.0.8", "--run", "lswitch macs"}, []string{
			`h1:  1  10\.1\.0\.1 (?s:.*)h1:  2  10\.2\.0\.9 (?s:.*)h1:  1  10\.1\.0\.8 `,
			`  lswitch  VLAN 10, .* -+>  router\n`,
			`lswitch: 20  02-00-0a-02-00-09  p2\n`,
		}},
		{"one that is slow", "ping", []string{"router", "--delay", "20ms", "--run", "h1 ping -c 1 10.2.0.9"}, []string{`ttl=63 time=([89]\d|\d{3,})`}},
		{"two hosts at one cable", "ping", []string{"arp", "--quiet", "--run", "h1 ping -c 1 10.0.0.3", "--run", "h1 hostname"}, []string{`ttl=64 (?s:.*)\nh1\n$`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(test.tool); err != nil {
				t.Skip(err)
			}
			out, err := plugged(t, "", append(test.args, "--solution")...)
			if err != nil {
				t.Errorf("%v", err)
			}
			for _, want := range test.want {
				if !regexp.MustCompile(want).MatchString(out) {
					t.Errorf("want %s in", want)
				}
			}
			if t.Failed() {
				t.Log(out)
			}
		})
	}
}

// What a network's texts tell somebody to try goes well, in all lessons that are here.
func TestPlugTry(t *testing.T) {
	needsAll(t)
	for _, name := range plug.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := plug.Find(strings.Fields(name))
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range n.Devices {
				if _, err := os.Stat(filepath.Join("..", "solutions", d.Lesson)); err != nil {
					t.Skip("the lesson is not here: ", err)
				}
			}
			args := append(strings.Fields(name), "--solution", "--quiet")
			for _, h := range n.Hosts {
				needsTool(t, h.Runs)
				for _, line := range n.Try {
					if command, ok := strings.CutPrefix(line, h.Name+" "); ok {
						needsTool(t, command)
					}
				}
			}
			for _, line := range n.Try {
				args = append(args, "--run", line)
			}
			if out, err := plugged(t, "", args...); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// needsTool skips a test where a command's first program is missing.
func needsTool(t *testing.T, command string) {
	t.Helper()
	if command == "" {
		return
	}
	if _, err := exec.LookPath(strings.Fields(command)[0]); err != nil {
		t.Skip(err)
	}
}

// The lines that a document has somebody type go well.
func TestDocumentedPlug(t *testing.T) {
	needsAll(t)
	session := regexp.MustCompile(`(?m)^    (?:\$ )?go run \./grader plug ([a-z ]+)\n((?:    > .*\n)+)`)
	found := 0
	for file, text := range documents(t) {
		for _, m := range session.FindAllStringSubmatch(text, -1) {
			found++
			t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				args := append(strings.Fields(m[1]), "--solution", "--quiet")
				for line := range strings.Lines(m[2]) {
					args = append(args, "--run", strings.TrimSuffix(strings.TrimPrefix(line, "    > "), "\n"))
				}
				if out, err := plugged(t, "", args...); err != nil {
					t.Errorf("%q: %v\n%s", args, err, out)
				}
			})
		}
	}
	if found == 0 {
		t.Error("no document shows how to use plug")
	}
}

// A capture has what passed, each cable by itself; on standard output it is alone there.
func TestPlugCapture(t *testing.T) {
	needsAll(t)
	cmd := plugCommandOf(t, "router", "--solution", "--pcapng", "-", "--run", "h1 ping -c 1 10.2.0.9")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	skipWithoutHosts(t, stderr.String())
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	r, err := pcapgo.NewNgReader(&stdout, pcapgo.NgReaderOptions{WantMixedLinkType: true})
	if err != nil {
		t.Fatal(err)
	}
	frames := make(map[string]int)
	for {
		_, about, err := r.ReadPacketData()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		on, err := r.Interface(about.InterfaceIndex)
		if err != nil {
			t.Fatal(err)
		}
		frames[on.Name]++
	}
	// An ARP question, its answer, an echo and its answer.
	if frames["cable eth0"] != 4 || frames["cable eth1"] != 4 {
		t.Errorf("the capture has %v frames; all that passed:\n%s", frames, &stderr)
	}
}

// What goes wrong is told, and the exit status says that it did.
func TestPlugFailures(t *testing.T) {
	needsAll(t)
	for _, test := range []struct {
		name string
		args []string
		want string
	}{
		{"a cable that loses all", []string{"lswitch", "--solution", "--loss", "100", "--run", "h1 ping -c 1 -W 1 10.0.0.2"}, "LOST: ARP who-has 10.0.0.2"},
		{"a command that fails", []string{"router", "--solution", "--run", "h1 exit 7"}, "h1 exit 7: exit status 7"},
		{"a line for nobody", []string{"lswitch", "router", "--solution", "--run", "macs"}, `"macs": for whom?`},
		{"a program that is not written yet", []string{"router", "--run", "h1 true"}, "router (stderr): "},
		{"a device that does not listen", []string{"router", "--run", "h1 true", "--", "sh", "-c", "echo hello"}, `router: it printed "hello\n" where it should say that it is listening`},
		{"a device that does not end", []string{"arp", "--run", "h1 true", "--", "sh", "-c", "echo listening on 127.0.0.1:9; sleep 600"}, "arp: it went on for 1s after the end of its input"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, err := plugged(t, "", test.args...)
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != exitIncomplete || !strings.Contains(out, test.want) {
				t.Errorf("%v; want %s in\n%s", err, test.want, out)
			}
		})
	}
}

// The end of the lines, Ctrl-C, and the end of a device leave nothing: no process, also none
// that a host's shell has left running, so no namespace, and with it no card.
func TestPlugLeavesNothing(t *testing.T) {
	needsAll(t)
	for _, end := range []string{"the last line", "Ctrl-C", "q"} {
		t.Run(end, func(t *testing.T) {
			release := adoptOrphans(t)
			defer release()
			cmd := plugCommandOf(t, "router", "--solution")
			typed, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, theirs := io.Pipe()
			cmd.Stdout, cmd.Stderr = theirs, theirs
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() {
				ended <- cmd.Wait()
				theirs.Close()
			}()
			// Its lines that open a shell, and a process in each host.
			var said []string
			lines := bufio.NewScanner(out)
			wait := func(until string) {
				for lines.Scan() {
					said = append(said, lines.Text())
					if strings.Contains(lines.Text(), until) {
						return
					}
				}
				skipWithoutHosts(t, strings.Join(said, "\n"))
				t.Fatalf("%q is missing in\n%s", until, strings.Join(said, "\n"))
			}
			wait("q ends it")
			var networks []string
			var shells []*exec.Cmd
			for _, line := range said {
				words := strings.Fields(line)
				if len(words) == 0 || words[0] != "nsenter" {
					continue
				}
				network, err := os.Readlink("/proc/" + words[len(words)-1] + "/ns/net")
				if err != nil {
					t.Fatal(err)
				}
				networks = append(networks, network)
				shell := exec.Command(words[0], append(words[1:], "sh", "-c", "echo ready; exec sleep 600")...)
				ready, err := shell.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := shell.Start(); err != nil {
					t.Fatal(err)
				}
				if line, err := bufio.NewReader(ready).ReadString('\n'); line != "ready\n" {
					t.Fatalf("the shell in a host says %q: %v", line, err)
				}
				shells = append(shells, shell)
			}
			if len(networks) != 2 || networks[0] == networks[1] {
				t.Fatalf("the networks of two hosts: %q", networks)
			}
			fmt.Fprintln(typed, "h1 sleep 600 & echo left")
			wait("h1: left")
			if end != "the last line" { // which waits for what runs
				fmt.Fprintln(typed, "h2 echo runs; sleep 600")
				wait("h2: runs")
			}
			go io.Copy(io.Discard, out)
			switch end {
			case "the last line":
				typed.Close()
			case "Ctrl-C":
				if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
					t.Fatal(err)
				}
			case "q":
				fmt.Fprintln(typed, "q")
			}
			if err := <-ended; err != nil {
				t.Errorf("it ended with %v", err)
			}
			for _, shell := range shells {
				_ = shell.Wait() // it was killed
			}
			if left := childrenLeft(t); len(left) > 0 {
				t.Errorf("these are left: %q", left)
			}
			all, err := filepath.Glob("/proc/[0-9]*/ns/net")
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range all {
				if network, err := os.Readlink(file); err == nil && slices.Contains(networks, network) {
					t.Errorf("%s is still in the network of a host", file)
				}
			}
		})
	}
}
