package message

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	for _, text := range []string{".", "test", "www.example.test", `a\.b.test`, `\\.test`, `\@.test`, `\000\255\032.test`, `\&.test`} {
		name, pointer, err := parseName(text)
		if err != nil || name.String() != text || pointer != "" {
			t.Errorf("%q is read as %v, %q, %v", text, name, pointer, err)
		}
	}
	for _, text := range []string{"a..b", ".a", `a\`, `\25`, `\256`, "@x", "@1.a"} {
		if name, _, err := parseName(text); err == nil {
			t.Errorf("%q is read as %v", text, name)
		}
	}
	for _, test := range []struct {
		name, zone string
		in         bool
	}{{"www.example.test", "example.test", true}, {"EXAMPLE.test", "example.TEST", true}, {"notexample.test", "example.test", false}, {"a.b", ".", true}, {"test", "example.test", false}, {`a\.b`, "b", false}} {
		name, _, _ := parseName(test.name)
		zone, _, _ := parseName(test.zone)
		if name.In(zone) != test.in {
			t.Errorf("%s in %s is not %v", test.name, test.zone, test.in)
		}
	}
}

// Text can write labels that are too long, so that programs are sent them.
func TestLongLabels(t *testing.T) {
	for size := 63; size <= 255; size++ {
		name, _, err := parseName(strings.Repeat("A", size) + ".B.Test")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := name.Fold().String(), strings.Repeat("a", size)+".b.test"; got != want {
			t.Errorf("%v is %v in small letters", name, got)
		}
		if zone := Name("\x04test\x00"); !name.In(zone) || zone.In(name) {
			t.Errorf("%v is in %v: %v, the other way round: %v", name, zone, name.In(zone), zone.In(name))
		}
	}
}
