package proof

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestOtherUser lets root connect to the server of another user: the answer names
// root, not the server's own user.
func TestOtherUser(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may be two users")
	}
	const nobody = 65534
	dir, err := os.MkdirTemp("", "ipc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	program, err := os.ReadFile(built)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "ipc"), program, 0o755)
	}
	if err == nil {
		err = os.Chown(dir, nobody, nobody)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := inDir(exec.Command(filepath.Join(dir, "ipc"), "server", "-socket", "desk"), dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	start(t, cmd).prints("listening on desk")
	if got := run(t, dir, "who am I?\n", built, "client", "desk"); got != "uid=0 who am I?\n" {
		t.Errorf("the server has answered %q; want uid=0", got)
	}
}
