package watch

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"wirebook/grader/internal/build"
	"wirebook/grader/internal/handout"
	"wirebook/grader/internal/workbook"
)

// A stopwatch is a screen that knows when a page is there that is newer than the last
// save.
type stopwatch struct{ shown chan int }

func (s *stopwatch) keys() <-chan key { return nil }

func (s *stopwatch) covers() bool { return true }

func (s *stopwatch) draw(m *model, _ time.Time) {
	if m.page != nil && !m.older {
		select {
		case s.shown <- m.round:
		default:
		}
	}
}

// BenchmarkSave measures what a student waits for who has one wrong byte in a chat, as
// ratios of medians taken in turns:
//
//	page/build: from a save to the page of the scenario that failed last, to `go build`
//	page/test: that, to `go test ./exercises/chat`
func BenchmarkSave(b *testing.B) {
	book, err := workbook.Tree(".")
	if err != nil {
		b.Fatal(err)
	}
	lessons, err := book.Select([]string{"chat"})
	if err != nil {
		b.Fatal(err)
	}
	if len(lessons[0].Solution) == 0 {
		b.Skip("a student's copy has no solutions")
	}
	dir := b.TempDir()
	if err := handout.Write(book, dir); err != nil {
		b.Fatal(err)
	}
	folder := filepath.Join(dir, "exercises", "chat")
	for name, text := range lessons[0].Solution {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o666); err != nil {
			b.Fatal(err)
		}
	}
	file := filepath.Join(folder, "chat.go")
	wrong := bytes.Replace(lessons[0].Solution["chat.go"], []byte(`client.String() + ": "`), []byte(`client.String() + ":_"`), 1)
	edits := 0
	edit := func() {
		edits++
		text := strings.Replace(string(wrong), "broke off", fmt.Sprintf("broke off %d", edits), 1)
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			b.Fatal(err)
		}
	}
	goCommand := func(args ...string) time.Duration {
		edit()
		begun := time.Now()
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); args[0] == "build" && err != nil {
			b.Fatalf("go %q: %v\n%s", args, err, out)
		}
		return time.Since(begun)
	}
	students, err := build.Find(b.Context(), build.Options{})
	if err != nil {
		b.Fatal(err)
	}
	page := func(ctx context.Context) time.Duration {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		s := &stopwatch{make(chan int)}
		ended := make(chan error, 1)
		go func() {
			ended <- on(ctx, Options{Dir: dir, Lesson: "chat", Fixed: true, Jobs: 16, Students: students, Ours: students}, s)
		}()
		first := <-s.shown // of the scenario that fails last from now on
		edit()
		begun := time.Now()
		for round := first; round == first; {
			round = <-s.shown
		}
		took := time.Since(begun)
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
		return took
	}
	edit()
	var pages, builds, tests []time.Duration
	for b.Loop() {
		for range 15 {
			pages = append(pages, page(b.Context()))
			builds = append(builds, goCommand("build", "-o", filepath.Join(dir, "chat.exe"), "./exercises/chat"))
			tests = append(tests, goCommand("test", "./exercises/chat"))
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(pages).Seconds(), "s/page")
	b.ReportMetric(median(pages).Seconds()/median(builds).Seconds(), "page/build")
	b.ReportMetric(median(pages).Seconds()/median(tests).Seconds(), "page/test")
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
