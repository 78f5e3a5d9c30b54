package lint

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// Each analyzer finds what its folder of testdata says, and nothing else there
// or in the folder silent.
func TestAnalyzers(t *testing.T) {
	for _, a := range analyzers {
		t.Run(a.Name, func(t *testing.T) {
			analysistest.Run(t, analysistest.TestData(), a, a.Name, "silent")
		})
	}
}
