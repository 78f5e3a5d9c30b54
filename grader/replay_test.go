package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// replayed runs grader replay and returns what it printed; typed is what somebody types.
func replayed(t *testing.T, typed string, args ...string) (out, errs string, err error) {
	t.Helper()
	cmd := replayCommand()
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	var stdout, stderr bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetIn(strings.NewReader(typed))
	cmd.SetOut(&stdout)
	cmd.SetErr(&stderr)
	err = cmd.ExecuteContext(t.Context())
	return stdout.String(), stderr.String(), err
}

// One's own program is played in a scenario that stands in the working tree.
func TestReplayOwn(t *testing.T) {
	t.Parallel()
	out, _, err := replayed(t, "", "chat", "split-line")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"chat, scenario split-line: ", "   1  start server -listen 127.0.0.1:0\n", "server  starts: ", "\nIt "} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
}

// A page and a capture are written to files; a lesson without packets has no capture.
func TestReplayFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	page, capture := filepath.Join(dir, "x.html"), filepath.Join(dir, "x.pcapng")
	out, _, err := replayed(t, "", "subnet", "batch-answers", "--html", page, "--pcapng", capture)
	if err != nil || !strings.Contains(out, "Nothing went over a network in batch-answers") {
		t.Errorf("%v\n%s", err, out)
	}
	if text, err := os.ReadFile(page); err != nil || !bytes.Contains(text, []byte("<h1>subnet, batch-answers</h1>")) {
		t.Errorf("%v\n%.500s", err, text)
	}
	if _, err := os.Stat(capture); err == nil {
		t.Error("a capture was written of nothing")
	}
	if out, _, err := replayed(t, "", "chat", "split-line", "--pcapng", capture); err != nil || !strings.Contains(out, "The capture is in ") {
		t.Errorf("%v\n%s", err, out)
	}
	if info, err := os.Stat(capture); err != nil || info.Size() == 0 {
		t.Errorf("the capture: %v", err)
	}
}

// A play is held before a step until somebody presses Enter.
func TestReplayHold(t *testing.T) {
	t.Parallel()
	out, errs, err := replayed(t, "\n", "chat", "split-line", "--hold", "1")
	if err != nil || !strings.Contains(errs, "Held before step 1:  start server") || !strings.Contains(out, "\nIt ") {
		t.Errorf("%v\n%s\n%s", err, errs, out)
	}
	if _, errs, err := replayed(t, "", "chat", "split-line", "--hold", "99"); err != nil || !strings.Contains(errs, "It was not held: ") {
		t.Errorf("%v\n%s", err, errs)
	}
}

// Any program is played, with its files found from here.
func TestReplayCommand(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not installed")
	}
	script := filepath.Join("..", "testdata", "other-languages", "one_recv_server.py")
	if _, err := os.Stat(script); err != nil {
		t.Skip("a student's copy has no programs in other languages")
	}
	out, _, err := replayed(t, "", "chat", "split-line", "--", python, "-u", script)
	if err != nil || !strings.Contains(out, "It failed at step 5, exercises/chat/testdata/split-line.txtar:7: server") || !strings.Contains(out, "15 bytes in 15 pieces") {
		t.Errorf("%v\n%s", err, out)
	}
}

// A shell is offered a lesson, and then its scenarios.
func TestCompleteScenario(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"replay", ""}, "subnet\nhello\n"},
		{[]string{"replay", "chat", ""}, "arrival\nheard-line\n"},
		{[]string{"hint", "chat", ""}, "arrival\nheard-line\n"},
		{[]string{"replay", "chat", "split-line", ""}, ":4\n"},
		{[]string{"replay", "chess", ""}, ":4\n"},
	} {
		var out bytes.Buffer
		if status := run(t.Context(), append([]string{"__complete"}, test.args...), &out, io.Discard); status != exitGraded || !strings.HasPrefix(out.String(), test.want) {
			t.Errorf("%q: exit status %d, want %q at the beginning of\n%s", test.args, status, test.want, &out)
		}
	}
}

// What is not there is told, and what is there instead.
func TestReplayNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "replay: which scenario?"},
		{[]string{"chat", "split-line", "--"}, "no program stands behind --"},
		{[]string{"chat", "split-line", "--solution", "--", "go"}, "leave one of them out"},
		{[]string{"chess", "split-line"}, `"chess": no such lesson`},
		{[]string{"none"}, `no lesson has a scenario "none"`},
		{[]string{"chat", "none"}, `chat has no scenario "none"; it has arrival, `},
		{[]string{"stop-signal"}, `several lessons have a scenario "stop-signal"; name one: hello, desk, chat, `},
	} {
		if _, _, err := replayed(t, "", test.args...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.args, err, test.want)
		}
	}
}
