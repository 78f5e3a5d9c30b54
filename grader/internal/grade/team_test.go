package grade

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/intake"
)

// teamClass is a class in which two of three hand in together.
func teamClass(t *testing.T) []intake.Entry {
	t.Helper()
	dir := t.TempDir()
	for team, text := range map[string]string{"red": greeter, "zoe": strings.Replace(greeter, "hello", "hallo", 1)} {
		path := filepath.Join(dir, team, "greet", "main.go")
		err := os.MkdirAll(filepath.Dir(path), 0o777)
		if err == nil {
			err = os.WriteFile(path, []byte(text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	class, err := intake.OpenClass(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { class.Close() })
	teams, err := intake.ParseTeams([]byte("team,student\nred,ann\nred,bob\n"))
	if err == nil {
		err = class.Divide(teams)
	}
	if err != nil {
		t.Fatal(err)
	}
	return class.Entries
}

// A team's hand-in is built once, and is the result of each member.
func TestTeamIsPlayedOnce(t *testing.T) {
	g, out := newGrader(t, newBook(t, nil)), filepath.Join(t.TempDir(), "out")
	entries := teamClass(t)
	if diff := cmp.Diff([]string{"ann graded", "bob graded", "zoe graded"}, gradeClass(t, g, entries, out)); diff != "" {
		t.Fatalf("the first run (-want +got):\n%s", diff)
	}
	// One of them is that of the workbook's own program.
	if builds := g.builder.(*counting).builds.Load(); builds != 3 {
		t.Errorf("%d builds; want 3", builds)
	}
	folder := &Folder{dir: out}
	for name, want := range map[string]string{"ann": "red 3", "bob": "red 3", "zoe": " 1"} {
		s, err := folder.Read(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(s.Team, " ", points(s.Score)); got != want || s.Submission != name {
			t.Errorf("%s: %q of %q; want %q", name, got, s.Submission, want)
		}
	}
	if diff := cmp.Diff([]string{"ann kept", "bob kept", "zoe kept"}, gradeClass(t, g, entries, out)); diff != "" {
		t.Errorf("the second run (-want +got):\n%s", diff)
	}
}

// The members of a team are in one shard.
func TestTeamStaysTogether(t *testing.T) {
	entries := teamClass(t)
	var shards []string
	for i := 1; i <= 2; i++ {
		mine, _ := Shard(entries, i, 2)
		var names []string
		for _, e := range mine {
			names = append(names, e.Name)
		}
		shards = append(shards, strings.Join(names, " "))
	}
	if got := strings.Join(shards, ", "); got != "ann bob, zoe" && got != "zoe, ann bob" {
		t.Errorf("the shards are %s; want ann with bob", got)
	}
}
