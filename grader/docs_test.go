package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"wirebook/harness"
)

// documents are the texts that tell readers what to type.
func documents(t *testing.T) map[string]string {
	texts := make(map[string]string)
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../*/README*.md", "../recipes/*/README.md", "../exercises/SOCKETS*.md", "../exercises/*/README*.md"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v %v", pattern, files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts[file] = string(text)
		}
	}
	return texts
}

var (
	typed   = regexp.MustCompile("(?m)(?:^    (?:\\$ )?|`)(?:[A-Z_]+=\\S+ )?go (run|test|doc|build|generate) ([^`#\n]+)")
	pointed = regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]+))?\)`)
)

// Every command in the documents names what is there: commands and flags of the
// grader, packages, scenarios, tests and benchmarks.
func TestDocumentedCommands(t *testing.T) {
	needsAll(t)
	found := 0
	for file, text := range documents(t) {
		for _, m := range typed.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(m[2], "./") {
				continue // typed in the document's own folder
			}
			found++
			line := strings.Join(strings.Fields(strings.ReplaceAll(m[2], "'", "")), " ")
			check := map[string]func([]string) error{
				"run": checkRun, "test": checkTest, "doc": checkFolders, "build": checkTest, "generate": checkFolders,
			}[m[1]]
			if err := check(strings.Fields(line)); err != nil {
				t.Errorf("%s: go %s %s: %v", file, m[1], line, err)
			}
		}
	}
	if found < 50 {
		t.Errorf("only %d commands were found", found)
	}
}

// checkRun checks go run [-race] FOLDER ARG...
func checkRun(words []string) error {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "-race" })
	if words[0] != "./grader" {
		return checkFolders(words[:1])
	}
	if i := slices.Index(words, "--"); i >= 0 {
		words = words[:i] // behind it stands a program of the reader's
	}
	cmd, args, err := rootCommand().Find(words[1:])
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(args); err != nil {
		return err
	}
	if cmd.Parent() == nil {
		return knownCommand(cmd, cmd.Flags().Args())
	}
	lessons := cmd.Flags().Args()
	if slices.Contains([]string{"grade", "merge", "report", "diff", "update", "handout", "sample"}, cmd.Name()) || cmd.Name() == "replay" && len(lessons) == 3 {
		return nil // they name folders of the reader's
	}
	if cmd.Name() == "replay" && len(lessons) == 2 {
		if err := checkArchive(lessons[0], lessons[1]); err != nil {
			return err
		}
		lessons = lessons[:1]
	}
	for _, flag := range []string{"scenario", "mutant"} {
		f := cmd.Flags().Lookup(flag)
		if f == nil || !f.Changed {
			continue
		}
		name := strings.Trim(f.Value.String(), "[]")
		if err := checkArchive(lessons[0], name); err != nil {
			return err
		}
	}
	for _, lesson := range lessons {
		if lesson != "LESSON" {
			if err := checkFolders([]string{"./exercises/" + lesson}); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkTest checks go test FOLDER... [-run NAME] [-bench NAME].
func checkTest(words []string) error {
	var folders []string
	for i, w := range words {
		if strings.HasPrefix(w, "./") {
			folders = append(folders, w)
		}
		if i == 0 || words[i-1] != "-run" && words[i-1] != "-bench" || w == "^$" {
			continue
		}
		if name, ok := strings.CutPrefix(w, "/"); ok {
			if err := checkArchive(filepath.Base(folders[0]), name); err != nil {
				return err
			}
		} else if err := checkFunction(folders[0], w); err != nil {
			return err
		}
	}
	return checkFolders(folders)
}

func checkFolders(words []string) error {
	for _, w := range words {
		if strings.Contains(w, "LESSON") {
			continue
		}
		if _, err := os.Stat(filepath.Join("..", strings.TrimSuffix(w, "..."))); err != nil {
			return err
		}
	}
	return nil
}

// checkArchive looks for a scenario or a mutant. A reader makes my-own himself.
func checkArchive(lesson, name string) error {
	if name == "NAME" || name == "my-own" {
		return nil
	}
	for _, pattern := range []string{"../exercises/%s/testdata/%s.txtar", "../solutions/%s/testdata/*/%s.txtar"} {
		if files, err := filepath.Glob(fmt.Sprintf(pattern, lesson, name)); err != nil || len(files) > 0 {
			return err
		}
	}
	return fmt.Errorf("%s has neither a scenario nor a mutant %q", lesson, name)
}

// checkFunction looks for a test or a benchmark with name in its own.
func checkFunction(folder, name string) error {
	files, err := filepath.Glob(filepath.Join("..", folder, "*_test.go"))
	if err != nil {
		return err
	}
	function := regexp.MustCompile(`(?m)^func (Test|Benchmark)\w*` + regexp.QuoteMeta(strings.TrimPrefix(name, "Test")))
	for _, file := range files {
		if text, err := os.ReadFile(file); err != nil || function.Match(text) {
			return err
		}
	}
	return fmt.Errorf("%s has no test %q", folder, name)
}

// Links in the documents lead to files, and to headings in them.
func TestDocumentedLinks(t *testing.T) {
	texts := documents(t)
	for file, text := range texts {
		for _, m := range pointed.FindAllStringSubmatch(text, -1) {
			target := file
			if m[1] != "" {
				target = filepath.Join(filepath.Dir(file), filepath.FromSlash(m[1]))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %v", file, err)
			}
			if m[2] != "" && !slices.Contains(anchors(texts[target]), m[2]) {
				t.Errorf("%s: %s has no heading %q", file, target, m[2])
			}
		}
	}
}

// anchors are the names of a text's headings in links.
func anchors(text string) (names []string) {
	for line := range strings.Lines(text) {
		if heading := strings.TrimLeft(line, "#"); heading != line {
			name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(heading)), " ", "-")
			names = append(names, regexp.MustCompile(`[^\p{L}\p{N}_-]`).ReplaceAllString(name, ""))
		}
	}
	return names
}

// The failure in both READMEs is a real one.
func TestDocumentedFailure(t *testing.T) {
	needsAll(t)
	if runtime.GOOS != "linux" {
		t.Skip("this system cannot guarantee that pieces arrive apart")
	}
	program := filepath.Join(t.TempDir(), "chat.exe")
	if out, err := exec.Command("go", "build", "-o", program, "../testdata/class/wrong-one-read/chat").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	scenarios, err := (&harness.Lesson{Name: "chat"}).Scenarios(os.DirFS("../exercises"), nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(scenarios, func(s *harness.Scenario) bool { return s.Name == "split-line" })
	player := &harness.Player{Program: harness.Program{Path: program, Env: harness.BaseEnvironment()}}
	result := player.Play(t.Context(), scenarios[i])
	if result.Status != harness.Fail {
		t.Fatalf("one Read for one message: %s, %v", result.Status, result.Err)
	}
	var page bytes.Buffer
	if err := harness.WritePage(&page, harness.PageOf(result, "go test ./exercises/chat -run /split-line")); err != nil {
		t.Fatal(err)
	}
	var shown strings.Builder
	for line := range strings.Lines(strings.TrimRight(page.String(), "\n")) {
		if strings.TrimSpace(line) != "" {
			shown.WriteString("    ")
		}
		shown.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	for _, readme := range []string{"../README.md", "../README.zh-CN.md"} {
		if text := documents(t)[readme]; !strings.Contains(text, shown.String()) {
			t.Errorf("%s does not show the failure that there is:\n%s", readme, shown.String())
		}
	}
}
