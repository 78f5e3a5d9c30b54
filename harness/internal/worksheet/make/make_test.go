package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// What follows from the lesson's key is what stands in the workbook.
func TestMade(t *testing.T) {
	const root = "../../../.."
	exercise, solution := filepath.Join(root, "exercises/concepts"), filepath.Join(root, "solutions/concepts")
	if _, err := os.Stat(solution); err != nil {
		t.Skip("the solutions are not here")
	}
	files, err := made(exercise, solution)
	if err != nil {
		t.Fatal(err)
	}
	// The stub is the one that is handed out: who learns here has written into his.
	handedOut, err := txtar.ParseFile(filepath.Join(exercise, "testdata/given/given.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Error(err)
		}
		for _, f := range handedOut.Files {
			if name == filepath.Join(exercise, f.Name) {
				got = f.Data
			}
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" && err == nil {
			t.Errorf("%s is not what follows from the key; run: go generate ./solutions/concepts (-key +file)\n%s", name, diff)
		}
	}
}
