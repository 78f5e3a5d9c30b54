package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseShard(t *testing.T) {
	tests := []struct {
		flag, environment string
		want              shard
		err               string
	}{
		{"", "", shard{}, ""},
		{"2/4", "", shard{2, 4, "--shard"}, ""},
		{"1/1", "JOB_COMPLETION_INDEX=5", shard{1, 1, "--shard"}, ""},
		{"", "CI_NODE_INDEX=1 CI_NODE_TOTAL=3", shard{1, 3, "CI_NODE_INDEX"}, ""},
		{"", "CI_NODE_INDEX=3 CI_NODE_TOTAL=3", shard{3, 3, "CI_NODE_INDEX"}, ""},
		{"", "CI_NODE_TOTAL=1", shard{}, ""}, // as GitLab sets it without parallel
		{"", "JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=3", shard{1, 3, "JOB_COMPLETION_INDEX"}, ""},
		{"", "JOB_COMPLETION_INDEX=2 JOB_COMPLETIONS=3", shard{3, 3, "JOB_COMPLETION_INDEX"}, ""},
		{"/5", "JOB_COMPLETION_INDEX=4", shard{5, 5, "JOB_COMPLETION_INDEX"}, ""},
		{"/5", "CI_NODE_INDEX=5 CI_NODE_TOTAL=9", shard{5, 5, "CI_NODE_INDEX"}, ""},
		{"", "CI_NODE_INDEX=2 CI_NODE_TOTAL=2 JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=7", shard{2, 2, "CI_NODE_INDEX"}, ""},
		{"0/4", "", shard{}, `--shard "0/4": the shards are counted from 1 to 4`},
		{"5/4", "", shard{}, "counted from 1 to 4"},
		{"1/0", "", shard{}, "not a whole number from 1"},
		{"1/x", "", shard{}, "not a whole number from 1"},
		{"2", "", shard{}, `--shard "2": want i/n`},
		{"/4", "", shard{}, "neither CI_NODE_INDEX nor JOB_COMPLETION_INDEX"},
		{"", "CI_NODE_INDEX=0 CI_NODE_TOTAL=3", shard{}, "counted from 1 to 3"},
		{"", "CI_NODE_INDEX=1", shard{}, "nothing tells of how many"},
		{"", "JOB_COMPLETION_INDEX=3 JOB_COMPLETIONS=3", shard{}, "counted from 0 to 2"},
		{"", "JOB_COMPLETION_INDEX=1", shard{}, "give --shard /n"},
	}
	for _, test := range tests {
		t.Run(test.flag+" "+test.environment, func(t *testing.T) {
			lookup := func(name string) (string, bool) {
				for _, pair := range strings.Fields(test.environment) {
					if value, ok := strings.CutPrefix(pair, name+"="); ok {
						return value, true
					}
				}
				return "", false
			}
			got, err := parseShard(test.flag, lookup)
			if got != test.want {
				t.Errorf("shard %+v; want %+v", got, test.want)
			}
			if (err == nil) != (test.err == "") || (err != nil && !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v; want %q", err, test.err)
			}
		})
	}
}

// unplayed are submissions of the sample that are graded without a play.
var unplayed = []string{"untouched", "no-lesson", "not-compiling", "forbidden-import", "forged-pass"}

// newUnplayedClass makes a class of several of each, and of two hand-ins of one
// name, which is an error of the class.
func newUnplayedClass(t *testing.T) string {
	class := t.TempDir()
	hands := make(map[string]string)
	for i := range 3 {
		for _, name := range unplayed[:4] {
			hands[fmt.Sprintf("%s-%d", name, i)] = name
		}
	}
	take(t, class, hands)
	for _, name := range []string{"twice.zip", "twice.tar"} {
		if err := os.WriteFile(filepath.Join(class, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return class
}

// mustRun obeys a command line that ends with this status.
func mustRun(t *testing.T, want int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, said bytes.Buffer
	if status := run(t.Context(), args, &out, &said); status != want {
		t.Fatalf("grader %s: exit status %d; want %d\n%s", strings.Join(args, " "), status, want, &said)
	}
	return out.String(), said.String()
}

// resultFiles reads a folder of results, but for what may differ between two
// runs.
func resultFiles(t *testing.T, dir string) map[string]string {
	all := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".lock" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Whatever a class is split into, its shards together are one run's results,
// byte for byte.
func TestShardsMerge(t *testing.T) {
	needsAll(t)
	class, whole := newUnplayedClass(t), filepath.Join(t.TempDir(), "whole")
	printed, _ := mustRun(t, exitIncomplete, "grade", class, "subnet", "-o", whole, "--seed", "5")
	want := resultFiles(t, whole)
	for _, count := range []int{1, 2, 3, 13, 20} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			dir := t.TempDir()
			merge := []string{"merge", "-o", filepath.Join(dir, "merged")}
			for i := count; i >= 1; i-- { // in any order
				out := filepath.Join(dir, fmt.Sprint(i))
				var said bytes.Buffer
				run(t.Context(), []string{"grade", class, "subnet", "-o", out, "--seed", "5", "--shard", fmt.Sprintf("%d/%d", i, count)}, &said, &said)
				merge = append(merge, out)
				// Each has a result and a page.
				if size := (len(resultFiles(t, out)) - 3) / 2; size < 13/count || size > (13+count-1)/count {
					t.Errorf("shard %d/%d has %d of 13 submissions; want a fair part\n%s", i, count, size, &said)
				}
			}
			again, _ := mustRun(t, exitIncomplete, merge...)
			if diff := cmp.Diff(want, resultFiles(t, filepath.Join(dir, "merged"))); diff != "" {
				t.Errorf("the merged results (-whole +merged):\n%s", diff)
			}
			if diff := cmp.Diff(printed, again); diff != "" {
				t.Errorf("printed (-whole +merged):\n%s", diff)
			}
		})
	}
}

// A report made again is the report that was made.
func TestReport(t *testing.T) {
	needsAll(t)
	class, out := newUnplayedClass(t), filepath.Join(t.TempDir(), "out")
	printed, _ := mustRun(t, exitIncomplete, "grade", class, "subnet", "-o", out, "--seed", "5")
	want := resultFiles(t, out)
	if again, _ := mustRun(t, exitIncomplete, "report", out); again != printed {
		t.Errorf("printed %q; want %q", again, printed)
	}
	if csv, _ := mustRun(t, exitIncomplete, "report", out, "--format", "csv"); csv != want["class.csv"] {
		t.Errorf("csv %q; want %q", csv, want["class.csv"])
	}
	for _, lost := range []string{"class.csv", "index.html"} {
		if err := os.Remove(filepath.Join(out, lost)); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, exitIncomplete, "report", out, "--write")
	if diff := cmp.Diff(want, resultFiles(t, out)); diff != "" {
		t.Errorf("the folder (-before +again):\n%s", diff)
	}
	if err := os.Remove(filepath.Join(out, "no-lesson-1", "result.json")); err != nil {
		t.Fatal(err)
	}
	if _, said := mustRun(t, exitIncomplete, "report", out); !strings.Contains(said, "1 of 13 submissions have no result yet") || !strings.Contains(said, "no-lesson-1") {
		t.Errorf("said %q; want that no-lesson-1 has no result", said)
	}
}
