package workbook

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"wirebook/grader/internal/source"
)

const program = `package main

func main() {
	a()
	b()
	a()
}
`

func TestMutantFiles(t *testing.T) {
	lesson := &Lesson{
		Solution: source.Files{"main.go": []byte(program)},
		Variants: []*Variant{{Name: "other", Files: source.Files{"main.go": []byte("package main\n\nfunc main() { c() }\n")}}},
	}
	tests := []struct{ name, archive, want, wantErr string }{
		{name: "replaced",
			archive: "# T.\n# want: one\n-- main.go: replace --\n\tb()\n-- main.go: with --\n\tc()\n\td()\n",
			want:    strings.Replace(program, "\tb()\n", "\tc()\n\td()\n", 1)},
		{name: "removed",
			archive: "# T.\n# want: one\n-- main.go: replace --\n\tb()\n-- main.go: with --\n",
			want:    strings.Replace(program, "\tb()\n", "", 1)},
		{name: "a part of a line",
			archive: "# T.\n# want: one\n-- main.go: replace --\nmain()\n-- main.go: with --\nrun()\n",
			want:    strings.Replace(program, "main()", "run()", 1)},
		{name: "of a variant",
			archive: "# T.\n# want: one\n# of: other\n-- main.go: replace --\nfunc main() { c() }\n-- main.go: with --\nfunc main() {}\n",
			want:    "package main\n\nfunc main() {}\n"},
		{name: "whole",
			archive: "# T.\n# want: one\n-- main.go --\npackage main\n", want: "package main\n"},
		{name: "not there",
			archive: "# T.\n# want: one\n-- main.go: replace --\ne()\n-- main.go: with --\n",
			wantErr: `m.txtar: -- main.go: replace --: this is not in the program: "e()"`},
		{name: "twice",
			archive: "# T.\n# want: one\n-- main.go: replace --\n\ta()\n-- main.go: with --\n",
			wantErr: `m.txtar: -- main.go: replace --: this stands 2 times in the program, so which is meant? add more of its neighbours: "\ta()"`},
		{name: "unknown file",
			archive: "# T.\n# want: one\n-- x.go: replace --\n\ta()\n-- x.go: with --\n",
			wantErr: `m.txtar: it patches "x.go", which the program has not; its files are main.go`},
		{name: "no with",
			archive: "# T.\n# want: one\n-- main.go: replace --\n\ta()\n",
			wantErr: `m.txtar: after "-- main.go: replace --" comes "-- main.go: with --"`},
		{name: "no want",
			archive: "# T.\n-- main.go --\n",
			wantErr: `m.txtar: no scenario to fail; add a line # want: with the scenarios`},
		{name: "unknown variant",
			archive: "# T.\n# want: one\n# of: none\n-- main.go --\n",
			wantErr: `m.txtar: # of: none: no such variant`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := parseMutant("m.txtar", txtar.Parse([]byte(test.archive)))
			var files source.Files
			if err == nil {
				files, err = m.Files(lesson)
			}
			if err != nil {
				if err.Error() != test.wantErr {
					t.Fatalf("error %q; want %q", err, test.wantErr)
				}
				return
			}
			if diff := cmp.Diff(test.want, string(files["main.go"])); test.wantErr != "" || diff != "" {
				t.Errorf("main.go (-want +got, error %q wanted):\n%s", test.wantErr, diff)
			}
		})
	}
	if string(lesson.Solution["main.go"]) != program {
		t.Error("making a mutant changed the solution")
	}
}
