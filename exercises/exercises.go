// Package exercises carries the workbook's lessons as its readers see them:
// the syllabus, every lesson's README and its public scenarios. The grader
// takes them from here and never from a submission, so that a student who
// edits a scenario changes only his own copy.
//
// The package holds no program: what a student fills in stands in the folders
// beside it, one lesson each.
package exercises

import "embed"

// FS holds README.md (the syllabus), LESSON/README*.md and LESSON/testdata.
//
//go:embed README.md */README*.md */testdata
var FS embed.FS
