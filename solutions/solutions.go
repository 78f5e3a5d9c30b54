// Package solutions carries what a teacher keeps from students: for every
// lesson the model program, its hidden scenarios, and the mutants and variants
// that prove the scenarios. A handout has this folder without any lesson in it;
// the package builds there too.
package solutions

import "embed"

// FS holds LESSON/*.go and LESSON/testdata of every lesson that is here.
//
//go:embed *
var FS embed.FS
