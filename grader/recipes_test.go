package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"wirebook/grader/internal/report/receiver"
)

// ran is a line of a recipe that runs the grader.
var ran = regexp.MustCompile(`(?m)^\s*(?:- )?go run \./grader (.*)$`)

// play runs the grader's commands of a recipe in turn, in an empty folder. A matrix of
// jobs plays the commands that name their shard once for each.
func playRecipe(t *testing.T, recipe string, replace map[string]string) {
	t.Helper()
	found := 0
	var said strings.Builder // by all: what one has said may explain another
	for _, m := range ran.FindAllStringSubmatch(readText(t, recipe), -1) {
		found++
		shards := []string{""}
		if strings.Contains(m[1], "grade class.zip") {
			shards = []string{"1", "2", "3", "4"}
		}
		for _, shard := range shards {
			t.Setenv("CI_NODE_INDEX", shard)
			t.Setenv("CI_NODE_TOTAL", "4")
			line := m[1]
			for _, name := range []string{"${{ matrix.shard }}", "$CI_NODE_INDEX"} {
				line = strings.ReplaceAll(line, name, shard)
			}
			for from, to := range replace {
				line = strings.ReplaceAll(line, from, to)
			}
			args := strings.Fields(strings.ReplaceAll(line, `"`, ""))
			if i := slices.Index(args, "-o"); strings.Contains(recipe, "github") && shard != "" {
				args[i+1] = "shard-" + shard // as the artifact is called
			}
			if status := run(t.Context(), args, &said, &said); status != exitGraded {
				t.Fatalf("%s: grader %s: exit status %d\n%s", recipe, strings.Join(args, " "), status, &said)
			}
		}
	}
	if found != 3 {
		t.Errorf("%s has %d commands of the grader; want 3", recipe, found)
	}
}

// The commands of the recipes for a class grade it, and put the shards together.
func TestClassRecipes(t *testing.T) {
	needsAll(t)
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	class := filepath.Join(here, "..", "testdata", "downloads", "hw1-submissions")
	for name, replace := range map[string]map[string]string{
		"github": {"${lessons[@]}": "hello", "$SHARDS": "4", "$SEED": "7", "$GITHUB_STEP_SUMMARY": "summary.md"},
		"gitlab": {"$LESSON": "hello", "$GRADING_SEED": "7"},
	} {
		t.Run(name, func(t *testing.T) {
			recipe := filepath.Join(here, "..", "recipes", name, "grade.yml")
			replace["class.zip"] = class
			t.Chdir(t.TempDir())
			playRecipe(t, recipe, replace)
			var scores []string
			for _, s := range readResults(t, "results") {
				scores = append(scores, s.Submission)
			}
			if !slices.Equal(scores, []string{"red", "zoe"}) {
				t.Errorf("%q are graded; want red and zoe", scores)
			}
		})
	}
}

// argumentsIn are those of the container in a Job.
func argumentsIn(t *testing.T, recipe string) (args []string) {
	t.Helper()
	_, text, _ := strings.Cut(readText(t, recipe), "args:\n")
	for line := range strings.Lines(text) {
		arg, ok := strings.CutPrefix(strings.TrimSpace(line), "- ")
		if !ok {
			return args
		}
		args = append(args, arg)
	}
	return args
}

// The pods of the Jobs for Kubernetes grade a class, and put the parts together.
func TestKubernetesRecipe(t *testing.T) {
	needsAll(t)
	recipes, dir := filepath.Join("..", "recipes", "kubernetes"), t.TempDir()
	class := filepath.Join("..", "testdata", "downloads", "hw1-submissions")
	play := func(file, index string) {
		t.Helper()
		t.Setenv("JOB_COMPLETION_INDEX", index)
		var args []string
		for _, arg := range argumentsIn(t, filepath.Join(recipes, file)) {
			args = append(args, strings.NewReplacer("/results", dir, "/class", class, "subnet", "hello", "$(SEED)", "7", "$(JOB_COMPLETION_INDEX)", index).Replace(arg))
		}
		mustRun(t, exitGraded, args...)
	}
	for _, index := range strings.Split("01234567", "") {
		play("job.yaml", index)
	}
	play("merge.yaml", "")
	if all := readResults(t, filepath.Join(dir, "all")); len(all) != 2 || all[0].Submission != "red" || *all[0].Score != 39 {
		t.Errorf("%d results; want those of red and zoe", len(all))
	}
}

// thief is a hand-in that prints what it finds of the workbook, before it is asked
// anything.
const thief = `package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func init() {
	for _, pattern := range []string{"ROOT/source/solutions/hello/*.go", "ROOT/source/*", "ROOT/grader", "ROOT/results", "/proc/1/environ"} {
		for _, path := range append(glob(pattern), pattern) {
			if text, err := os.ReadFile(path); err == nil && len(text) > 0 {
				fmt.Println("BREACH", path)
				fmt.Fprintln(os.Stderr, "BREACH", path)
			}
		}
	}
}

func glob(pattern string) []string {
	found, _ := filepath.Glob(pattern)
	return found
}
`

// A hand-in that Gradescope grades finds nothing of the workbook beside it, and its
// points are those of the program that it is besides.
func TestGradescopeRecipe(t *testing.T) {
	needsAll(t)
	if runtime.GOOS != "linux" {
		t.Skip("Gradescope is Linux")
	}
	root := t.TempDir()
	tree, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	path := func(name string) string { return filepath.Join(root, name) }
	write := func(name, text string) {
		t.Helper()
		err := os.MkdirAll(filepath.Dir(path(name)), 0o777)
		if err == nil {
			err = os.WriteFile(path(name), []byte(text), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("results/.keep", "")
	for _, folder := range []string{"solutions", "exercises", "harness", "grader"} {
		if err := os.MkdirAll(path("source"), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(path("source"), folder), os.DirFS(filepath.Join(tree, folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum"} {
		write("source/"+file, readText(t, filepath.Join(tree, file)))
	}
	write("source/lessons", "hello\n")
	write("source/seed", "7\n")
	whole := filepath.Join(sampled(t, "hello")("whole"), "exercises", "hello")
	for _, file := range []string{"hello.go", "main.go"} {
		write("submission/"+file, readText(t, filepath.Join(whole, file)))
	}
	write("submission/thief.go", strings.ReplaceAll(thief, "ROOT", root))
	for _, script := range []string{"setup.sh", "run_autograder"} {
		cmd := exec.CommandContext(t.Context(), "sh", filepath.Join(tree, "recipes", "gradescope", script))
		cmd.Env = append(os.Environ(), "AUTOGRADER="+root)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
	}
	text := readText(t, path("results/results.json"))
	if err := receiver.Gradescope.Check(text); err != nil {
		t.Error(err)
	}
	var out struct{ Score float64 }
	if err := json.Unmarshal([]byte(text), &out); err != nil || out.Score != 39 || strings.Contains(text, "BREACH") {
		t.Errorf("%g points, %v; want 39, and no breach:\n%.2000s", out.Score, err, text)
	}
}

// The zip for Gradescope is packed by one command, and has what Gradescope looks for.
func TestGradescopeZip(t *testing.T) {
	needsAll(t)
	for _, tool := range []string{"git", "zip", "tar"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	if err := exec.Command("git", "rev-parse", "HEAD").Run(); err != nil {
		t.Skip("this is no clone")
	}
	script, err := filepath.Abs("../recipes/gradescope/build.sh")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "sh", script, "hello", "chat")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files := zipFiles(t, []byte(readText(t, filepath.Join(dir, "autograder.zip"))))
	for _, name := range []string{"setup.sh", "run_autograder", "go.mod", "grader/main.go", "solutions/hello/hello.go"} {
		if files[name] == "" {
			t.Errorf("%s is not in the zip", name)
		}
	}
	if files["lessons"] != "hello chat\n" || !regexp.MustCompile(`^[0-9]+\n$`).MatchString(files["seed"]) {
		t.Errorf("the lessons are %q and the seed %q; want hello and chat, and a number", files["lessons"], files["seed"])
	}
	if err := exec.Command("sh", script).Run(); err == nil {
		t.Error("it packs for no lesson")
	}
}

// GitLab's jobs are those that there should be.
func TestGitLabRecipeIsListed(t *testing.T) {
	needsAll(t)
	tool, err := exec.LookPath("gitlab-ci-local")
	if err != nil {
		t.Skip("gitlab-ci-local is not installed")
	}
	dir := t.TempDir()
	text := readText(t, filepath.Join("..", "recipes", "gitlab", "grade.yml"))
	if err := os.WriteFile(filepath.Join(dir, ".gitlab-ci.yml"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, args := range [][]string{
		{"git", "init", "-q", "-b", "main"}, {"git", "remote", "add", "origin", "https://gitlab.example.org/net/class.git"},
		{tool, "--list", "--variable", "CI_PIPELINE_SOURCE=web"},
	} {
		cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
		if out, err = cmd.CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", args, err, out)
		}
	}
	for _, job := range []string{"collect", "grade: [1/4]", "grade: [4/4]", "merge"} {
		if !strings.Contains(string(out), job) {
			t.Errorf("there is no job %q:\n%s", job, out)
		}
	}
}

// Tools that know the recipes' languages take them.
func TestRecipesAreTaken(t *testing.T) {
	needsAll(t)
	for _, test := range []struct{ tool, recipe string }{
		{"actionlint", "github/grade.yml"}, {"actionlint", "github/feedback.yml"},
		{"kubectl-validate", "kubernetes/job.yaml"}, {"kubectl-validate", "kubernetes/merge.yaml"},
		{"shellcheck", "classroom50/build.sh"}, {"shellcheck", "gradescope/build.sh"}, {"shellcheck", "gradescope/setup.sh"}, {"shellcheck", "gradescope/run_autograder"},
	} {
		t.Run(test.recipe, func(t *testing.T) {
			tool, err := exec.LookPath(test.tool)
			if err != nil {
				t.Skipf("%s is not installed", test.tool)
			}
			if out, err := exec.CommandContext(t.Context(), tool, filepath.Join("..", "recipes", test.recipe)).CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", test.tool, err, out)
			}
		})
	}
}

// What Classroom 50 gives to a student's job grades a checkout, and has no hidden
// scenario and no solution in it.
func TestClassroom50Recipe(t *testing.T) {
	needsAll(t)
	if testing.Short() {
		t.Skip("it builds a grader in another folder")
	}
	python, err := exec.LookPath("python3")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("it needs python3 and a shell")
	}
	tree, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir, checkout := t.TempDir(), t.TempDir()
	runIn := func(dir, name string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CLASSROOM=net", "ASSIGNMENT=hello", "SUBMISSION_TAG=submit/1", "USERNAME=ann", "OWNER=ann",
			"ASSIGNMENT_TYPE=individual", "COMMIT_URL=https://git.example/c", "RELEASE_URL=https://git.example/r", "REVIEW_URL=https://git.example/v")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %q: %v\n%s", name, args, err, out)
		}
	}
	runIn(dir, "sh", filepath.Join(tree, "recipes", "classroom50", "build.sh"), "hello")
	bundle := filepath.Join(dir, "autograder")
	solutions, err := filepath.Glob(filepath.Join(bundle, "workbook", "solutions", "*"))
	if err != nil || len(solutions) != 1 || filepath.Base(solutions[0]) != "solutions.go" {
		t.Errorf("of the solutions it has %q, %v; want the file without which the grader is not built", solutions, err)
	}
	if err := os.CopyFS(filepath.Join(checkout, "hello"), os.DirFS(filepath.Join(sampled(t, "hello")("whole"), "exercises", "hello"))); err != nil {
		t.Fatal(err)
	}
	runIn(checkout, python, filepath.Join(bundle, "autograder.py"))
	text := readText(t, filepath.Join(checkout, "result.json"))
	if err := receiver.Classroom50.Check(text); err != nil {
		t.Error(err)
	}
	var out struct{ Score float64 }
	if err := json.Unmarshal([]byte(text), &out); err != nil || out.Score != 24 {
		t.Errorf("%g points, %v; want the 24 of the public scenarios\n%.1000s", out.Score, err, text)
	}
	if body := readText(t, filepath.Join(checkout, "release-body.md")); !strings.Contains(body, "24 of 24") {
		t.Errorf("the release says\n%.500s", body)
	}
}
