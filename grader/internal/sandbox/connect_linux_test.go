package sandbox

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A program of the profile sockets connects to sockets below its own folder, and to
// nothing else.
func TestSockets(t *testing.T) {
	profile, err := ParseProfile("sockets")
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ try, want string }{
		{"own-sockets", "ok: all of it"},
		{"files", "ok: all of it"},
		{"dial unix " + unixListener(t), "refused: dial unix"},
		{"dial unix @wirebook-test", "refused: dial unix"},
		{"through " + unixListener(t), "refused: dial unix"},
		{"retarget " + unixListener(t), "ok: its own alone"},
		{"own-mode", "ok: -rw-r-----"},
		{"mode " + secret, "refused: chmod"},
		{"netlink", "refused: operation not permitted"},
		{"unshare", "refused: operation not permitted"},
		{"command", "refused: fork/exec"},
	}
	for _, level := range []Level{Strong, Reduced} {
		for _, test := range tests {
			t.Run(level.String()+"/"+strings.Fields(test.try)[0], func(t *testing.T) {
				if got := startedAs(t, profile, level, strings.Fields(test.try)...).end(); !strings.HasPrefix(got, test.want) {
					t.Errorf("%s; want %s", got, test.want)
				}
			})
		}
	}
	for _, try := range []string{"dial tcp 127.0.0.1:1", "datagrams", "send " + unixListener(t)} {
		t.Run("reduced/"+strings.Fields(try)[0], func(t *testing.T) {
			if got := startedAs(t, profile, Reduced, strings.Fields(try)...).end(); !strings.Contains(got, "operation not permitted") {
				t.Errorf("%s: %s; want a refusal", try, got)
			}
		})
	}
}

// Where the names of the machine's files are seen, no pair of sockets leads to one.
func TestPairsLeadNowhere(t *testing.T) {
	if got := started(t, Reduced, "send", unixListener(t)).end(); got != "refused: operation not permitted" {
		t.Errorf("%s; want a refusal", got)
	}
}
