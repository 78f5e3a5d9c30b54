package harness

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptT lets testscript play one script outside of `go test`. testscript
// relies on FailNow, Skip and Fatal not returning, so each play has a goroutine
// that they can end.
type scriptT struct {
	mu      sync.Mutex
	log     strings.Builder
	failed  bool
	skipped bool
}

// run calls f in a goroutine of its own and waits for it.
func (t *scriptT) run(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if r := recover(); r != nil {
				t.Log(fmt.Sprintf("FAIL: :0: panic: %v\n%s", r, debug.Stack()))
				t.mu.Lock()
				t.failed = true
				t.mu.Unlock()
			}
		}()
		f()
	}()
	<-done
}

func (t *scriptT) Run(_ string, f func(testscript.T)) { t.run(func() { f(t) }) }

func (t *scriptT) Parallel()     {}
func (t *scriptT) Verbose() bool { return false }

func (t *scriptT) Log(args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintln(&t.log, args...)
}

func (t *scriptT) FailNow() {
	t.mu.Lock()
	t.failed = true
	t.mu.Unlock()
	runtime.Goexit()
}

func (t *scriptT) Fatal(args ...any) {
	t.Log(args...)
	t.FailNow()
}

func (t *scriptT) Skip(args ...any) {
	t.mu.Lock()
	t.skipped = true
	t.log.Reset()
	t.mu.Unlock()
	t.Log(args...)
	runtime.Goexit()
}

func (t *scriptT) reason() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(t.log.String())
}

// failLine is how testscript's log says what failed.
var failLine = lazily(`(?ms)^FAIL: .*?:(\d+): (.*)`)

// lastFailure returns the line of the script and the message that a log of
// testscript's ends with; line 0 and the whole log where it names none.
func lastFailure(log string) (line int, message string) {
	m := failLine().FindStringSubmatch(log)
	if m == nil {
		return 0, log
	}
	line, _ = strconv.Atoi(m[1])
	return line, strings.TrimSpace(m[2])
}
