package sandbox

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// zoneVariable names, in the environment of a test binary that runs as a zone
// does, the program that attacks, and listenerVariable where somebody listens on
// the machine's own loopback interface.
const (
	zoneVariable     = "SANDBOX_TEST_ATTACK"
	listenerVariable = "SANDBOX_TEST_LISTENER"
)

// TestMain runs the tests in a process such as the one that starts students'
// programs. Where there can be none, each test says so and skips.
func TestMain(m *testing.M) {
	if os.Getenv(zoneVariable) != "" {
		if err := Settle("/mnt", 1<<20); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(m.Run())
	}
	os.Exit(outside(m))
}

var notStrong error

func outside(m *testing.M) int {
	dir, err := os.MkdirTemp("", "sandbox-test-")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(dir)
	os.Chmod(dir, 0o755)
	attack := filepath.Join(dir, "attack")
	build := exec.Command("go", "build", "-o", attack, "./testdata/attack")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Printf("%v: %v\n%s", build, err, out)
		return 1
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer listener.Close()
	os.Setenv(listenerVariable, listener.Addr().String())
	// What go test keeps for itself lies where nobody else can write.
	args := slices.DeleteFunc(os.Args[1:], func(arg string) bool { return strings.HasPrefix(arg, "-test.testlogfile=") })
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), zoneVariable+"="+attack)
	cmd.SysProcAttr = ZoneAttr()
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	runtime.LockOSThread()
	if err := cmd.Start(); err != nil {
		notStrong = err
		os.Setenv(zoneVariable, attack)
		return m.Run()
	}
	cmd.Wait()
	return cmd.ProcessState.ExitCode()
}

// A jailed is a program in a jail.
type jailed struct {
	t       *testing.T
	cmd     *exec.Cmd
	out     *os.File // what it printed
	release func() error
	dir     string
}

// started starts the attacking program in a jail.
func started(t *testing.T, level Level, args ...string) *jailed {
	t.Helper()
	if level == Strong && notStrong != nil {
		t.Skip("no namespaces here:", notStrong)
	}
	if v, err := landlockVersion(); err != nil || v < leastLandlock {
		t.Skip("no Landlock here:", v, err)
	}
	p := &jailed{t: t, dir: workDir(t, level), out: output(t)}
	p.cmd = exec.Command(os.Getenv(zoneVariable), args...)
	p.cmd.Dir, p.cmd.Env = p.dir, []string{"TZ=UTC", "TMPDIR=/tmp"}
	tmp := t.TempDir()
	if level == Reduced {
		p.cmd.Env[1] = "TMPDIR=" + tmp
	}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	jail := Program(level, os.Getenv(zoneVariable), p.dir, tmp)
	jail.Limits.Data = 256 << 20
	var err error
	if p.release, err = jail.Start(p.cmd); err != nil {
		t.Fatal(err)
	}
	return p
}

func workDir(t *testing.T, level Level) string {
	dir := t.TempDir()
	if level == Strong {
		if err := MountTemporary(dir, 64<<20); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { Unmount(dir) })
	}
	return dir
}

// end waits for the program, and returns what it printed.
func (p *jailed) end() string {
	p.t.Helper()
	_ = p.cmd.Wait()
	if err := p.release(); err != nil {
		p.t.Error(err)
	}
	return printed(p.t, p.out)
}

// output is a file for what a program prints.
func output(t *testing.T) *os.File {
	f, err := os.Create(filepath.Join(t.TempDir(), "output"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func printed(t *testing.T, f *os.File) string {
	text, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
