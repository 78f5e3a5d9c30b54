package main

import (
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// The house has walls: what a package may depend on, with all that its
// dependencies depend on.
func TestWalls(t *testing.T) {
	const format = `{{if not .Standard}}{{.ImportPath}} {{join .Deps " "}}{{end}}`
	out, err := exec.Command("go", "list", "-f", format, "wirebook/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	packages := make(map[string][]string)
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		packages[words[0]] = words[1:]
	}
	linked := []string{"wirebook/harness/...", "github.com/rogpeppe/go-internal/...", "golang.org/x/tools/..."}
	if runtime.GOOS != "linux" { // where package sys does without
		linked = append(linked, "golang.org/x/sys/...")
	}
	walls := []struct {
		of   string // a package, or with /... all below it
		only []string
		why  string
	}{
		{"wirebook/exercises/...", nil, "a student's program holds only student code and the standard library"},
		{"wirebook/solutions/...", nil, "a solution is what a student can write"},
		{"wirebook/harness/...", linked,
			"it is linked with the student's code after every edit, and never learns that grading exists"},
		{"wirebook/harness/telling", nil, "a failure is told from data"},
		{"wirebook/harness/internal/patience", nil, "how long a play waits is decided from accounts alone"},
		{"wirebook/harness/internal/waiting", []string{"wirebook/harness/internal/patience"}, "what waits knows programs by their accounts alone"},
		{"wirebook/harness/internal/workdir", nil, "a folder knows nothing of who works in it"},
		{"wirebook/grader/internal/result", []string{"wirebook/harness/telling"}, "a result knows nothing of how it arose"},
		{"wirebook/grader/internal/report", []string{"wirebook/grader/internal/result", "wirebook/grader/internal/web", "wirebook/harness/telling"},
			"a report knows results and not how they arise"},
		{"wirebook/grader/internal/web", []string{"wirebook/harness/telling"}, "what pages have in common is about no page"},
		{"wirebook/grader/internal/capture", []string{"github.com/gopacket/gopacket/...", "golang.org/x/net/...", "golang.org/x/sys/..."}, "what writes captures knows nothing of plays"},
		{"wirebook/grader/internal/report/receiver", nil, "what refuses a report's files knows nothing of reports"},
	}
	for _, wall := range walls {
		found := false
		for name, deps := range packages {
			if !within(name, wall.of) {
				continue
			}
			found = true
			for _, dep := range deps {
				standard := !strings.Contains(strings.Split(dep, "/")[0], ".") && !strings.HasPrefix(dep, "wirebook/")
				if !standard && dep != name && !slices.ContainsFunc(wall.only, func(allowed string) bool { return within(dep, allowed) }) {
					t.Errorf("%s depends on %s: %s", name, dep, wall.why)
				}
			}
		}
		if !found {
			t.Errorf("no package is %s", wall.of)
		}
	}
}

func within(name, pattern string) bool {
	if dir, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == dir || strings.HasPrefix(name, dir+"/")
	}
	return name == pattern
}

// The imports of the engine show its sentence: a scenario talks to a program at a
// path; `go test` and the grader both play it, and a report prints what happened.
func TestEngineWalls(t *testing.T) {
	const engine = "wirebook/harness/internal/"
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "wirebook/harness/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	imports := make(map[string][]string)
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		imports[words[0]] = words[1:]
	}
	for _, wall := range []struct {
		of, never, why string
	}{
		{engine + "script", engine + "play", "the language is read without knowing what a command does"},
		{engine + "play", engine + "peer/...", "a play knows no kind of peer; a kind knows the play"},
		{engine + "play", engine + "programs", "commands know the play"},
		{engine + "play", engine + "files", "commands know the play"},
		{engine + "play", engine + "frame", "what a frame is, is known at the cable"},
		{engine + "...", "wirebook/harness", "the face is made of the engine"},
		{"wirebook/harness/telling", engine + "...", "a failure is told from data"},
		{"wirebook/harness", "testing", "go test has a driver of its own"},
		{engine + "...", "testing", "go test has a driver of its own"},
		{"wirebook/harness", "flag", "a student's program has the command line for itself"},
		{engine + "...", "flag", "a student's program has the command line for itself"},
	} {
		found := false
		for name, list := range imports {
			if !within(name, wall.of) {
				continue
			}
			found = true
			for _, dep := range list {
				if within(dep, wall.never) {
					t.Errorf("%s imports %s: %s", name, dep, wall.why)
				}
			}
		}
		if !found {
			t.Errorf("no package is %s", wall.of)
		}
	}
}
