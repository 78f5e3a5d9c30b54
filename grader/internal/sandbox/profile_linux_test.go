package sandbox

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseProfile(t *testing.T) {
	for text, good := range map[string]bool{
		"": true, "sockets": true, "sockets s": false, "runs bin": true, "runs a/b": true,
		"runs": false, "runs ": false, "runs ../bin": false, "runs /bin": false, "runs ..": false, "runs a/../../b": false, "tool": false, "run bin": false,
	} {
		p, err := ParseProfile(text)
		if (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
		if said := strings.TrimSpace(p.Name + " " + p.Folder); good && said != text {
			t.Errorf("%q is read as %q", text, said)
		}
	}
}

// A program that runs others runs those in its folder, and no more.
func TestRuns(t *testing.T) {
	profile, err := ParseProfile("runs bin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ try, strong, reduced string }{
		{"run bin/attack itself", `ok: it printed "ok: \n"`, `ok: it printed "ok: \n"`},
		{"run bin/attack read /etc/hosts", `ok: it printed "ok: `, `ok: it printed "ok: `},
		{"run bin/attack read /etc/shadow", `ok: it printed "refused: open`, `ok: it printed "refused: open`},
		{"stop bin/attack", "ok: signal: killed", "ok: signal: killed"},
		{"run bin/attack mark", `ok: it printed "refused: operation not permitted`, `ok: it printed "refused: operation not permitted`},
		{"old-mark", "refused: operation not permitted", "refused: operation not permitted"},
		{"exec-in-w", "refused: permission denied", "refused: permission denied"},
		{"run /bin/sh", "refused: ", "refused: fork/exec /bin/sh: permission denied"},
		{"write bin/more", "refused: open bin/more: read-only file system", "ok:"},
		{"unshare", "refused: operation not permitted", "refused: operation not permitted"},
		{"namespace", "refused: operation not permitted", "refused: operation not permitted"},
		{"ptrace", "refused: operation not permitted", "refused: operation not permitted"},
		{"mount", "refused: operation not permitted", "refused: operation not permitted"},
		{"netlink", "refused: operation not permitted", "refused: operation not permitted"},
		{"capabilities", "ok: [0 0 0 0 0 0]", "ok: [0 0 0 0 0 0]"},
	}
	if v, err := landlockVersion(); err != nil || v < scopedFrom {
		t.Log("no program is stopped at reduced: this kernel's Landlock has version", v, err)
		tests = slices.DeleteFunc(tests, func(test struct{ try, strong, reduced string }) bool { return test.try == "stop bin/attack" })
	}
	for _, level := range []Level{Strong, Reduced} {
		for _, test := range tests {
			t.Run(level.String()+"/"+test.try, func(t *testing.T) {
				want := test.strong
				if level == Reduced {
					want = test.reduced
				}
				got := startedAs(t, profile, level, strings.Fields(test.try)...).end()
				// What is left behind says so on the same output, first or last.
				if got = strings.TrimPrefix(got, "ready\n"); !strings.HasPrefix(got, want) {
					t.Errorf("%s; want %s", got, want)
				}
			})
		}
	}
}

// What a program leaves behind ends with it, wherever it has gone.
func TestRunsLeaveNothing(t *testing.T) {
	if notStrong != "" {
		t.Skip("no namespaces here:", notStrong)
	}
	dir := workDir(t, Strong)
	if err := os.CopyFS(filepath.Join(dir, "bin"), os.DirFS(filepath.Dir(os.Getenv(zoneVariable)))); err != nil {
		t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("attack", "leave", "bin/attack")
	cmd.Stdout = w
	release, err := Program(Strong, Profile{runs, "bin"}, os.Getenv(zoneVariable), dir, "").Start(cmd)
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	said := bufio.NewReader(r)
	var got []string
	for range 2 {
		line, err := said.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{"ok: it is left\n", "ready\n"}) {
		t.Fatalf("program and child say %q", got)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(said); err != nil || len(rest) > 0 {
		t.Errorf("of what was left came %q, %v; want its end", rest, err)
	}
}

// Where signals cannot be kept among a program and its children, there are none.
func TestPossible(t *testing.T) {
	for _, test := range []struct {
		profile  Profile
		landlock int
		possible bool
	}{
		{Profile{}, leastLandlock, true}, {Profile{runs, "bin"}, scopedFrom - 1, false}, {Profile{runs, "bin"}, scopedFrom, true},
	} {
		if err := test.profile.possible(test.landlock); (err == nil) != test.possible {
			t.Errorf("%q with version %d: %v", test.profile.Name, test.landlock, err)
		}
	}
	if err := (Profile{runs, "bin"}).Possible(Strong); err != nil {
		t.Error(err)
	}
}

// Other programs have no folder of programs, whoever put one there.
func TestRunsNothing(t *testing.T) {
	if got := startedAs(t, Profile{Folder: "bin"}, Strong, "run", "bin/attack").end(); !strings.HasPrefix(got, "refused: ") {
		t.Error(got)
	}
}
