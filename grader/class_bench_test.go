//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/cache"
	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/workbook"
	"wirebook/grader/internal/zone"
)

// classVariable says how many submissions BenchmarkClass grades.
const classVariable = "WIREBOOK_BENCH_CLASS"

// BenchmarkClass grades a generated class and prints a table. Times are those
// of processors, of all processes together, unless the table says otherwise:
//
//	go test ./grader -run '^$' -bench Class -benchtime 1x
//
// It takes some minutes for each ten submissions.
func BenchmarkClass(b *testing.B) {
	n := 10
	if text := os.Getenv(classVariable); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			b.Fatalf("%s=%q: want a number from 1", classVariable, text)
		}
	}
	for b.Loop() {
		newClassBench(b, n).run()
	}
	b.ReportMetric(0, "ns/op")
}

// A classBench is a class and what grades it.
type classBench struct {
	b              *testing.B
	n              int
	dir            string
	generator      *classGenerator
	grader, public string // the grader, and one that knows the public scenarios alone
	tools          *build.Toolchain
	table          *tabwriter.Writer
}

func newClassBench(b *testing.B, n int) *classBench {
	book, err := workbook.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		b.Fatal(err)
	}
	tools, err := build.Find(b.Context(), build.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := &classBench{
		b: b, n: n, dir: b.TempDir(), generator: &classGenerator{lessons: lessons}, tools: tools,
		table: tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0),
	}
	c.grader, c.public = c.path("grader"), c.path("public")
	c.command(".", "go", "build", "-o", c.grader, ".")
	c.copyTree(c.path("tree"), func(path string) bool { return strings.Contains(path, "testdata/hidden") })
	c.command(c.path("tree"), "go", "build", "-o", c.public, "./grader")
	c.generator.write(b, c.path("class"), n, 0)
	return c
}

func (c *classBench) run() {
	fmt.Fprintf(c.table, "%d submissions of %d lessons\n", c.n, len(c.generator.lessons))
	plain := c.grade(c.grader, "class", sandbox.Plain)
	plainPublic := c.grade(c.public, "class", sandbox.Plain)
	tested := c.test()
	c.row("build and play, plain", plain.cpu, "")
	if err := zone.Probe(c.b.Context(), sandbox.Strong); err != nil {
		fmt.Fprintf(c.table, "strong: not reached here: %v\n", err)
		c.row("go test to build and play, plain, public scenarios", plainPublic.cpu, c.ratio(tested, plainPublic.cpu))
		c.flush()
		return
	}
	strong := c.grade(c.grader, "class", sandbox.Strong)
	again := c.grade(c.grader, "class", sandbox.Strong)
	c.write(c.path("nobody", "student", "notes.txt"), "")
	alone := c.grade(c.grader, "nobody", sandbox.Strong)
	disk := c.kept()
	strongPublic := c.grade(c.public, "class", sandbox.Strong)
	starts, base := c.base()
	c.generator.write(c.b, c.path("hanging"), c.n, (c.n+9)/10)
	hanging := c.grade(c.grader, "hanging", sandbox.Strong)

	c.row("build and play, strong", strong.cpu, "")
	c.row(fmt.Sprintf("base: compile, link, %d program starts, strong", starts), base*time.Duration(c.n), "")
	c.row("(a) build and play to the base; aim 1.5", 0, c.ratio(strong.cpu, base*time.Duration(c.n)))
	c.row("go test ./exercises/...", tested, "")
	c.row("(b) go test to ours, strong, public scenarios; aim 3", strongPublic.cpu, c.ratio(tested, strongPublic.cpu))
	c.row("(b) go test to ours, plain, public scenarios; aim 4.5", plainPublic.cpu, c.ratio(tested, plainPublic.cpu))
	c.row("(c) an unchanged class again, without what a run takes with nothing to grade; aim 0.005 s", again.cpu-alone.cpu, "")
	fmt.Fprintf(c.table, "(d) peak memory of the grader itself\t%.1f MB\n", float64(max(strong.peak, hanging.peak))/1e6)
	fmt.Fprintf(c.table, "(e) disk kept, results and cache; aim 50 KB\t%.1f KB a submission\n", float64(disk)/float64(c.n)/1e3)
	fmt.Fprintf(c.table, "(f) one in ten hangs, to none, wall time; aim 2\t%v, %v\t%s\n", hanging.wall.Round(time.Second), strong.wall.Round(time.Second), c.ratio(hanging.wall, strong.wall))
	c.flush()
}

// row is a time of the whole class, as of one submission, or a ratio.
func (c *classBench) row(what string, whole time.Duration, ratio string) {
	each := ""
	if whole > 0 {
		each = fmt.Sprintf("%.4f s a submission", whole.Seconds()/float64(c.n))
	}
	fmt.Fprintf(c.table, "%s\t%s\t%s\n", what, each, ratio)
}

func (c *classBench) ratio(a, b time.Duration) string {
	return fmt.Sprintf("%.2f", float64(a)/float64(b))
}

func (c *classBench) flush() {
	if err := c.table.Flush(); err != nil {
		c.b.Fatal(err)
	}
}

func (c *classBench) path(name ...string) string {
	return filepath.Join(append([]string{c.dir}, name...)...)
}

// A use is what a run of a program took.
type use struct {
	cpu, wall time.Duration
	peak      int64 // bytes of memory of the program itself, 0 where it is not known
}

// grade grades a class at a level.
func (c *classBench) grade(grader, class string, level sandbox.Level) use {
	out := c.path("out", class, filepath.Base(grader), level.String())
	cmd := exec.Command(grader, "grade", class, "-o", filepath.Join(out, "results"), "--seed", "1", "--sandbox", level.String(), "--allow-unsandboxed")
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), cache.Variable+"="+filepath.Join(out, "cache"))
	u, err := c.measure(cmd)
	if err != nil {
		c.b.Log(err) // what could not be graded took its time as well
	}
	return u
}

// command runs a command, which has to succeed.
func (c *classBench) command(dir, name string, args ...string) use {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	u, err := c.measure(cmd)
	if err != nil {
		c.b.Fatal(err)
	}
	return u
}

func (c *classBench) measure(cmd *exec.Cmd) (use, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		c.b.Fatal(err)
	}
	ended := make(chan struct{})
	peak := make(chan int64)
	go func() { peak <- watchPeak(cmd.Process.Pid, ended) }()
	err := cmd.Wait()
	close(ended)
	u := use{wall: time.Since(start), peak: <-peak}
	if err != nil {
		err = fmt.Errorf("%v: %w\n%s", cmd, err, &out)
	}
	r := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	u.cpu = time.Duration(r.Utime.Nano() + r.Stime.Nano())
	return u, err
}

// watchPeak returns the peak of a process's memory, as it was shortly before its
// end. The system's own account counts its children, too.
func watchPeak(pid int, ended <-chan struct{}) (peak int64) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if _, rest, found := strings.Cut(string(text), "VmHWM:"); found {
			kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err == nil {
				peak = kilobytes << 10
			}
		}
		select {
		case <-tick.C:
		case <-ended:
			return peak
		}
	}
}

// test runs each submission's exercises under go test.
func (c *classBench) test() (sum time.Duration) {
	for i := range c.n {
		for _, l := range c.generator.lessons {
			from, to := c.path("class", fmt.Sprintf("student-%03d", i), l.Name), c.path("tree", "exercises", l.Name)
			old, err := filepath.Glob(filepath.Join(to, "*.go"))
			if err != nil {
				c.b.Fatal(err)
			}
			for _, file := range old {
				if filepath.Base(file) == "main_test.go" {
					continue
				}
				if err := os.Remove(file); err != nil {
					c.b.Fatal(err)
				}
			}
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				c.b.Fatal(err)
			}
		}
		cmd := exec.Command("go", "test", "./exercises/...")
		cmd.Dir = c.path("tree")
		u, err := c.measure(cmd)
		if err != nil {
			c.b.Log(err)
		}
		sum += u.cpu
	}
	return sum
}

// copyTree copies the workbook but for what is left out.
func (c *classBench) copyTree(to string, without func(path string) bool) {
	for _, name := range []string{"go.mod", "go.sum", "harness", "exercises", "solutions", "grader"} {
		root := filepath.Join("..", name)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || without(filepath.ToSlash(path)) {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			target := filepath.Join(to, strings.TrimPrefix(path, ".."))
			if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
				return err
			}
			return os.WriteFile(target, text, 0o666)
		})
		if err != nil {
			c.b.Fatal(err)
		}
	}
}

// kept is how much a graded class keeps on the disk.
func (c *classBench) kept() (bytes int64) {
	err := filepath.WalkDir(c.path("out", "class", "grader", sandbox.Strong.String()), func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	if err != nil {
		c.b.Fatal(err)
	}
	return bytes
}

func (c *classBench) output(dir, name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		c.b.Fatalf("%v: %v", cmd, err)
	}
	return string(out)
}

func (c *classBench) write(path, text string) {
	err := os.MkdirAll(filepath.Dir(path), 0o777)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o666)
	}
	if err != nil {
		c.b.Fatal(err)
	}
}
