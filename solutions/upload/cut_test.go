package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// cuts are the ways in which a connection can be lost.
var cuts = map[string]func(*net.TCPConn) error{
	"half-close": (*net.TCPConn).CloseWrite,
	"close":      (*net.TCPConn).Close,
	"reset": func(conn *net.TCPConn) error {
		if err := conn.SetLinger(0); err != nil { // the next Close is a reset
			return err
		}
		return conn.Close()
	},
}

// TestCut loses a connection at every byte of the header and at 200 random
// bytes of the body. Each time the name must show what it showed before: no
// file, and in a second round the old file.
func TestCut(t *testing.T) {
	const bodies = 200
	random := rand.New(rand.NewPCG(seed, 1))
	body := randomBytes(random, 100_000)
	old := randomBytes(random, 1000)
	header := fmt.Sprintf("%d report final.txt\n", len(body))
	message := append([]byte(header), body...)

	var points []int
	for at := range len(header) + 1 {
		points = append(points, at)
	}
	for range bodies {
		points = append(points, len(header)+random.IntN(len(body)))
	}

	exe := buildUpload(t)
	for kind, cut := range cuts {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			server := startUpload(t, exe, dir)
			for _, at := range points {
				cutAt(t, server, message[:at], cut)
				if shown := names(t, dir); len(shown) != 0 {
					t.Fatalf("cut after %d bytes: the folder shows %q", at, shown)
				}
			}
			server.upload(t, "report final.txt", old)
			for _, at := range points {
				cutAt(t, server, message[:at], cut)
				if got := readFile(t, filepath.Join(dir, "report final.txt")); !bytes.Equal(got, old) {
					t.Fatalf("cut after %d bytes: the old file became another, of %d bytes", at, len(got))
				}
			}
			// The server has no reason to be dead or confused.
			server.upload(t, "report final.txt", body)
			if shown := names(t, dir); !slices.Equal(shown, []string{"report final.txt"}) {
				t.Fatalf("in the end the folder shows %q", shown)
			}
		})
	}
}

// cutAt sends the first bytes of a message and loses the connection.
func cutAt(t *testing.T, server *process, first []byte, cut func(*net.TCPConn) error) {
	t.Helper()
	conn := server.dial(t)
	defer conn.Close()
	if _, err := conn.Write(first); err != nil {
		t.Fatal(err)
	}
	if err := cut(conn); err != nil {
		t.Fatal(err)
	}
	drain(conn)
}

// TestKill kills the server at random moments of many uploads: while it reads,
// while it writes, while it renames, before it answers. What then stands under
// a final name must be whole, and when it was answered OK it must be there.
func TestKill(t *testing.T) {
	const kills = 60
	random := rand.New(rand.NewPCG(seed, 2))
	exe, dir := buildUpload(t), t.TempDir()

	versions := map[string][][]byte{} // what a name may show
	acknowledged := map[string]int{}  // the first version that it may show
	for i := range kills {
		server := startUpload(t, exe, dir)
		name := fmt.Sprintf("file%d", i%3)
		for range random.IntN(3) {
			body := newVersion(random, versions, name)
			server.upload(t, name, body)
			acknowledged[name] = len(versions[name]) - 1
		}
		killWithin(t, random, server, name, newVersion(random, versions, name))
		checkFolder(t, i, dir, versions, acknowledged)
	}

	// A server that starts removes what the killed ones left.
	server := startUpload(t, exe, dir)
	server.upload(t, "last", []byte("last"))
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name()[0] == '.' {
			t.Errorf("%s was left over", entry.Name())
		}
	}
}

// newVersion invents the next bytes of a file.
func newVersion(random *rand.Rand, versions map[string][][]byte, name string) []byte {
	body := randomBytes(random, random.IntN(300_000))
	versions[name] = append(versions[name], body)
	return body
}

// killWithin sends some of a file, or all of it, and kills the server while it
// is still at it.
func killWithin(t *testing.T, random *rand.Rand, server *process, name string, body []byte) {
	t.Helper()
	conn := server.dial(t)
	defer conn.Close()
	message := append(fmt.Appendf(nil, "%d %s\n", len(body), name), body...)
	if random.IntN(2) == 0 { // else all: the kill meets fsync, rename or answer
		message = message[:random.IntN(len(message))]
	}
	if _, err := conn.Write(message); err != nil {
		t.Fatal(err)
	}
	for range random.IntN(2000) { // a moment that no clock has to measure
		_, _ = os.Lstat(os.DevNull)
	}
	server.kill()
}

// checkFolder demands that each name shows one of the versions that it may.
func checkFolder(t *testing.T, round int, dir string, versions map[string][][]byte, acknowledged map[string]int) {
	t.Helper()
	shown := names(t, dir)
	for name := range acknowledged {
		if !slices.Contains(shown, name) {
			t.Fatalf("seed %d, kill %d: %s was answered OK and is not there", seed, round, name)
		}
	}
	for _, name := range shown {
		got := readFile(t, filepath.Join(dir, name))
		may := versions[name][acknowledged[name]:]
		if !slices.ContainsFunc(may, func(v []byte) bool { return bytes.Equal(v, got) }) {
			t.Fatalf("seed %d, kill %d: %s shows %d bytes that are no whole file", seed, round, name, len(got))
		}
	}
}
