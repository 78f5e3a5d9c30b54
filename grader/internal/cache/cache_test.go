package cache

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"wirebook/harness/telling"

	"wirebook/grader/internal/result"
	"wirebook/grader/internal/source"
)

var key = Key{
	Files:  source.Files{"main.go": []byte("package main\n")},
	Lesson: "chat", Workbook: "w", Toolchain: "go1.26.8", Sandbox: "strong", Seed: 1,
}

func fixed() (string, error) { return "g", nil }

func entry(message string) Entry {
	zero := 0.0
	return Entry{
		Lesson: result.Lesson{Lesson: "chat", Status: result.Graded, Complete: true, Score: &zero, MaxScore: 2,
			Build: []result.Message{}, Scenarios: []result.Scenario{{
				Scenario: "greeting", Status: "fail", Score: &zero, MaxScore: 2, Failure: &telling.Failure{Message: message},
			}}},
		Advice: []result.Finding{{Severity: result.Actionable, Message: "mend it"}},
	}
}

// asked counts how often an entry is found out.
type asked struct {
	count int
	found Entry
	sure  bool
}

func (a *asked) find() (Entry, bool) {
	a.count++
	return a.found, a.sure
}

func TestKept(t *testing.T) {
	dir := t.TempDir()
	a := &asked{found: entry("it hung"), sure: true}
	for range 2 { // two graders, one after the other
		c := openAt(dir, fixed)
		for range 2 {
			if diff := cmp.Diff(a.found, c.Do(t.Context(), key, a.find)); diff != "" {
				t.Errorf("the entry (-want +got):\n%s", diff)
			}
		}
	}
	if a.count != 1 {
		t.Errorf("it was found out %d times; want once", a.count)
	}
}

func TestNotKept(t *testing.T) {
	for name, a := range map[string]*asked{
		"not certain":    {found: entry("it hung")},
		"not as written": {found: entry("not UTF-8: \xff"), sure: true},
	} {
		c := openAt(t.TempDir(), fixed)
		for range 2 {
			if diff := cmp.Diff(a.found, c.Do(t.Context(), key, a.find)); diff != "" {
				t.Errorf("%s: the entry (-want +got):\n%s", name, diff)
			}
		}
		if a.count != 2 {
			t.Errorf("%s: it was found out %d times; want twice", name, a.count)
		}
	}
}

func TestKeys(t *testing.T) {
	keys := map[string]func(*Key){
		"the same":          func(*Key) {},
		"another lesson":    func(k *Key) { k.Lesson = "auth" },
		"another workbook":  func(k *Key) { k.Workbook = "x" },
		"another toolchain": func(k *Key) { k.Toolchain = "go1.27" },
		"another level":     func(k *Key) { k.Sandbox = "plain" },
		"another seed":      func(k *Key) { k.Seed = 2 },
		"another text":      func(k *Key) { k.Files = source.Files{"main.go": []byte("package main")} },
		"another name":      func(k *Key) { k.Files = source.Files{"chat.go": []byte("package main\n")} },
	}
	seen := make(map[string]string)
	for name, change := range keys {
		k := key
		change(&k)
		for _, grader := range []string{"this grader", "another grader"} {
			digest := k.digest(grader)
			if other, ok := seen[digest]; ok {
				t.Errorf("%s, %s and %s have one name", name, grader, other)
			}
			seen[digest] = name + ", " + grader
		}
	}
}

func TestDamaged(t *testing.T) {
	other := key
	other.Seed = 2
	tests := map[string]func(text []byte) []byte{
		"empty":      func([]byte) []byte { return nil },
		"cut":        func(text []byte) []byte { return text[:len(text)-1] },
		"a bit":      func(text []byte) []byte { text[len(text)/2] ^= 1; return text },
		"of another": func(text []byte) []byte { return nil }, // set below
	}
	for name, damage := range tests {
		t.Run(name, func(t *testing.T) {
			c := openAt(t.TempDir(), fixed)
			a := &asked{found: entry("it hung"), sure: true}
			c.Do(t.Context(), key, a.find)
			path := filepath.Join(c.dir, key.digest("g"))
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text = damage(text)
			if name == "of another" {
				b := &asked{found: entry("it crashed"), sure: true}
				c.Do(t.Context(), other, b.find)
				if text, err = os.ReadFile(filepath.Join(c.dir, other.digest("g"))); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, ok := c.read(key.digest("g")); ok {
				t.Error("it is read as if it were whole")
			}
			if _, err := os.Stat(path); err == nil {
				t.Error("it is still there")
			}
			if diff := cmp.Diff(a.found, c.Do(t.Context(), key, a.find)); diff != "" || a.count != 2 {
				t.Errorf("it was found out %d times; want twice; (-want +got):\n%s", a.count, diff)
			}
		})
	}
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	for name, age := range map[string]time.Duration{"old": maxUnused + time.Hour, "unfinished-1": 2 * maxUnused, "new": time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	openAt(dir, fixed)
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "new" {
		t.Errorf("there is %v left, %v; want new", left, err)
	}
}

// Whoever asks while another finds out waits for it, and gets a copy.
func TestTogether(t *testing.T) {
	for name, test := range map[string]struct {
		sure bool
		want int
	}{"certain": {true, 1}, "not certain": {false, 3}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				c := openAt(dir, fixed)
				var mu sync.Mutex
				a := &asked{found: entry("it hung"), sure: test.sure}
				begin := make(chan struct{})
				find := func() (Entry, bool) {
					<-begin
					mu.Lock()
					defer mu.Unlock()
					return a.find()
				}
				got := make([]Entry, 3)
				var wait sync.WaitGroup
				for i := range got {
					wait.Go(func() { got[i] = c.Do(t.Context(), key, find) })
				}
				synctest.Wait() // one finds out, two wait for it
				close(begin)
				wait.Wait()
				if a.count != test.want {
					t.Errorf("it was found out %d times; want %d", a.count, test.want)
				}
				for _, e := range got {
					if diff := cmp.Diff(a.found, e); diff != "" {
						t.Errorf("the entry (-want +got):\n%s", diff)
					}
				}
				if test.sure && got[0].Lesson.Scenarios[0].Failure == got[1].Lesson.Scenarios[0].Failure {
					t.Error("two submissions share one failure; what one changes the other shows")
				}
			})
		})
	}
}

func TestWaitingEnds(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := openAt(dir, fixed)
		begin := make(chan struct{})
		go c.Do(t.Context(), key, func() (Entry, bool) { <-begin; return entry("it hung"), true })
		synctest.Wait()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		a := &asked{found: entry("interrupted")}
		c.Do(ctx, key, a.find)
		if a.count != 1 {
			t.Errorf("it was found out %d times; want once, when nobody waits any more", a.count)
		}
		close(begin)
	})
}

func TestOff(t *testing.T) {
	t.Setenv(Variable, Off)
	c := Open()
	a := &asked{found: entry("it hung"), sure: true}
	for range 2 {
		c.Do(t.Context(), key, a.find)
	}
	if c != nil || a.count != 2 {
		t.Errorf("it was found out %d times; want twice, for nothing is kept", a.count)
	}
}
