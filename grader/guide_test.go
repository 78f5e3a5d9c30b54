package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wirebook/grader/internal/sandbox"
	"wirebook/grader/internal/zone"
)

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
