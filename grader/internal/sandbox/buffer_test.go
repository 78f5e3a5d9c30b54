package sandbox

import (
	"io"
	"strings"
	"testing"
)

func TestBuffer(t *testing.T) {
	b := &Buffer{Max: 5}
	for _, s := range []struct {
		text, kept string
		over       bool
	}{
		{"abc", "abc", false},
		{"de", "abcde", false},
		{"", "abcde", false},
		{"f", "abcde", true},
		{"gh", "abcde", true},
	} {
		if n, err := io.WriteString(b, s.text); n != len(s.text) || err != nil {
			t.Errorf("writing %q: %d, %v", s.text, n, err)
		}
		if b.String() != s.kept || b.Over != s.over {
			t.Errorf("after %q: %q, over %v; want %q, %v", s.text, b.String(), b.Over, s.kept, s.over)
		}
	}
	cut := &Buffer{Max: 2}
	if _, err := cut.Write([]byte("xyz")); err != nil || cut.String() != "xy" || !cut.Over {
		t.Errorf("a piece over the bound: %q, over %v, %v", cut.String(), cut.Over, err)
	}
}

func TestCopyMeetsTheBound(t *testing.T) {
	b := &Buffer{Max: 5}
	if n, err := io.Copy(b, strings.NewReader("more than five")); n != 14 || err != nil {
		t.Errorf("copied %d, %v", n, err)
	}
	if b.String() != "more " || !b.Over {
		t.Errorf("kept %q, over %v", b.String(), b.Over)
	}
}
