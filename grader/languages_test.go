package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// inPython is a command that runs a program of the sample in another language.
func inPython(t *testing.T, file string) []string {
	t.Helper()
	needsAll(t)
	if runtime.GOOS == "windows" {
		t.Skip("the samples are written for systems with signals")
	}
	// The interpreter itself: what is called python3 may be a script that looks for it.
	python, err := exec.Command("python3", "-c", "import sys; sys.version_info < (3, 10) and sys.exit(1); print(sys.executable)").Output()
	if err != nil {
		t.Skip("the samples need Python 3.10:", err)
	}
	return []string{strings.TrimSpace(string(python)), "-u", filepath.Join("..", "testdata", "other-languages", file)}
}

// Programs in another language that keep a lesson's rules get all its points, those
// of the hidden scenarios too.
func TestOtherLanguages(t *testing.T) {
	for _, lesson := range []string{"subnet", "chat", "colourchat"} {
		t.Run(lesson, func(t *testing.T) {
			program := inPython(t, lesson+".py")
			var stdout, stderr bytes.Buffer
			if status := run(t.Context(), append([]string{"check", lesson, "--"}, program...), &stdout, &stderr); status != exitGraded {
				t.Errorf("exit status %d: %s\n%s", status, &stderr, &stdout)
			}
			if !strings.Contains(stdout.String(), "(hidden)") {
				t.Errorf("no hidden scenario was played:\n%s", &stdout)
			}
		})
	}
}

// A program that takes one recv for one message gets the page that says why, in
// Python as in Go, with the command that plays it again.
func TestOneRecv(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this system cannot guarantee that pieces arrive apart")
	}
	for _, test := range []struct{ file, scenario, why string }{
		{"one_recv_server.py", "split-line", "the bytes were sent in pieces: one Read returns what has arrived, which may be a part of a message"},
		{"one_recv_client.py", "client-pieces", "a character was broken: its bytes arrived in two pieces"},
	} {
		t.Run(test.file, func(t *testing.T) {
			program := inPython(t, test.file)
			var stdout, stderr bytes.Buffer
			args := append([]string{"check", "chat", "--scenario", test.scenario, "--"}, program...)
			if status := run(t.Context(), args, &stdout, &stderr); status != exitBelow {
				t.Errorf("exit status %d: %s", status, &stderr)
			}
			for _, want := range []string{
				test.why, "the first difference",
				"Play it again:  go run ./grader " + strings.Join(args, " ") + "\n",
			} {
				if !strings.Contains(strings.Join(strings.Fields(stdout.String()), " "), strings.Join(strings.Fields(want), " ")) {
					t.Errorf("%q is missing:\n%s", want, &stdout)
				}
			}
		})
	}
}
