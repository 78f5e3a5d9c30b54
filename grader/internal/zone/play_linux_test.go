package zone

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"wirebook/harness"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/sandbox"
)

// graderVariable makes the test binary a grader that plays the program at that
// path with a script in which it does not end, at the level that levelVariable
// names.
const (
	graderVariable = "ZONE_TEST_PROGRAM"
	levelVariable  = "ZONE_TEST_LEVEL"
)

func TestMain(m *testing.M) {
	Main()
	if path := os.Getenv(graderVariable); path != "" {
		player := &harness.Player{Program: harness.Program{Path: path}}
		level, _ := sandbox.ParseLevel(os.Getenv(levelVariable))
		s, err := harness.ParseScenario("endless.txtar", []byte("# It does not end. (1 point)\n"+endless))
		if err == nil {
			_, err = Play(context.Background(), Options{Level: level, Plays: 1}, player, []*harness.Scenario{s})
		}
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// reach skips a test of a level that this machine does not reach.
func reach(t testing.TB, level sandbox.Level) {
	t.Helper()
	if err := Probe(t.Context(), level); err != nil {
		t.Skipf("no sandbox %v here: %v", level, err)
	}
}

// built builds a program.
func built(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module program\n\ngo 1.26\n"
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

func scenario(t testing.TB, name, script string) *harness.Scenario {
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
	for _, o := range outcomes(t, Options{Level: level, Plays: 2}, program, scripts...) {
		if o.Status != "pass" {
			t.Errorf("%s: %s %s %+v", o.Scenario, o.Status, o.Reason, o.Failure)
		}
	}
}

func outcomes(t *testing.T, o Options, program string, scripts ...string) []result.Scenario {
	t.Helper()
	path := built(t, map[string]string{"main.go": program})
	player := &harness.Player{Program: harness.Program{Path: path}, Reference: &harness.Program{Path: path}, Seed: 1}
	var scenarios []*harness.Scenario
	for i, script := range scripts {
		scenarios = append(scenarios, scenario(t, fmt.Sprintf("number%d", i), script))
	}
	all, err := Play(t.Context(), o, player, scenarios)
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
			reach(t, level)
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

// What a program puts into its folder leads the engine nowhere else.
func TestLinks(t *testing.T) {
	reach(t, sandbox.Strong)
	const program = `package main

import "os"

func main() {
	os.Symlink("/etc/passwd", "file")
	os.Symlink("/etc", "folder")
}
`
	for _, o := range outcomes(t, Options{Level: sandbox.Strong, Plays: 2}, program,
		"run\nfile file -match root\n",
		"run\nfile folder/passwd -match root\n",
		"run\nfolder folder passwd\n",
		"run\nfile file -grep root\n",
		"run\nfile folder/passwd -grep root\n",
		"run\nwrite given x\nfile given -differs folder/passwd\n",
	) {
		if o.Status != "fail" {
			t.Errorf("%s: %s %s; want fail", o.Scenario, o.Status, o.Reason)
		}
	}
	if all := outcomes(t, Options{Level: sandbox.Strong, Plays: 2}, program, "run\nwrite folder/new 'x'\n"); all[0].Status == "pass" {
		t.Error("a file was written through a link")
	}
}

// endless is a script in which a program works without end, and endlessly such a
// program; its argument names it in /proc.
const (
	endless   = "start wirebook-endless\nexits wirebook-endless\n"
	endlessly = "package main\n\nfunc main() {\n\tfor {\n\t}\n}\n"
)

// A program starts others where its lesson says so, and there alone.
func TestProfile(t *testing.T) {
	const program = `package main

import ("fmt"; "os"; "os/exec")

func main() {
	switch os.Args[1] {
	case "prepare":
		text, err := os.ReadFile("/proc/self/exe")
		if err == nil { err = os.Mkdir("bin", 0o755) }
		if err == nil { err = os.WriteFile("bin/tool", text, 0o755) }
		if err == nil { err = os.WriteFile("tool", text, 0o755) }
		if err != nil { fmt.Println(err) }
	case "work":
		fmt.Println("worked")
	default:
		out, err := exec.Command(os.Args[1], "work").Output()
		fmt.Printf("%s%v\n", out, err)
	}
}
`
	profile, err := sandbox.ParseProfile("runs bin")
	if err != nil {
		t.Fatal(err)
	}
	reach(t, sandbox.Strong)
	const prepare = "run prepare\n"
	for _, test := range []struct {
		profile sandbox.Profile
		script  string
	}{
		{profile, "run bin/tool\nscreen program 'worked\\n<nil>\\n'\n"},
		{profile, "run ./bin/../bin/tool\nscreen program 'worked\\n<nil>\\n'\n"},
		{profile, "run ./tool\nscreen program 'fork/exec ./tool: permission denied\\n'\n"},
		{sandbox.Profile{}, "run bin/tool\nscreen program 'fork/exec bin/tool: operation not permitted\\n'\n"},
	} {
		o := Options{Level: sandbox.Strong, Profile: test.profile, Plays: 1}
		if got := outcomes(t, o, program, prepare+test.script)[0]; got.Status != "pass" {
			t.Errorf("%q, %q: %s %s %+v", test.profile, test.script, got.Status, got.Reason, got.Failure)
		}
	}
}

// However a grader ends, its zones and their programs end with it.
func TestEndsWithTheGrader(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, level := range []sandbox.Level{sandbox.Strong, sandbox.Reduced} {
		t.Run(level.String(), func(t *testing.T) {
			reach(t, level)
			cmd := exec.Command(self)
			tmp := t.TempDir()
			openTo(t, filepath.Dir(tmp))
			cmd.Env = append(os.Environ(), "TMPDIR="+tmp, levelVariable+"="+level.String(),
				graderVariable+"="+built(t, map[string]string{"main.go": endlessly}))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, running)
			cmd.Process.Kill()
			cmd.Wait()
			await(t, func() bool { return !running() })
		})
	}
}

// openTo lets another user through to what lies in a folder.
func openTo(t *testing.T, dir string) {
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
}

// A grading that is given up leaves nothing that runs.
func TestGivenUp(t *testing.T) {
	reach(t, sandbox.Strong)
	ctx, cancel := context.WithCancel(t.Context())
	path := built(t, map[string]string{"main.go": endlessly})
	result := make(chan error)
	go func() {
		_, err := Play(ctx, Options{Level: sandbox.Strong, Plays: 1}, &harness.Player{Program: harness.Program{Path: path}}, []*harness.Scenario{scenario(t, "endless", endless)})
		result <- err
	}()
	await(t, running)
	cancel()
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	await(t, func() bool { return !running() })
}

// running tells whether the endless program runs.
func running() bool {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		if string(text) == sandbox.ProgramPath+"\x00wirebook-endless\x00" {
			return true
		}
	}
	return false
}

func await(t *testing.T, done func() bool) {
	t.Helper()
	for !done() {
		if t.Context().Err() != nil {
			t.Fatal(t.Context().Err())
		}
		runtime.Gosched()
	}
}

// BenchmarkZone compares playing one scenario with a program that ends at once,
// in a zone and in this process, in turns:
//
//	ms/zone, ms/here: the whole play
//	zone-ms:          the difference, which a lesson of a submission costs once
func BenchmarkZone(b *testing.B) {
	reach(b, sandbox.Strong)
	path := built(b, map[string]string{"main.go": "package main\n\nfunc main() {}\n"})
	player := &harness.Player{Program: harness.Program{Path: path, Env: harness.BaseEnvironment()}}
	scenarios := []*harness.Scenario{scenario(b, "ending", "run\n")}
	var zone, here []time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := Play(b.Context(), Options{Level: sandbox.Strong, Plays: 1}, player, scenarios); err != nil {
			b.Fatal(err)
		}
		zone = append(zone, time.Since(start))
		start = time.Now()
		if r := player.PlayAll(b.Context(), scenarios, nil); r[0].Status != harness.Pass {
			b.Fatal(r[0])
		}
		here = append(here, time.Since(start))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(middle(zone), "ms/zone")
	b.ReportMetric(middle(here), "ms/here")
	b.ReportMetric(middle(zone)-middle(here), "zone-ms")
}

func middle(d []time.Duration) float64 {
	return slices.Sorted(slices.Values(d))[len(d)/2].Seconds() * 1000
}

// Whoever is killed was killed by a machine that had no room for it.
func TestShortageOfWhatIsKilled(t *testing.T) {
	for script, want := range map[string]bool{"kill -KILL $$": true, "exit 1": false, "kill -SYS $$": false} {
		if err := exec.Command("sh", "-c", script).Run(); IsShortage(err) != want {
			t.Errorf("a program: %s: %v; want a shortage: %v", script, err, want)
		}
		stdin, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		zone := &process{Cmd: exec.Command("sh", "-c", script), stdin: stdin}
		if err := zone.Start(); err != nil {
			t.Fatal(err)
		}
		if err := zone.explain(errCut); IsShortage(err) != want || !errors.Is(err, errCut) {
			t.Errorf("a zone: %s: %v; want a shortage: %v", script, err, want)
		}
	}
}
