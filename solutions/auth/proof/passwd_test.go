package proof

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	setters = 50 // passwd at the same time
	rounds  = 4  // of them
)

var recordLine = regexp.MustCompile(`^user[0-9]+:pbkdf2-sha256\$[0-9]+\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)

// TestNoUpdateIsLost lets many passwd write one file at the same time and kills
// every third at a random moment. Whatever was reported done must be there at
// the end, and the file must be whole whenever somebody looks.
func TestNoUpdateIsLost(t *testing.T) {
	exe := buildAuth(t)
	file := filepath.Join(t.TempDir(), "users")
	stop, looked := make(chan bool), make(chan int)
	go func() { looked <- lookOn(t, file, stop) }()

	// done has, for each user, the iterations of the updates that were
	// reported done, in their order. A killed one may have been done too.
	done := make(map[int]int)
	killed := 0
	for round := range rounds {
		var mu sync.Mutex
		var all sync.WaitGroup
		for user := range setters {
			all.Go(func() {
				iterations := 100 + round
				ok := setPassword(t, exe, file, user, iterations, user%3 == round%3)
				mu.Lock()
				defer mu.Unlock()
				if ok {
					done[user] = iterations
				} else {
					killed++
				}
			})
		}
		all.Wait()
	}
	close(stop)
	looks := <-looked

	users := readWhole(t, file)
	for user, iterations := range done {
		if users[user] < iterations {
			t.Errorf("user%d: the update with %d iterations was done and is lost; the file has %d", user, iterations, users[user])
		}
	}
	t.Logf("%d passwd, %d killed, %d users in the file, looked at %d times", rounds*setters, killed, len(users), looks)
}

// setPassword runs one passwd and reports whether it said that it was done.
func setPassword(t *testing.T, exe, file string, user, iterations int, kill bool) bool {
	passwd := exec.Command(exe, "passwd", "-iterations", fmt.Sprint(iterations), file, fmt.Sprintf("user%d", user))
	passwd.Stdin = strings.NewReader("secret\n")
	var said strings.Builder
	passwd.Stdout, passwd.Stderr = &said, &said
	if err := passwd.Start(); err != nil {
		t.Error(err)
		return false
	}
	if kill {
		// A moment that falls anywhere between its start and its end.
		time.Sleep(rand.N(60 * time.Millisecond))
		_ = passwd.Process.Kill() // it may have ended by itself
	}
	err := passwd.Wait()
	if err != nil && !kill {
		t.Errorf("user%d: %v: %s", user, err, said.String())
	}
	return err == nil
}

// lookOn reads the file again and again until stop, and returns how often.
func lookOn(t *testing.T, file string, stop <-chan bool) (looks int) {
	for {
		select {
		case <-stop:
			return looks
		default:
			readWhole(t, file)
			looks++
			time.Sleep(time.Millisecond)
		}
	}
}

// readWhole returns the iterations of each user; every line of the file must be
// a record, and no user may have two.
func readWhole(t *testing.T, file string) map[int]int {
	users := make(map[int]int)
	content, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return users
	}
	if err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(string(content)) {
		var user, iterations int
		line, whole := strings.CutSuffix(line, "\n")
		if !whole || !recordLine.MatchString(line) {
			t.Errorf("the file has the line %q", line)
			continue
		}
		if _, err := fmt.Sscanf(line, "user%d:pbkdf2-sha256$%d$", &user, &iterations); err != nil {
			t.Error(err)
		}
		if _, twice := users[user]; twice {
			t.Errorf("the file has user%d twice", user)
		}
		users[user] = iterations
	}
	return users
}
