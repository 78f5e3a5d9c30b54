//go:build unix

package harness_test

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// addrVariable tells TestPlaysForEver whom its program connects to.
const addrVariable = "WIREBOOK_TEST_ADDR"

// TestPlaysForEver is what TestAnEndTakesAllAlong ends from outside.
func TestPlaysForEver(t *testing.T) {
	addr := os.Getenv(addrVariable)
	if addr == "" {
		t.Skip("played by TestAnEndTakesAllAlong")
	}
	demoPlayer(t).Play(context.Background(), scenario(t, "start hold "+addr+"\nexits hold\n"))
}

// However the test binary ends, its programs end with it; unless it is killed
// outright, its files are gone too.
func TestAnEndTakesAllAlong(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(sig.String(), func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			temp := t.TempDir()
			test := exec.Command(os.Args[0], "-test.run", "^TestPlaysForEver$")
			test.Env = append(os.Environ(), addrVariable+"="+l.Addr().String(), "TMPDIR="+temp)
			if err := test.Start(); err != nil {
				t.Fatal(err)
			}
			// The program's connection ends when the program does.
			program, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer program.Close()
			if err := test.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, program)
			test.Wait()
			left, _ := filepath.Glob(filepath.Join(temp, "*"))
			if len(left) > 0 && sig != syscall.SIGKILL {
				t.Errorf("files are left: %q", left)
			}
		})
	}
}
