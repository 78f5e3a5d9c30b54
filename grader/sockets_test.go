package main

import (
	"bytes"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page about sockets, in each of its languages, is one program in pieces,
// between which stands what they print.
var socketPages = []string{"../exercises/SOCKETS.md", "../exercises/SOCKETS.zh-CN.md"}

var fenced = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// blocks returns the blocks of a page that are marked with a language.
func blocks(t *testing.T, page, language string) (found []string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fenced.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1) {
		switch m[1] {
		case language:
			found = append(found, m[2])
		case "go", "text":
		default:
			t.Errorf("%s: a block marked %q is neither go nor text", page, m[1])
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s: there is no block marked %q", page, language)
	}
	return found
}

// The Go code of the page about sockets runs, and prints what the page says.
func TestSocketPageRuns(t *testing.T) {
	for _, page := range socketPages {
		t.Run(filepath.Base(page), func(t *testing.T) {
			program := []byte(strings.Join(blocks(t, page, "go"), "\n"))
			if formatted, err := format.Source(program); err != nil || !bytes.Equal(formatted, program) {
				t.Errorf("gofmt would change the code: %v\n%s", err, formatted)
			}
			file := filepath.Join(t.TempDir(), "sockets.go")
			if err := os.WriteFile(file, program, 0o666); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("go", "vet", file).CombinedOutput(); err != nil {
				t.Errorf("go vet: %v\n%s", err, out)
			}
			run := exec.Command("go", "run", file)
			run.Stderr = os.Stderr
			printed, err := run.Output()
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Join(blocks(t, page, "text"), ""); string(printed) != want {
				t.Errorf("it prints\n%s\nand the page says\n%s", printed, want)
			}
		})
	}
}

// The page has the same code in both languages.
func TestSocketPagesAgree(t *testing.T) {
	for _, language := range []string{"go", "text"} {
		english, chinese := blocks(t, socketPages[0], language), blocks(t, socketPages[1], language)
		if !slices.Equal(english, chinese) {
			t.Errorf("the blocks marked %q differ:\n%q\n%q", language, english, chinese)
		}
	}
}
