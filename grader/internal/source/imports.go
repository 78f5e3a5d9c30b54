package source

import (
	"go/parser"
	"go/token"
	"slices"
	"strconv"
)

// Imports returns the paths that the files import, sorted, each once.
func (f Files) Imports() []string {
	var paths []string
	for name, text := range f {
		file, _ := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
