package zone

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"wirebook/harness"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Main()
	Main()
	os.Exit(m.Run())
}

// built builds a program.
func built(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module program\n"
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "build", "-o", "program", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return filepath.Join(dir, "program")
}

func scenario(t *testing.T, name, script string) *harness.Scenario {
	t.Helper()
	s, err := harness.ParseScenario(name+".txtar", []byte("# It is played. (1 point)\n"+script))
	if err != nil {
		t.Fatal(err)
	}
	s.Lesson = "lesson"
	return s
}

// played plays scripts with a program of one file, and demands that each is
// passed.
func played(t *testing.T, level sandbox.Level, program string, scripts ...string) {
	t.Helper()
	for _, o := range outcomes(t, level, program, scripts...) {
		if o.Status != "pass" {
			t.Errorf("%s: %s %s %+v", o.Scenario, o.Status, o.Reason, o.Failure)
		}
	}
}

func outcomes(t *testing.T, level sandbox.Level, program string, scripts ...string) []result.Scenario {
	t.Helper()
	path := built(t, map[string]string{"main.go": program})
	player := &harness.Player{Program: harness.Program{Path: path}, Reference: &harness.Program{Path: path}, Seed: 1}
	var scenarios []*harness.Scenario
	for i, script := range scripts {
		scenarios = append(scenarios, scenario(t, fmt.Sprintf("number%d", i), script))
	}
	all, err := Play(t.Context(), level, player, scenarios, 2)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const echo = `package main

import ("bufio"; "fmt"; "net"; "os")

func main() {
	if len(os.Args) > 3 {
		l, err := net.Listen("tcp", os.Args[3])
		if err != nil { fmt.Fprintln(os.Stderr, err); os.Exit(1) }
		fmt.Println("listening on", l.Addr())
		for {
			c, err := l.Accept()
			if err != nil { return }
			go func() {
				defer c.Close()
				b := make([]byte, 100)
				for {
					n, err := c.Read(b)
					if err != nil {
						return
					}
					c.Write(b[:n])
				}
			}()
		}
	}
	if len(os.Args) > 1 && os.Args[1] == "save" {
		os.WriteFile("saved", []byte("saved\n"), 0o644)
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() { fmt.Println(lines.Text()) }
}
`

// What honest programs do works as it does without a sandbox: servers, typing,
// files, signals, the engine's looks at them.
func TestHonest(t *testing.T) {
	for _, level := range []sandbox.Level{sandbox.Strong, sandbox.Reduced} {
		t.Run(level.String(), func(t *testing.T) {
			played(t, level, echo,
				"start server -listen 127.0.0.1:0\ndial ann $server\nsend ann 'hello\\n' -split each\nexpect ann 'hello\\n'\nquiet\nsignal server TERM\nexits server killed\n",
				"start server -listen 127.0.0.1:0\ndescriptors server\ndial ann $server\nsend ann 'x'\nexpect ann 'x'\nclose ann\ndescriptors server\nsignal server KILL\nexits server killed\n",
				"run -in 'one\\n'\nscreen program 'one\\n'\n",
				"start client\ntype client 'a\\n' -split each\nscreen client 'a\\n'\nend client\nexits client\n",
				"start save save\nexits save\nfile saved -is 'saved\\n' -mode 644\n",
				"write given 'given\\n'\nstart save save\nexits save\nfolder . given saved\n",
				"reference server -listen 127.0.0.1:0\ndial ann $server\nsend ann 'x'\nexpect ann 'x'\n",
			)
		})
	}
}

func TestProbe(t *testing.T) {
	for _, level := range sandbox.Levels {
		if err := Probe(t.Context(), level); err != nil {
			t.Errorf("%v: %v", level, err)
		}
	}
}
