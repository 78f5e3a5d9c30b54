package harness_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// bareTest is the least that a lesson's test could be.
const bareTest = `package main

import "testing"

func TestNothing(t *testing.T) {}
`

// BenchmarkStudentLoop measures what a student waits for after an edit of a
// solved lesson, as ratios of medians taken in turns:
//
//	play/link: `go test ./exercises/chat`, to the same without running the tests
//	link/bare: that, to the same package with a test that imports only testing
func BenchmarkStudentLoop(b *testing.B) {
	loop := newLoop(b, "chat")
	var played, linked, bare []time.Duration
	for b.Loop() {
		loop.useTest(loop.lessonTest)
		played = append(played, loop.goTest("test", loop.pkg))
		linked = append(linked, loop.goTest("test", "-exec", "true", loop.pkg))
		loop.useTest(bareTest)
		bare = append(bare, loop.goTest("test", "-exec", "true", loop.pkg))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(played).Seconds(), "s/play")
	b.ReportMetric(ratio(played, linked), "play/link")
	b.ReportMetric(ratio(linked, bare), "link/bare")
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

func ratio(a, b []time.Duration) float64 { return float64(median(a)) / float64(median(b)) }

// A loop is a copy of the workbook in which one lesson is solved.
type loop struct {
	b                *testing.B
	root, pkg        string
	source, testFile string
	original         []byte
	lessonTest       string
	edits            int
}

func newLoop(b *testing.B, lesson string) *loop {
	l := &loop{b: b, root: b.TempDir(), pkg: "./exercises/" + lesson}
	for _, dir := range []string{"harness", "exercises"} {
		l.must(os.CopyFS(filepath.Join(l.root, dir), os.DirFS(filepath.Join("..", dir))))
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		l.write(filepath.Join(l.root, file), l.read(filepath.Join("..", file)))
	}
	folder := filepath.Join(l.root, "exercises", lesson)
	solved, err := filepath.Glob(filepath.Join("..", "solutions", lesson, "*.go"))
	l.must(err)
	for _, file := range solved {
		l.write(filepath.Join(folder, filepath.Base(file)), l.read(file))
	}
	l.source = filepath.Join(folder, "main.go")
	l.testFile = filepath.Join(folder, "main_test.go")
	l.original = l.read(l.source)
	l.lessonTest = string(l.read(l.testFile))
	return l
}

func (l *loop) must(err error) {
	if err != nil {
		l.b.Fatal(err)
	}
}

func (l *loop) read(name string) []byte {
	data, err := os.ReadFile(name)
	l.must(err)
	return data
}

func (l *loop) write(name string, data []byte) { l.must(os.WriteFile(name, data, 0o666)) }

func (l *loop) useTest(source string) { l.write(l.testFile, []byte(source)) }

// goTest edits the lesson and runs the go command on it.
func (l *loop) goTest(args ...string) time.Duration {
	l.edits++
	l.write(l.source, fmt.Appendf(slices.Clip(l.original), "\nvar edit%d = %[1]d\n", l.edits))
	cmd := exec.Command("go", args...)
	cmd.Dir = l.root
	start := time.Now()
	out, err := cmd.CombinedOutput()
	elapsed := time.Since(start)
	if err != nil {
		l.b.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return elapsed
}
