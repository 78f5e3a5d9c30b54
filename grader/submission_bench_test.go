//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkSubmission compares the processor time of all processes for one
// submission that nobody has seen before, a whole solution of the lessons
// subnet and chat:
//
//	grade/gotest: the grader, which plays the hidden scenarios too, to
//	              `go test` of the two exercises in a copy of the workbook
func BenchmarkSubmission(b *testing.B) {
	lessons := []string{"subnet", "chat"}
	s := newSubmission(b, lessons)
	var graded, tested []time.Duration
	for b.Loop() {
		s.edit()
		graded = append(graded, s.run(s.class, s.grader, append([]string{"grade", ".", "-o", s.results, "--regrade"}, lessons...)...))
		s.edit()
		tested = append(tested, s.run(s.workbook, "go", "test", "./exercises/subnet", "./exercises/chat"))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(graded).Seconds(), "cpu-s/grade")
	b.ReportMetric(median(tested).Seconds(), "cpu-s/gotest")
	b.ReportMetric(float64(median(graded))/float64(median(tested)), "grade/gotest")
}

// A submission stands twice: in a class, and solved in a workbook of its own.
type submission struct {
	b                                *testing.B
	class, workbook, results, grader string
	sources                          map[string][]byte // the files to edit, as they were
	edits                            int
}

func newSubmission(b *testing.B, lessons []string) *submission {
	dir := b.TempDir()
	s := &submission{
		b:        b,
		class:    filepath.Join(dir, "class"),
		workbook: filepath.Join(dir, "workbook"),
		results:  filepath.Join(dir, "results"),
		grader:   filepath.Join(dir, "grader"),
		sources:  make(map[string][]byte),
	}
	s.run(".", "go", "build", "-o", s.grader, ".")
	for _, part := range []string{"harness", "exercises"} {
		s.must(os.CopyFS(filepath.Join(s.workbook, part), os.DirFS(filepath.Join("..", part))))
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		s.copy(filepath.Join("..", file), filepath.Join(s.workbook, file))
	}
	for _, lesson := range lessons {
		files, err := filepath.Glob(filepath.Join("..", "solutions", lesson, "*.go"))
		s.must(err)
		for _, file := range files {
			for _, folder := range []string{filepath.Join(s.class, "student"), filepath.Join(s.workbook, "exercises")} {
				to := filepath.Join(folder, lesson, filepath.Base(file))
				s.copy(file, to)
				if filepath.Base(file) == "main.go" {
					s.sources[to] = s.read(to)
				}
			}
		}
	}
	return s
}

// edit makes the submission one that no cache knows.
func (s *submission) edit() {
	s.edits++
	for file, source := range s.sources {
		s.must(os.WriteFile(file, fmt.Appendf(slices.Clip(source), "\nvar edit%d = %[1]d\n", s.edits), 0o666))
	}
}

// run runs a command and returns the processor time of all its processes.
func (s *submission) run(dir, name string, args ...string) time.Duration {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		s.b.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (s *submission) copy(from, to string) {
	s.must(os.MkdirAll(filepath.Dir(to), 0o777))
	s.must(os.WriteFile(to, s.read(from), 0o666))
}

func (s *submission) read(file string) []byte {
	data, err := os.ReadFile(file)
	s.must(err)
	return data
}

func (s *submission) must(err error) {
	if err != nil {
		s.b.Fatal(err)
	}
}

// median is the middle of some times, of which there is at least one.
func median(d []time.Duration) time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }
