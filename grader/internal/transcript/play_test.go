package transcript_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"wirebook/harness"
	"wirebook/harness/telling"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/transcript"
	"wirebook/grader/internal/workbook"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A replayed is a play of a mutant that was recorded twice: by a recorder and by a
// witness.
type replayed struct {
	*transcript.Transcript
	events []harness.Event
}

// replay plays a scenario with one of a lesson's mutants.
func replay(t *testing.T, l *workbook.Lesson, mutant *workbook.Mutant, scenario string) *replayed {
	t.Helper()
	files, err := mutant.Files(l)
	if err != nil {
		t.Fatal(err)
	}
	tools, err := build.Find(t.Context(), build.Options{Keep: true})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	program := stage.Executable(dir, "program")
	if err := tools.Build(t.Context(), files, program); err != nil {
		t.Fatal(err)
	}
	player, err := (&stage.Stage{Lesson: l, Builder: tools, Dir: dir, Seed: 1}).Player(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	r, err := transcript.NewRecorder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	all := &replayed{}
	lock := make(chan bool, 1)
	player.Observe = func(s *harness.Scenario, e harness.Event) {
		lock <- true
		defer func() { <-lock }()
		r.Observe(s, e)
		e.Data = bytes.Clone(e.Data)
		all.events = append(all.events, e)
	}
	i := slices.IndexFunc(l.Scenarios, func(s *harness.Scenario) bool { return s.Name == scenario })
	result := player.Play(t.Context(), l.Scenarios[i])
	if result.Status != telling.Fail {
		t.Fatalf("%s of %s ended as %s (%v), want that it fails", scenario, mutant.Name, result.Status, result.Err)
	}
	if all.Transcript, err = r.Transcript(result); err != nil {
		t.Fatal(err)
	}
	return all
}

// lessons reads those of the working tree, or skips where there are no solutions.
func lessons(t *testing.T, names ...string) []*workbook.Lesson {
	t.Helper()
	tree, err := workbook.Tree(".")
	if err != nil {
		t.Fatal(err)
	}
	all, err := tree.Select(names)
	if err != nil {
		t.Fatal(err)
	}
	if len(all[0].Mutants) == 0 {
		t.Skip("a student's copy has no solutions to break")
	}
	return all
}

func mutantOf(t *testing.T, l *workbook.Lesson, name string) *workbook.Mutant {
	t.Helper()
	i := slices.IndexFunc(l.Mutants, func(m *workbook.Mutant) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("%s has no mutant %s", l.Name, name)
	}
	return l.Mutants[i]
}

// unsteady is what differs from play to play.
var unsteady = regexp.MustCompile(` *\d+\.\d\d ms|127\.0\.0\.1:\d+`)

func steady(text []byte) []byte {
	return unsteady.ReplaceAllFunc(text, func(found []byte) []byte {
		if bytes.HasSuffix(found, []byte("ms")) {
			return []byte("       T ms")
		}
		return []byte("ADDR")
	})
}

// The text of a play that failed is the same each time, but for times and addresses.
func TestText(t *testing.T) {
	t.Parallel()
	chat := lessons(t, "chat")[0]
	play := replay(t, chat, mutantOf(t, chat, "client-one-read"), "client-pieces")
	for name, options := range map[string]transcript.Options{"text": {}, "hex": {HexOnly: true}} {
		var b bytes.Buffer
		if err := play.Text(&b, options); err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "client-pieces."+name), steady(b.Bytes()))
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}
