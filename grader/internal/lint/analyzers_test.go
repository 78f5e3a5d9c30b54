package lint

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
)

// together is all analyzers in one: to load the standard library once is what
// takes the time.
var together = &analysis.Analyzer{
	Name: "together",
	Doc:  "runs all analyzers",
	Run: func(pass *analysis.Pass) (any, error) {
		p := &program{Info: pass.TypesInfo, pkg: pass.Pkg, files: pass.Files, report: pass.Reportf}
		p.follow()
		for _, a := range analyzers {
			a.find(p)
		}
		return nil, nil
	},
}

// Each analyzer has a folder of testdata, in which comments say what is found.
// In the folder silent nothing is.
func TestAnalyzers(t *testing.T) {
	folders := []string{"silent"}
	for _, a := range analyzers {
		folders = append(folders, a.name)
	}
	analysistest.Run(t, analysistest.TestData(), together, folders...)
}
