package intake

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// git runs git in dir, as who knows none of the user's settings.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commitOf makes a repository whose commit holds these files.
func commitOf(t *testing.T, files ...file) string {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed; it makes the repositories that are read here")
	}
	dir := folderOf(t, files...)
	git(t, dir, "init", "-q", "-b", "main")
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "-m", "hand in")
	return dir
}

// Whatever form a repository is handed in in, its lessons are found, and it is
// said from where they were taken.
func TestRepositories(t *testing.T) {
	dir := commitOf(t, file{path: "exercises/chat/chat.go", text: "old"}, file{path: "exercises/chat/link.go", link: "/etc/passwd"}, file{path: ".gitattributes", text: "*.go filter=evil\n"})
	commit := git(t, dir, "rev-parse", "HEAD")
	at := func(name string) string { return filepath.Join(filepath.Dir(dir), name) }
	git(t, dir, "bundle", "create", "-q", at("ann.bundle"), "HEAD", "main")
	git(t, dir, "clone", "-q", "--bare", ".", at("ann.git"))
	git(t, dir, "clone", "-q", "--no-checkout", ".", at("empty/hw"))
	git(t, dir, "clone", "-q", "--bare", ".", at("deep/hw.git"))
	bundle, err := os.ReadFile(at("ann.bundle"))
	if err != nil {
		t.Fatal(err)
	}
	// The working tree has gone on since.
	if err := os.WriteFile(filepath.Join(dir, "exercises", "chat", "chat.go"), []byte("new"), 0o666); err != nil {
		t.Fatal(err)
	}
	link := `refuse "link.go" of "chat": it is a link; hand in the file itself`
	committed := []string{`leave "" of "": taken from commit ` + commit + ` of the branch "main"`, link, `take chat/chat.go "old"`}
	head := []string{`leave "" of "": taken from commit ` + commit, link, `take chat/chat.go "old"`}
	tests := []struct {
		name, path string
		want       []string
	}{
		{"a working tree", dir, []string{`leave "" of "": taken as it lies in the folder, and not from its git repository`, link, `take chat/chat.go "new"`}},
		{"a bare repository", at("ann.git"), committed},
		{"a bare repository one folder deep", at("deep"), committed},
		{"a working tree that is empty", at("empty"), committed},
		{"a bundle", at("ann.bundle"), head},
		{"a bundle in a zip", archived(t, "ann.zip", zipOf(t, file{path: "hw/my.bundle", text: string(bundle)})), head},
		{"half a bundle", archived(t, "ann.bundle", bundle[:len(bundle)/2]), nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open("ann", test.path, known, known)
			if err != nil {
				t.Fatal(err)
			}
			if test.want == nil {
				if !strings.HasPrefix(s.Unreadable, `"ann.bundle": `) {
					t.Errorf("taken %q; want it unreadable", s.describe())
				}
				return
			}
			if diff := cmp.Diff(test.want, s.describe()); diff != "" {
				t.Errorf("taken (-want +got):\n%s", diff)
			}
		})
	}
}

// A repository leads nowhere else: neither by a file in the place of .git, nor
// by links, nor by the objects of another.
func TestRepositoryLeadsNowhere(t *testing.T) {
	other := commitOf(t, file{path: "chat/chat.go", text: "someone else's"})
	bare := filepath.Join(filepath.Dir(other), "other.git")
	git(t, other, "clone", "-q", "--bare", ".", bare)
	tests := []struct {
		name  string
		files []file
	}{
		{"a .git file", []file{{path: "x/.git", text: "gitdir: " + bare}}},
		{"a link for .git", []file{{path: "x/.git", link: bare}}},
		{"a link for objects", []file{{path: "HEAD", text: "ref: refs/heads/main\n"}, {path: "objects", link: bare + "/objects"}, {path: "packed-refs", text: git(t, other, "rev-parse", "HEAD") + " refs/heads/main\n"}}},
		{"alternates", []file{{path: "HEAD", text: "ref: refs/heads/main\n"}, {path: "objects/info/alternates", text: bare + "/objects\n"}, {path: "packed-refs", text: git(t, other, "rev-parse", "HEAD") + " refs/heads/main\n"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, err := open("ann", folderOf(t, test.files...), known, known)
			if err == nil && len(s.Lessons) > 0 {
				t.Errorf("taken %q; want nothing", s.describe())
			}
			if err != nil {
				t.Errorf("error %v; want it to be the student's", err)
			}
		})
	}
}
