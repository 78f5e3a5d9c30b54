//go:build unix

package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"wirebook/harness"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/source"
	"wirebook/grader/internal/stage"
	"wirebook/grader/internal/workbook"
	"wirebook/grader/internal/zone"
)

// base is the least that grading one submission could take: its lessons
// compiled and linked by the bare tools, and as many programs started in
// the sandbox as its scenarios start, each of which ends at once.
func (c *classBench) base() (starts int, took time.Duration) {
	took = c.bareTools()
	for _, l := range c.generator.lessons {
		n := c.starts(l)
		starts += n
		ending := source.Files{"end.go": []byte("package main\n\nimport \"os\"\n\nfunc init() { os.Exit(0) }\n")}
		for name, text := range l.Solution {
			ending[name] = text
		}
		path := c.path(l.Name + "-ending")
		if err := c.tools.Build(c.b.Context(), ending, path); err != nil {
			c.b.Fatal(err)
		}
		text := "# Programs that end at once. (1 point)\n" + strings.Repeat("run\n", n)
		scenario, err := harness.ParseScenario("ending.txtar", []byte(text))
		if err != nil {
			c.b.Fatal(err)
		}
		scenario.Lesson = l.Name
		before := children(c.b)
		outcomes, err := zone.Play(c.b.Context(), zone.Options{Level: sandbox.Strong, Plays: 1}, &harness.Player{Program: stage.Program(path)}, []*harness.Scenario{scenario})
		if err != nil || outcomes[0].Status != "pass" {
			c.b.Fatalf("%d programs that end at once: %v, %+v", n, err, outcomes)
		}
		took += children(c.b) - before
	}
	return starts, took
}

// starts counts how many programs of a student's the scenarios of a lesson
// start.
func (c *classBench) starts(l *workbook.Lesson) int {
	path := stage.Executable(c.dir, l.Name)
	if err := c.tools.Build(c.b.Context(), l.Solution, path); err != nil {
		c.b.Fatal(err)
	}
	player, err := (&stage.Stage{Lesson: l, Builder: c.tools, Dir: c.dir, Seed: 1}).Player(c.b.Context(), path)
	if err != nil {
		c.b.Fatal(err)
	}
	var n atomic.Int32
	player.Launch = func(cmd *exec.Cmd) error {
		n.Add(1)
		return cmd.Start()
	}
	for _, r := range player.PlayAll(context.WithoutCancel(c.b.Context()), l.Scenarios, nil) {
		if r.Status != harness.Pass {
			c.b.Logf("%s/%s: %v", l.Name, r.Scenario.Name, r.Status)
		}
	}
	return int(n.Load())
}

// bareTools compiles and links a submission's lessons.
func (c *classBench) bareTools() time.Duration {
	dir := c.path("bare")
	tools := strings.TrimSpace(c.output(".", "go", "env", "GOTOOLDIR"))
	tool := func(dir, name string, args ...string) time.Duration {
		return c.command(dir, "env", append([]string{"GOGC=off", filepath.Join(tools, name)}, args...)...).cpu
	}
	paths := []string{"runtime"}
	for _, l := range c.generator.lessons {
		paths = append(paths, l.Solution.Imports()...)
	}
	slices.Sort(paths)
	exports, err := c.tools.Exports(c.b.Context(), slices.DeleteFunc(slices.Compact(paths), func(p string) bool {
		return p == "syscall/js" || p == "unsafe"
	}))
	if err != nil {
		c.b.Fatal(err)
	}
	var config strings.Builder
	for path, file := range exports {
		if file != "" {
			fmt.Fprintf(&config, "packagefile %s=%s\n", path, file)
		}
	}
	c.write(filepath.Join(dir, "importcfg"), config.String())
	var took time.Duration
	for _, l := range c.generator.lessons {
		object := "../" + l.Name + ".a"
		args := []string{"-o", object, "-p", "main", "-complete", "-importcfg", "../importcfg", "-pack"}
		files := c.thisSystem(l)
		for _, name := range files.Names() {
			c.write(filepath.Join(dir, l.Name, name), string(files[name]))
			args = append(args, name)
		}
		took += tool(filepath.Join(dir, l.Name), "compile", args...)
		took += tool(filepath.Join(dir, l.Name), "link", "-o", "one", "-importcfg", "../importcfg", "-buildmode=exe", "-s", "-w", object)
	}
	return took
}

// thisSystem are the files of a solution that this system compiles.
func (c *classBench) thisSystem(l *workbook.Lesson) source.Files {
	files := make(source.Files)
	for _, name := range strings.Fields(c.output(filepath.Join("..", "solutions", l.Name), "go", "list", "-f", "{{join .GoFiles \" \"}}")) {
		files[name] = l.Solution[name]
	}
	return files
}

// children is the processor time of all processes that have been waited for.
func children(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
