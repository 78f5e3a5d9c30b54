package lint

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/passes/inspect"
)

// together is all analyzers in one: to load the standard library once is what
// takes the time.
var together = &analysis.Analyzer{
	Name:     "together",
	Doc:      "runs all analyzers",
	Requires: []*analysis.Analyzer{inspect.Analyzer, flows},
	Run: func(pass *analysis.Pass) (any, error) {
		for _, a := range analyzers {
			if _, err := a.Run(pass); err != nil {
				return nil, err
			}
		}
		return nil, nil
	},
}

// Each analyzer has a folder of testdata, in which comments say what is found.
// In the folder silent nothing is.
func TestAnalyzers(t *testing.T) {
	folders := []string{"silent"}
	for _, a := range analyzers {
		folders = append(folders, a.Name)
	}
	analysistest.Run(t, analysistest.TestData(), together, folders...)
}
