package grade

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"wirebook/grader/internal/result"
)

// A fake is a folder of results to be written.
type fake struct {
	workbook, toolchain, sandbox string
	seed                         int64
	shard                        *Part
	names                        []string // all that are to be there
	lost                         string   // the one that is not there yet
	digest                       string   // of what was handed in
}

// write makes a folder of results called name.
func (f fake) write(t *testing.T, name string) string {
	dir := filepath.Join(t.TempDir(), name)
	folder, err := OpenFolder(dir, f.workbook, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.Begin(Manifest{Workbook: f.workbook, Seed: f.seed, Lessons: []string{"greet"}, Submissions: f.names, Shard: f.shard}); err != nil {
		t.Fatal(err)
	}
	for _, name := range f.names {
		if name == f.lost {
			continue
		}
		s := &result.Submission{Schema: result.Schema, Submission: name, Workbook: f.workbook,
			Toolchain: f.toolchain, Seed: f.seed, Sandbox: f.sandbox, Lessons: []result.Lesson{{Lesson: "greet", Digest: f.digest}}}
		if err := folder.save(s); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestMergeRefuses(t *testing.T) {
	class := digestNames([]string{"ann", "bob"})
	first := fake{"book", "go1.26.8", "strong", 7, &Part{1, 2, class}, []string{"ann"}, "", "1"}
	second := first
	second.shard, second.names = &Part{2, 2, class}, []string{"bob"}
	tests := []struct {
		name   string
		change func(f *fake) // of the second shard
		want   []string      // in the error; none where they fit
	}{
		{"as it should be", func(*fake) {}, nil},
		{"another workbook", func(f *fake) { f.workbook = "other" }, []string{"one", "two", "two workbooks"}},
		{"another seed", func(f *fake) { f.seed = 8 }, []string{"one", "two", "two seeds (7 and 8)"}},
		{"another toolchain", func(f *fake) { f.toolchain = "go1.27" }, []string{"one", "two", "two toolchains (go1.26.8 and go1.27)"}},
		{"another sandbox", func(f *fake) { f.sandbox = "plain" }, []string{"one", "two", "two sandbox levels (strong and plain)"}},
		{"another split", func(f *fake) { f.shard = &Part{2, 3, class} }, []string{"one", "two", "different splits"}},
		{"another class", func(f *fake) { f.shard = &Part{2, 2, "?"} }, []string{"one", "two", "has changed"}},
		{"the same shard twice", func(f *fake) { f.shard, f.names = &Part{1, 2, class}, []string{"ann"} }, []string{"one", "shard 2/2"}},
		{"a name in both, alike", func(f *fake) { f.names = []string{"ann", "bob"} }, nil},
		{"a name in both, not alike", func(f *fake) { f.names, f.digest = []string{"ann", "bob"}, "2" }, []string{"one", "two", `contradict each other about "ann"`}},
		{"a result to come", func(f *fake) { f.lost = "bob" }, []string{"two", `no result of "bob" yet`}},
		{"a name too few", func(f *fake) { f.names = nil }, []string{"one", "not the class"}},
		{"a whole class beside a shard", func(f *fake) { f.shard = nil }, []string{"one", "shard 2/2"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			two := second
			test.change(&two)
			_, m, err := Merge([]string{first.write(t, "one"), two.write(t, "two")}, filepath.Join(t.TempDir(), "out"))
			if test.want == nil {
				if err != nil || strings.Join(m.Submissions, " ") != "ann bob" || m.Shard != nil {
					t.Errorf("merged %+v, %v; want ann and bob", m, err)
				}
				return
			}
			var other *OtherError
			if !errors.As(err, &other) {
				t.Fatalf("error %v; want an OtherError", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v; want %q in it", err, want)
				}
			}
		})
	}
}

// A folder keeps to one shard of a class.
func TestFolderOfAnotherShard(t *testing.T) {
	dir := fake{"book", "go1.26.8", "strong", 7, &Part{1, 2, "c"}, []string{"ann"}, "", ""}.write(t, "one")
	for _, replace := range []bool{false, true} {
		folder, err := OpenFolder(dir, "book", replace)
		if err != nil {
			t.Fatal(err)
		}
		err = folder.Begin(Manifest{Workbook: "book", Seed: 7, Shard: &Part{2, 2, "c"}})
		if (err == nil) != replace {
			t.Errorf("replace %v: error %v; want one unless the results are replaced", replace, err)
		}
	}
}

// Two graders do not write to one folder.
func TestFolderIsLocked(t *testing.T) {
	dir := t.TempDir()
	var folders []*Folder
	for range 2 {
		f, err := OpenFolder(dir, "book", false)
		if err != nil {
			t.Fatal(err)
		}
		folders = append(folders, f)
	}
	if err := folders[0].Lock(); err != nil {
		t.Fatal(err)
	}
	if err := folders[1].Lock(); err == nil || !strings.Contains(err.Error(), "another grader") {
		t.Errorf("error %v; want that another grader writes there", err)
	}
	folders[0].Unlock()
	if err := folders[1].Lock(); err != nil {
		t.Errorf("after it was unlocked: %v", err)
	}
}
