package proof

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	atOnce  = 50 // programs: half of them put, half of them get
	rounds  = 4  // of them
	perPut  = 30 // messages
	longest = 4000
)

// message is what a put says as its line i, from 0. It can be told from any part of it.
func message(put, i int) string {
	return fmt.Sprintf("<%d %d %s>", put, i, strings.Repeat("x", (put*7919+i*104729)%longest))
}

// TestNothingIsLost lets many programs put into one file and get from it at the same
// time, and kills every third at a random moment.
func TestNothingIsLost(t *testing.T) {
	exe, file := built, filepath.Join(t.TempDir(), "notes")
	var mu sync.Mutex
	var done []int          // puts that exited 0
	var all, whole []string // outputs of all gets, and of those that exited 0
	killed := 0
	for round := range rounds {
		var programs sync.WaitGroup
		for i := range atOnce {
			programs.Go(func() {
				put, kill := round*atOnce+i, (i/2)%3 == round%3
				var out string
				var ok bool
				if i%2 == 0 {
					_, ok = play(t, kill, lines(put), exe, "put", file)
				} else {
					out, ok = play(t, kill, "", exe, "get", file)
				}
				mu.Lock()
				defer mu.Unlock()
				switch {
				case i%2 == 0 && ok:
					done = append(done, put)
				case i%2 == 1:
					all = append(all, out)
					if ok {
						whole = append(whole, out)
					}
				}
				if !ok {
					killed++
				}
			})
		}
		programs.Wait()
	}
	rest, _ := play(t, false, "", exe, "get", file)
	all, whole = append(all, rest), append(whole, rest)

	seen, twice := count(t, all), count(t, whole)
	for _, put := range done {
		for i := range perPut {
			if seen[message(put, i)] == 0 {
				t.Errorf("line %d of put %d was put and is lost", i, put)
			}
		}
	}
	for m, n := range twice {
		if n > 1 {
			t.Errorf("%.20q... was printed by %d gets that exited 0", m, n)
		}
	}
	for put := range rounds * atOnce {
		for i := 1; i < perPut; i++ {
			if seen[message(put, i)] > 0 && seen[message(put, i-1)] == 0 {
				t.Errorf("line %d of put %d is there, and the one before it is not", i, put)
			}
		}
	}
	t.Logf("%d programs, %d killed, %d puts done, %d messages seen", rounds*atOnce, killed, len(done), len(seen))
}

// lines is the input of a put.
func lines(put int) string {
	var b strings.Builder
	for i := range perPut {
		b.WriteString(message(put, i) + "\n")
	}
	return b.String()
}

// count counts the messages in what gets have printed. The last of a get that was killed
// may be torn on its way.
func count(t *testing.T, outputs []string) map[string]int {
	t.Helper()
	seen := make(map[string]int)
	for _, out := range outputs {
		for m := range strings.Lines(out) {
			m, ended := strings.CutSuffix(m, "\n")
			if !ended {
				continue
			}
			words := strings.Fields(strings.TrimPrefix(m, "<"))
			if len(words) < 2 {
				t.Errorf("a get has printed %.40q", m)
				continue
			}
			put, _ := strconv.Atoi(words[0])
			i, _ := strconv.Atoi(words[1])
			if m != message(put, i) {
				t.Errorf("a get has printed the torn message %.40q", m)
			}
			seen[m]++
		}
	}
	return seen
}

// play runs a program and reports what it printed and whether it exited 0.
func play(t *testing.T, kill bool, input, exe string, args ...string) (string, bool) {
	cmd := exec.Command(exe, args...)
	cmd.Stdin = strings.NewReader(input)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return "", false
	}
	if kill {
		// A moment that falls anywhere between its start and its end.
		time.Sleep(rand.N(60 * time.Millisecond))
		_ = cmd.Process.Kill() // it may have ended by itself
	}
	err := cmd.Wait()
	if err != nil && !kill {
		t.Errorf("%q: %v\n%s", args, err, &said)
	}
	return out.String(), err == nil
}
