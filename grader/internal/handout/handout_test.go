package handout

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wirebook/grader/internal/workbook"
)

const (
	given    = "package main\n\nfunc main() { greet() }\n"
	stub     = "package main\n\nfunc greet() { println(\"greet is not written yet\") }\n"
	solution = "package main\n\nfunc greet() { println(\"hello\") }\n"
	hello    = "# It says hello. (2 points)\nrun\ncomplains program hello\n"
)

// tree writes a working tree of one lesson, changed in some files; "" removes one.
func tree(t *testing.T, changes map[string]string) *workbook.Workbook {
	t.Helper()
	files := map[string]string{
		"go.mod":                                     "module wirebook\n",
		"README.md":                                  "The workbook.\n",
		"harness/engine.go":                          "package harness\n",
		"harness/left.test":                          "an executable",
		"grader/main.go":                             "package main\n",
		"testdata/class/ann/greet/greet.go":          solution,
		"exercises/README.md":                        "| [greet](greet/README.md) | A greeting | none |\n",
		"exercises/greet/README.md":                  "Say hello: `hello`.\n",
		"exercises/greet/main.go":                    given,
		"exercises/greet/greet.go":                   solution, // a teacher who tries it
		"exercises/greet/greet.go.1":                 solution,
		"exercises/greet/main_test.go":               "package main\n",
		"exercises/greet/testdata/hello.txtar":       hello,
		"exercises/greet/testdata/given/given.txtar": "-- greet.go --\n" + stub + "-- main.go --\n" + given,
		"solutions/solutions.go":                     "package solutions\n",
		"solutions/greet/greet.go":                   solution,
		"solutions/greet/testdata/hidden/loud.txtar": strings.ReplaceAll(hello, "hello", "HELLO"),
	}
	maps.Copy(files, changes)
	dir := t.TempDir()
	for name, text := range files {
		if text != "" {
			write(t, dir, name, text)
		}
	}
	book, err := workbook.Tree(dir)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	target := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(target, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// read returns the files below dir, without those of the container and the list.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, ".devcontainer/") || name == listFile {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// handed writes the handout of a tree.
func handed(t *testing.T, book *workbook.Workbook) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "handout")
	if err := Write(book, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A handout holds the lessons as they are given, and nothing that earns points.
func TestWrite(t *testing.T) {
	dir := handed(t, tree(t, nil))
	want := map[string]string{
		"go.mod":                                     "module wirebook\n",
		"README.md":                                  "The workbook.\n",
		"harness/engine.go":                          "package harness\n",
		"grader/main.go":                             "package main\n",
		"exercises/README.md":                        "| [greet](greet/README.md) | A greeting | none |\n",
		"exercises/greet/README.md":                  "Say hello: `hello`.\n",
		"exercises/greet/main.go":                    given,
		"exercises/greet/greet.go":                   stub,
		"exercises/greet/main_test.go":               "package main\n",
		"exercises/greet/testdata/hello.txtar":       hello,
		"exercises/greet/testdata/given/given.txtar": "-- greet.go --\n" + stub + "-- main.go --\n" + given,
		"solutions/solutions.go":                     "package solutions\n",
	}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, name := range []string{"devcontainer.json", "Dockerfile"} {
		if _, err := os.Stat(filepath.Join(dir, ".devcontainer", name)); err != nil {
			t.Error(err)
		}
	}
	if err := Write(tree(t, nil), dir); err == nil || !strings.Contains(err.Error(), "it is not empty") {
		t.Errorf("into a folder with files: %v", err)
	}
}

// No file of the real handout is one of a solution, but for those that are given.
func TestNoSolutions(t *testing.T) {
	book, err := workbook.Tree(".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(book.Dir, "solutions", "chat")); err != nil {
		t.Skip("a student's copy has no solutions")
	}
	files, err := collect(book)
	if err != nil {
		t.Fatal(err)
	}
	secret := make(map[string]string) // by its hash
	err = fs.WalkDir(os.DirFS(book.Dir), "solutions", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "solutions/solutions.go" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(book.Dir, name))
		secret[hash(text)] = name
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := book.Select(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lessons {
		for name, text := range l.Given {
			delete(secret, hash(text))
			if string(files["exercises/"+l.Name+"/"+name]) != string(text) {
				t.Errorf("exercises/%s/%s is not the one that is given", l.Name, name)
			}
		}
	}
	for name, text := range files {
		if found := secret[hash(text)]; found != "" && base(name) != "main_test.go" {
			t.Errorf("%s is %s", name, found)
		}
		if strings.HasPrefix(name, "testdata/") || strings.Contains(name, "/hidden/") {
			t.Errorf("%s should not be there", name)
		}
	}
	if len(secret) < 500 || len(files) < 500 {
		t.Errorf("only %d files of solutions were looked for in %d", len(secret), len(files))
	}
}

// The container has the programs that the texts for students tell them to type, and no
// package besides.
func TestContainerTools(t *testing.T) {
	book, err := workbook.Tree(".")
	if err != nil {
		t.Fatal(err)
	}
	var texts []byte
	for _, pattern := range []string{"exercises/*/README.md", "exercises/*.md", "docs/students.md"} {
		files, err := filepath.Glob(filepath.Join(book.Dir, filepath.FromSlash(pattern)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text...)
		}
	}
	dockerfile, err := container.ReadFile("devcontainer/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(dockerfile), "--no-install-recommends")
	list, _, _ = strings.Cut(list, "&&")
	packages := strings.Fields(strings.ReplaceAll(list, "\\\n", " "))
	programs := map[string]string{ // by the package that has it
		"bind9-dnsutils": "dig", "curl": "curl", "dnsmasq-base": "dnsmasq", "iproute2": "ip", "ipcalc": "ipcalc",
		"iputils-ping": "ping", "netcat-openbsd": "nc", "procps": "ps", "python3": "python3", "socat": "socat", "sudo": "sudo",
		"tcpdump": "tcpdump", "traceroute": "traceroute", "udhcpc": "udhcpc", "xxd": "xxd",
		"bsdextrautils": "hexdump", "nmap": "nmap", "openssl": "openssl", "strace": "strace", "tshark": "tshark",
	}
	for name, program := range programs {
		typed := regexp.MustCompile("(?m)(?:^ {4}(?:\\$ |> h\\d )?(?:sudo )?|`(?:sudo )?|\\| )" + program + "(?:[ `]|$)").Match(texts)
		if typed != slices.Contains(packages, name) {
			t.Errorf("%s is in the Dockerfile: %v; students are told to type %s: %v", name, !typed, program, typed)
		}
	}
	for _, name := range packages {
		if programs[name] == "" {
			t.Errorf("what is %s in the Dockerfile for?", name)
		}
	}
}

func base(name string) string { return name[strings.LastIndex(name, "/")+1:] }

// A newer handout replaces what the student has not written, and loses nothing that he
// has; a second time it changes nothing.
func TestUpdate(t *testing.T) {
	dir := handed(t, tree(t, map[string]string{"docs/old.md": "old\n", "exercises/greet/testdata/gone.txtar": strings.ReplaceAll(hello, "hello", "gone")}))
	mine := map[string]string{
		"exercises/greet/greet.go":             solution,
		"exercises/greet/more.go":              "package main\n",
		"exercises/greet/testdata/mine.txtar":  "# Mine. (1 point)\nrun\n",
		"exercises/greet/testdata/hello.txtar": "# Changed. (1 point)\nrun\n",
		"notes.txt":                            "my notes",
	}
	for name, text := range mine {
		write(t, dir, name, text)
	}
	louder := strings.ReplaceAll(hello, "hello", "hello!")
	newMain := strings.ReplaceAll(given, "greet()", "greet() // now")
	newStub := strings.ReplaceAll(stub, "not written yet", "not written yet!")
	newer := handed(t, tree(t, map[string]string{
		"harness/engine.go":                          "package harness // newer\n",
		"exercises/greet/testdata/hello.txtar":       louder,
		"exercises/greet/testdata/wave.txtar":        strings.ReplaceAll(hello, "hello", "wave"),
		"exercises/greet/testdata/given/given.txtar": "-- greet.go --\n" + newStub + "-- main.go --\n" + newMain,
	}))
	changes, err := Update(dir, newer)
	if err != nil {
		t.Fatal(err)
	}
	want := &Changes{
		Replaced: 7, // engine, main.go, given, two scenarios; two that are gone
		Kept:     []string{"exercises/greet/testdata/hello.txtar.1"},
		Yours:    []string{"exercises/greet/greet.go"},
		Again:    map[string][]string{"greet": {"hello", "wave"}},
	}
	if diff := cmp.Diff(want, changes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	all := read(t, newer)
	for name, text := range mine {
		all[name] = text
	}
	all["exercises/greet/testdata/hello.txtar"] = louder
	all["exercises/greet/testdata/hello.txtar.1"] = mine["exercises/greet/testdata/hello.txtar"]
	got := read(t, dir)
	if diff := cmp.Diff(all, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got["exercises/greet/main.go"] != newMain {
		t.Error("main.go, which the student had not touched, is the old one")
	}
	if changes, err = Update(dir, newer); err != nil || changes.Replaced+len(changes.Kept)+len(changes.Yours)+len(changes.Again) > 0 {
		t.Errorf("a second time: %+v, %v", changes, err)
	}
	if diff := cmp.Diff(got, read(t, dir)); diff != "" {
		t.Errorf("a second time (-want +got)\n%s", diff)
	}
}

// What is no handout is refused, on either side, before anything is touched.
func TestUpdateRefuses(t *testing.T) {
	copied, other := handed(t, tree(t, nil)), t.TempDir()
	for _, test := range [][2]string{{copied, other}, {other, copied}} {
		if c, err := Update(test[0], test[1]); c != nil || err == nil || !strings.Contains(err.Error(), "it is no handout") {
			t.Errorf("%v, %v", c, err)
		}
	}
	write(t, other, listFile, `{"../outside": "1"}`)
	write(t, filepath.Dir(other), "outside", "x")
	if _, err := Update(copied, other); err == nil || !strings.Contains(err.Error(), "outside") {
		t.Errorf("a path that leads out: %v", err)
	}
	if names := slices.Collect(maps.Keys(read(t, copied))); len(names) != 12 {
		t.Errorf("files %q", names)
	}
}
