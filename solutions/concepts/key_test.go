package main

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// The scenarios, the stub, the questions in the READMEs and the mutants follow from the
// key, questions.json.
//
//go:generate go run wirebook/harness/internal/worksheet/make ../../exercises/concepts .

// The sheet has each question of the key, in its order, and answers it rightly.
func TestKey(t *testing.T) {
	text, err := os.ReadFile("questions.json")
	if err != nil {
		t.Fatal(err)
	}
	var key []struct {
		ID    string
		Right []string
	}
	if err := json.Unmarshal(text, &key); err != nil {
		t.Fatal(err)
	}
	if len(key) != len(answers) {
		t.Fatalf("the sheet has %d answers; the key has %d questions", len(answers), len(key))
	}
	for i, q := range key {
		if a := answers[i]; a.id != q.ID || !slices.Contains(q.Right, a.text) {
			t.Errorf("answer %d is %q to %s; the key has %q to %s", i+1, a.text, a.id, q.Right, q.ID)
		}
	}
}
