//go:build unix

package proof

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ratioMax is how much more an attempt may cost than another.
const ratioMax = 1.25

// BenchmarkWork compares the processor time that a server uses for an attempt
// with a wrong password, with an unknown name, with an impossible name, and
// with a user whose record is cheaper than others. Rounds take turns, so that
// what else the machine does falls on all alike; the medians are compared.
func BenchmarkWork(b *testing.B) {
	exe := buildAuth(b)
	file := filepath.Join(b.TempDir(), "users")
	for user, iterations := range map[string]int{"ann": 600_000, "old": 1_000} {
		run(b, exe, "secret\n", "passwd", "-iterations", fmt.Sprint(iterations), file, user)
	}
	attempts := []struct{ what, name, password string }{
		{"wrong password", "ann", "wrong"},
		{"unknown name", "nobody", "wrong"},
		{"impossible name", "no body", "wrong"},
		{"empty password", "ann", ""},
		{"cheap record", "old", "wrong"},
		{"long line", strings.Repeat("n", 2_000), "wrong"},
	}
	spent := make([][]time.Duration, len(attempts))
	for b.Loop() {
		for i, a := range attempts {
			spent[i] = append(spent[i], cost(b, exe, file, a.name, a.password))
		}
	}
	first := median(spent[0])
	for i, a := range attempts {
		m := median(spent[i])
		ratio := float64(m) / float64(first)
		b.Logf("%-16s %8.1f ms   %.2f of a wrong password", a.what, float64(m)/1e6, ratio)
		b.ReportMetric(ratio, strings.ReplaceAll(a.what, " ", "-")+"/wrong")
		if ratio > ratioMax || ratio < 1/ratioMax {
			b.Errorf("%s costs %.2f of what a wrong password costs", a.what, ratio)
		}
	}
}

// cost returns the processor time of a server in which one attempt was made.
// Its start is a part of it, some milliseconds, and the same for all.
func cost(b *testing.B, exe, file, name, password string) time.Duration {
	server, address := startServer(b, exe, "-users", file)
	if answer := visit(b, address).try(b, name, password); !strings.HasPrefix(answer, "FAIL ") {
		b.Fatalf("the answer is %q", answer)
	}
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	if err := server.Wait(); err != nil {
		b.Fatal(err)
	}
	return server.ProcessState.UserTime() + server.ProcessState.SystemTime()
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

// run runs the program to its end with this input.
func run(t testing.TB, exe, input string, args ...string) {
	t.Helper()
	program := exec.Command(exe, args...)
	program.Stdin = strings.NewReader(input)
	if out, err := program.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
