package zone

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
)

// A zone's outcomes count only as a whole.
func TestReadFrames(t *testing.T) {
	const one = `{"outcome":{"scenario":"a","status":"pass"}}` + "\n"
	const done = `{"done":true}` + "\n"
	tests := []struct{ name, sent, want string }{
		{"whole", one + one + done, ""},
		{"nothing", "", "cut short"},
		{"cut between frames", one + one, "cut short"},
		{"cut in the last frame", one + one + `{"done":tr`, "cut short"},
		{"cut before the line's end", one + one + `{"done":true}`, "cut short"},
		{"one too few", one + done, "ended after 1 outcomes of 2"},
		{"one too many", one + one + one + done, "ended after 3 outcomes of 2"},
		{"an error", one + `{"error":"no memory"}` + "\n", "no memory"},
		{"something else", one + "panic: x\n", "line 2: invalid character"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			outcomes, err := readFrames(strings.NewReader(test.sent), 2, nil)
			switch {
			case test.want == "" && (err != nil || len(outcomes) != 2):
				t.Errorf("%d outcomes, %v", len(outcomes), err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want) || outcomes != nil):
				t.Errorf("%d outcomes, %v; want %s", len(outcomes), err, test.want)
			case test.want == "cut short" && !errors.Is(err, errCut):
				t.Errorf("%v is not %v", err, errCut)
			}
		})
	}
}

// What a machine has run out of says nothing of what it can do, also where a zone tells it.
func TestShortage(t *testing.T) {
	_, told := readFrames(strings.NewReader(`{"error":"no room","short":true}`+"\n"), 1, nil)
	_, forbidden := readFrames(strings.NewReader(`{"error":"operation not permitted"}`+"\n"), 1, nil)
	tests := []struct {
		err  error
		want bool
	}{
		{nil, false},
		{fmt.Errorf("start: %w", &os.PathError{Op: "fork/exec", Path: "x", Err: syscall.EAGAIN}), true},
		{fmt.Errorf("jail: %w", os.NewSyscallError("", syscall.ENOMEM)), true},
		{fmt.Errorf("zone: %w", told), true},
		{fmt.Errorf("zone: %w", forbidden), false},
		{fmt.Errorf("start: %w", syscall.EPERM), false},
		{errCut, false},
	}
	for _, test := range tests {
		if got := IsShortage(test.err); got != test.want {
			t.Errorf("%v: %v; want %v", test.err, got, test.want)
		}
	}
}
