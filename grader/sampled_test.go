package main

import (
	"os"
	"path/filepath"
	"testing"

	"wirebook/grader/internal/sample"
	"wirebook/grader/internal/workbook"
)

// sampled writes the sample class, of those hand-ins that hold every lesson these
// lessons, and returns where a hand-in of it is.
func sampled(t testing.TB, lessons ...string) (handIn func(name string) string) {
	t.Helper()
	book, err := workbook.Tree("..")
	if err != nil {
		t.Fatal(err)
	}
	class := filepath.Join(t.TempDir(), "sample")
	if err := sample.Write(book, class, lessons...); err != nil {
		t.Fatal(err)
	}
	return func(name string) string { return filepath.Join(class, name) }
}

// take copies hand-ins of the sample class into a class, each under the name that it
// stands for.
func take(t testing.TB, class string, hands map[string]string) {
	t.Helper()
	handIn := sampled(t, "subnet", "chat")
	for name, of := range hands {
		if err := os.CopyFS(filepath.Join(class, name), os.DirFS(handIn(of))); err != nil {
			t.Fatal(err)
		}
	}
}
