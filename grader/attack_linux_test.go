package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"wirebook/grader/internal/result"
)

// An attack is what the file ATTACK of a hostile submission says.
// testdata/README.md tells its form.
type attack struct {
	name  string
	shows []shown
}

// Shown is something that a safe grader shows of an attack.
type shown struct{ kind, lesson, what string }

func readAttacks(t *testing.T, dir string) []attack {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "ATTACK"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no attacks in %s (%v)", dir, err)
	}
	var all []attack
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		a := attack{name: filepath.Base(filepath.Dir(file))}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		for _, line := range lines[1:] {
			kind, rest, _ := strings.Cut(line, ": ")
			lesson, what, ok := strings.Cut(rest, " ")
			if !ok || !slices.Contains([]string{"expect", "score", "lost"}, kind) {
				t.Fatalf("%s: %q tells nothing that a grader could show", file, line)
			}
			a.shows = append(a.shows, shown{kind, lesson, what})
		}
		if len(a.shows) == 0 {
			t.Fatalf("%s: it expects nothing", file)
		}
		all = append(all, a)
	}
	return all
}

// differs says how a result is not what is to be shown, "" where it is.
func (s shown) differs(r *result.Submission) string {
	l := r.Lesson(s.lesson)
	if l == nil {
		return "the lesson is not in it"
	}
	switch s.kind {
	case "expect":
		status, text, _ := strings.Cut(s.what, " ")
		if string(l.Status) != status {
			return fmt.Sprintf("%s %q", l.Status, l.Reason)
		}
		if said := findings(r, l); !strings.Contains(said, text) {
			return fmt.Sprintf("its findings are\n%s", said)
		}
	case "score":
		if got := amount(l); got != s.what {
			return fmt.Sprintf("%s\n%s", got, losses(l))
		}
	case "lost":
		var lost []string
		for _, sc := range l.Scenarios {
			if sc.Status != "pass" {
				lost = append(lost, sc.Scenario)
			}
		}
		if got := strings.Join(lost, " "); got != s.what {
			return fmt.Sprintf("%s\n%s", got, losses(l))
		}
	}
	return ""
}

// findings are all that was found in a submission without playing it.
func findings(r *result.Submission, l *result.Lesson) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintln(&b, f)
	}
	for _, m := range l.Build {
		fmt.Fprintln(&b, m.Message)
	}
	return b.String()
}

// amount names how much of a lesson's score was earned.
func amount(l *result.Lesson) string {
	switch {
	case l.Score == nil:
		return "unknown"
	case *l.Score == 0:
		return "0"
	case *l.Score == l.MaxScore:
		return "full"
	}
	return "part"
}

// losses tells of the first scenarios that were lost.
func losses(l *result.Lesson) string {
	var b strings.Builder
	for _, s := range l.Scenarios {
		if s.Status == "pass" || b.Len() > 1000 {
			continue
		}
		fmt.Fprintf(&b, "\t%s: %s %s", s.Scenario, s.Status, s.Reason)
		if s.Failure != nil {
			fmt.Fprintf(&b, "%s", s.Failure.Message)
			if d := s.Failure.Difference; d != nil {
				fmt.Fprintf(&b, "; got %s", d.Got)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Canaries are what nobody but the grader may see or reach.
type canaries struct {
	variable, text string // a secret in its environment, one in a file
	file, socket   string
	tcp, udp       net.Addr
	abstract       string

	mu      sync.Mutex
	reached []string
}

// variableName is the environment variable of the grader that holds a secret.
const variableName = "WIREBOOK_HOSTILE_SECRET"

// layCanaries puts a secret and a socket into dir and listens on all that a
// program could connect to.
func layCanaries(t *testing.T, dir string) *canaries {
	t.Helper()
	c := &canaries{
		variable: "canary-of-the-environment", text: "canary-of-the-file",
		file: filepath.Join(dir, "secret"), socket: filepath.Join(dir, "socket"),
		abstract: fmt.Sprintf("wirebook-canary-%d", os.Getpid()),
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(dir, 0o755))
	must(os.WriteFile(c.file, []byte(c.text+"\n"), 0o644))
	tcp, err := net.Listen("tcp4", "127.0.0.1:0")
	must(err)
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	must(err)
	c.tcp, c.udp = tcp.Addr(), udp.LocalAddr()
	path, err := net.Listen("unix", c.socket)
	must(err)
	must(os.Chmod(c.socket, 0o777))
	abstract, err := net.Listen("unix", "@"+c.abstract)
	must(err)
	for name, l := range map[string]net.Listener{"TCP": tcp, "a Unix socket": path, "an abstract Unix socket": abstract} {
		t.Cleanup(func() { l.Close() })
		go c.accept(name, l)
	}
	t.Cleanup(func() { udp.Close() })
	go func() {
		for {
			if _, _, err := udp.ReadFrom(make([]byte, 100)); err != nil {
				return
			}
			c.add("UDP")
		}
	}()
	return c
}

func (c *canaries) accept(name string, l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		conn.Close()
		c.add(name)
	}
}

func (c *canaries) add(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(c.reached, name) {
		c.reached = append(c.reached, name)
	}
}

// seen is what was reached, sorted.
func (c *canaries) seen() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(slices.Values(c.reached))
}

// placeholders are what stands in attacks for the canaries, and their names.
func (c *canaries) placeholders(results string) *strings.Replacer {
	port := func(a net.Addr) string {
		_, port, _ := net.SplitHostPort(a.String())
		return port
	}
	return strings.NewReplacer("@SECRET@", c.file, "@RESULTS@", results, "@UNIX@", c.socket,
		"@ABSTRACT@", c.abstract, "@TCP@", port(c.tcp), "@UDP@", port(c.udp))
}
