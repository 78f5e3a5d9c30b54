package command

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		args          []string
		dash          int
		before, words []string
		wrong         bool
	}{
		{[]string{"chat"}, -1, []string{"chat"}, nil, false},
		{[]string{"chat", "python3", "-u", "chat.py"}, 1, []string{"chat"}, []string{"python3", "-u", "chat.py"}, false},
		{[]string{"./chat"}, 0, []string{}, []string{"./chat"}, false},
		{[]string{"chat"}, 1, nil, nil, true},
	} {
		before, words, err := Split(test.args, test.dash)
		if !slices.Equal(before, test.before) || !slices.Equal(words, test.words) || (err != nil) != test.wrong {
			t.Errorf("%q at %d: %q, %q, %v; want %q, %q, an error: %v", test.args, test.dash, before, words, err, test.before, test.words, test.wrong)
		}
	}
}

// A program is found by its name or its path; arguments that name a file are made
// absolute, and these files alone are the program's.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	tool := "tool"
	if runtime.GOOS == "windows" {
		tool += ".exe"
	}
	for name, mode := range map[string]os.FileMode{tool: 0o777, "chat.py": 0o666} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "server"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(here, "chat.py")
	byPath, err := Find([]string{"./" + tool, "-u", "chat.py", "server"})
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(here, tool)
	if byPath.Program.Path != program || !slices.Equal(byPath.Program.Args, []string{"-u", file, "server"}) {
		t.Errorf("it starts %q with %q", byPath.Program.Path, byPath.Program.Args)
	}
	if !slices.Equal(byPath.Files, []string{program, file}) {
		t.Errorf("its files are %q", byPath.Files)
	}
	t.Setenv("PATH", here)
	byName, err := Find([]string{tool})
	if err != nil {
		t.Fatal(err)
	}
	if byName.Program.Path != program || len(byName.Files) != 0 {
		t.Errorf("by its name it is %q with the files %q", byName.Program.Path, byName.Files)
	}
	if _, err := Find([]string{"no-such-program"}); err == nil || !strings.HasPrefix(err.Error(), "-- no-such-program: no such program") {
		t.Errorf("%v", err)
	}
}

func TestString(t *testing.T) {
	c := &Command{Words: []string{"python3", "-u", "my chat.py", "it's", "$HOME", ""}}
	if got, want := c.String(), `python3 -u 'my chat.py' 'it'\''s' '$HOME' ''`; got != want {
		t.Errorf("%s; want %s", got, want)
	}
}
