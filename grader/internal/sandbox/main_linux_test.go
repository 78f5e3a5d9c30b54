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
	"syscall"
	"testing"
)

// zoneVariable names, in the environment of a test binary that runs as a zone
// does, the program that attacks; listenerVariable where somebody listens on the
// machine's own loopback interface; and reducedVariable says why there are no
// namespaces.
const (
	zoneVariable     = "SANDBOX_TEST_ATTACK"
	listenerVariable = "SANDBOX_TEST_LISTENER"
	reducedVariable  = "SANDBOX_TEST_REDUCED"
)

// noZone is the exit status of a test binary that cannot run as a zone.
const noZone = 77

// TestMain runs the tests in a process such as the one that starts students'
// programs. Where there can be none, each test says so and skips.
func TestMain(m *testing.M) {
	if os.Getenv(zoneVariable) != "" {
		if notStrong == "" {
			if err := Settle("/mnt", 1<<20); err != nil {
				fmt.Println(err)
				os.Exit(noZone)
			}
		}
		os.Exit(m.Run())
	}
	os.Exit(outside())
}

// notStrong is why there is no zone, empty in one.
var notStrong = os.Getenv(reducedVariable)

// outside runs the tests in a zone, or where there is none, as a process that is
// nobody.
func outside() int {
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
	run := func(attr *syscall.SysProcAttr, reduced string) (status int, err error) {
		cmd := exec.Command("/proc/self/exe", args...)
		cmd.Env = append(os.Environ(), zoneVariable+"="+attack, reducedVariable+"="+reduced)
		cmd.SysProcAttr = attr
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return noZone, err
		}
		err = cmd.Wait()
		return cmd.ProcessState.ExitCode(), err
	}
	runtime.LockOSThread() // a zone dies with the thread that has started it
	status, err := run(ZoneAttr(), "")
	if status != noZone {
		return status
	}
	attr := new(syscall.SysProcAttr)
	if Root() {
		attr.Credential = &syscall.Credential{Uid: Nobody, Gid: Nobody}
	}
	status, _ = run(attr, err.Error())
	return status
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
	return startedAs(t, Profile{}, level, args...)
}

// startedAs is started with a profile. In the folder of that stands the program,
// too.
func startedAs(t *testing.T, profile Profile, level Level, args ...string) *jailed {
	t.Helper()
	if level == Strong && notStrong != "" {
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
	if profile.Folder != "" {
		if err := os.CopyFS(filepath.Join(p.dir, profile.Folder), os.DirFS(filepath.Dir(os.Getenv(zoneVariable)))); err != nil {
			t.Fatal(err)
		}
	}
	jail := Program(level, profile, os.Getenv(zoneVariable), p.dir, tmp)
	jail.Limits.Data, jail.Limits.Temporary = 256<<20, 64<<20
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

// pid is the program's number as it knows it itself.
func (p *jailed) pid() string {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, pids, found := strings.Cut(string(status), "NSpid:")
	pids, _, _ = strings.Cut(pids, "\n")
	inside := strings.Fields(pids)
	if !found || len(inside) < 2 {
		p.t.Fatalf("the process namespaces of a program are %q", pids)
	}
	return inside[len(inside)-1]
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
