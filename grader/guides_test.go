package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/zone"
)

// A reader types the commands of a guide in a workbook of his.
type reader struct {
	t     *testing.T
	dir   string
	typed int
	// shorter is put behind a verify of all mutants.
	shorter string
}

var (
	often = regexp.MustCompile(`--repeat \d+`)
	port  = regexp.MustCompile(`127\.0\.0\.1:\d+`)
)

// few are the flags of a verify that plays not all mutants.
var few = regexp.MustCompile(`--(mutant|known-good|blind|update)`)

// readGuide types all commands of a guide of docs, one after the other. Those in which
// one of left stands are left to other tests, or their program is the reader's.
func (r *reader) readGuide(name string, left ...string) {
	r.t.Helper()
	for _, m := range typed.FindAllStringSubmatch(readText(r.t, filepath.Join("..", "docs", name)), -1) {
		line := "go " + strings.TrimSpace(m[1]+" "+m[2])
		if slices.ContainsFunc(left, func(s string) bool { return strings.Contains(line, s) }) {
			r.t.Log("left: " + line)
			continue
		}
		line = often.ReplaceAllString(line, "--repeat 1")
		line = port.ReplaceAllString(line, "127.0.0.1:0")
		if strings.Contains(line, " verify ") && !few.MatchString(line) {
			line += r.shorter
		}
		r.typed++
		var env []string
		if strings.Contains(m[0], "WIREBOOK_BLIND=1") {
			env = append(env, "WIREBOOK_BLIND=1")
		}
		r.enter(env, strings.Fields(strings.ReplaceAll(line, "'", "")))
	}
}

// enter types one command.
func (r *reader) enter(env, words []string) {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), words[0], words[1:]...)
	if strings.HasPrefix(strings.Join(words, " "), "go run ./grader") {
		cmd = graderCommand(r.t, words[3:]...)
	}
	if lesson, ok := strings.CutPrefix(words[2], "./exercises/"); ok && words[1] == "run" {
		cmd = exec.CommandContext(r.t.Context(), r.build(lesson), words[3:]...)
	}
	cmd.Dir = r.dir
	cmd.Env = append(cmd.Environ(), env...)
	if said := endless(words); said != "" {
		runUntil(r.t, cmd, said)
		return
	}
	cmd.Stdin = strings.NewReader("\n") // ends what waits for Enter
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Errorf("%q: %v\n%s", cmd.Args, err, out)
	}
}

// endless returns what a command that a reader has to end says when it has begun, or
// nothing for one that ends by itself.
func endless(words []string) string {
	switch {
	case slices.Contains(words, "watch"):
		return " points\n"
	case slices.Contains(words, "server"):
		return "listening on "
	}
	return ""
}

// build builds a lesson's program, which go run would leave alone when it is killed.
func (r *reader) build(lesson string) (path string) {
	r.t.Helper()
	path = filepath.Join(r.t.TempDir(), "program.exe")
	cmd := exec.CommandContext(r.t.Context(), "go", "build", "-o", path, "./exercises/"+lesson)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// runUntil runs a command until it has said that, and kills it.
func runUntil(t *testing.T, cmd *exec.Cmd, said string) {
	t.Helper()
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = in, in
	err = cmd.Start()
	in.Close()
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for buffer := make([]byte, 1024); !strings.Contains(all.String(), said); {
		n, err := out.Read(buffer)
		all.Write(buffer[:n])
		if err != nil {
			t.Errorf("%q: %v; want %q in\n%s", cmd.Args, err, said, &all)
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
}

// solve puts a lesson's solution into the reader's workbook.
func (r *reader) solve(lesson string) {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "solutions", lesson, "*.go"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			r.write(filepath.Join("exercises", lesson, filepath.Base(file)), readText(r.t, file))
		}
	}
}

func (r *reader) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *reader) finds(names ...string) {
	r.t.Helper()
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(r.dir, filepath.FromSlash(name))); err != nil {
			r.t.Error(err)
		}
	}
}

// ownScenario is the file that the guide for students shows, with its text.
var ownScenario = regexp.MustCompile("`(exercises/\\S+\\.txtar)`:\n\n((?:    .*\n)+)")

// The commands of the guide for students do what it says, in a student's copy.
func TestStudentsGuide(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("it builds programs with the race detector and plays them often; leave out -short")
	}
	folder := t.TempDir()
	mustRun(t, exitGraded, "handout", filepath.Join(folder, "handout"))
	mustRun(t, exitGraded, "handout", filepath.Join(folder, "copy"))
	r := &reader{t: t, dir: filepath.Join(folder, "copy")}
	r.solve("chat")
	m := ownScenario.FindStringSubmatch(readText(t, filepath.Join("..", "docs", "students.md")))
	r.write(m[1], regexp.MustCompile("(?m)^    ").ReplaceAllString(m[2], ""))
	r.write("chat.py", readText(t, filepath.Join("..", "testdata", "other-languages", "chat.py")))

	left := []string{" plug ", "./exercises/..."} // TestPlug and TestDocumentedPlug type the former
	if _, err := exec.LookPath("python3"); err != nil {
		left = append(left, "python3")
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		left = append(left, "--race")
	}
	r.readGuide("students.md", left...)
	if r.typed < 18 {
		t.Errorf("only %d commands were typed", r.typed)
	}
	r.finds("split-line.html", "split-line.pcapng", "exercises/chat/chat.go.1")
}

// The commands of the guide for authors do what it says, in a copy of the workbook. Of a
// lesson's mutants one is played.
func TestAuthorsGuide(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("it plays a lesson; leave out -short")
	}
	r := &reader{t: t, dir: t.TempDir(), shorter: " --mutant echo"}
	for _, folder := range []string{"exercises", "grader", "harness", "solutions"} {
		if err := os.CopyFS(filepath.Join(r.dir, folder), os.DirFS(filepath.Join("..", folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		r.write(file, readText(t, filepath.Join("..", file)))
	}
	r.readGuide("authors.md", "LESSON", "DIR", "TestClass", "go test -run") // any lesson; the reader's own folder; a test of its own; no command
	if r.typed < 10 {
		t.Errorf("only %d commands were typed", r.typed)
	}
}

// placed are the words of a guide's commands that name what a reader has made by a
// command before.
var placed = regexp.MustCompile(`^(?:(moodle|feedback)=)?(class|DIR|results|results-new|part-[12]|marks\.csv|feedback\.zip)$`)

// The commands of the guide for teachers, typed one after the other, do what it says.
func TestTeachersGuide(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("it grades a class several times; leave out -short")
	}
	downloads := filepath.Join("..", "testdata", "downloads")
	given := map[string]string{
		"moodle.zip":      filepath.Join(downloads, "moodle.zip"),
		"worksheet.csv":   filepath.Join(downloads, "moodle-worksheet.csv"),
		"hw1-submissions": filepath.Join(downloads, "hw1-submissions"),
		"teams.csv":       filepath.Join(downloads, "teams.csv"),
		"subnet":          "hello", // of which the downloads hold programs
	}
	first, other := t.TempDir(), t.TempDir()
	typedOne := 0
	for _, m := range typed.FindAllStringSubmatch(readText(t, filepath.Join("..", "docs", "teachers.md")), -1) {
		words := strings.Fields(m[2])
		line := strings.Join(words, " ")
		switch {
		case m[1] != "run":
			continue // the students' command
		case strings.Contains(line, "subnet chat web"), strings.Contains(line, " replay "):
			continue // TestClass and TestAppeal type them
		case strings.Contains(line, "--require-sandbox") && zone.Probe(t.Context(), sandbox.Strong) != nil:
			continue
		}
		dir := first
		if strings.Contains(line, "--teams") || strings.Contains(line, "part-") { // another class, and another way to this one
			dir = other
		}
		for i, word := range words {
			if m := placed.FindStringSubmatch(word); m != nil {
				words[i] = strings.TrimSuffix(word, m[2]) + filepath.Join(dir, m[2])
			} else if file, ok := given[word]; ok {
				words[i] = file
			}
		}
		if strings.Contains(line, "--teams") {
			words = append(words, "-o", filepath.Join(dir, "teams"))
		}
		t.Log(line)
		mustRun(t, exitGraded, words[1:]...)
		typedOne++
	}
	if typedOne < 12 {
		t.Errorf("only %d commands were typed", typedOne)
	}
	for _, name := range []string{"marks.csv", "feedback.zip", "results/index.html", "results/Ann Lee_124/index.html", "DIR/exercises"} {
		if _, err := os.Stat(filepath.Join(first, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
}
