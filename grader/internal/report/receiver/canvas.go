package receiver

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

const (
	gradebookImporter = "https://github.com/instructure/canvas-lms/blob/master/lib/gradebook_importer.rb"
	assignmentModel   = "https://github.com/instructure/canvas-lms/blob/master/app/models/abstract_assignment.rb"
)

const gradebook = "Student,ID,SIS User ID,SIS Login ID,Section,chat (7)\n\"    Points Possible\",,,,,10\n"

// studentColumns is how many columns say who a student is.
func studentColumns(head []string) int {
	n := 3
	switch {
	case len(head) > 2 && strings.Contains(head[2], "SIS Login ID"):
		n++
	case len(head) > 3 && strings.Contains(head[2], "SIS User ID") && strings.Contains(head[3], "SIS Login ID"):
		n += 2
		for _, name := range []string{"Integration ID", "Root Account"} {
			if len(head) > n-1 && strings.Contains(head[n-1], name) {
				n++
			}
		}
	}
	return n
}

// CanvasGradebook takes a grade book.
var CanvasGradebook = &Receiver{
	Name: "Canvas's grade book", good: gradebook + "\"Lee, Ann\",11,,ann,A,3.5\n", parse: asTable,
	rules: []rule{
		{"the head begins with Student and ID", gradebookImporter,
			func(f any) string {
				head := f.([][]string)[0]
				return unless(len(head) > 3 && strings.Contains(head[0], "Student") && strings.Contains(head[1], "ID"), head)
			}, "Name,Login,Section,chat\n"},
		{"the last column about a student is Section", gradebookImporter,
			func(f any) string {
				head := f.([][]string)[0]
				n := studentColumns(head)
				return unless(len(head) < n || !strings.Contains(head[0], "Student") || strings.Contains(head[n-1], "Section"), head)
			}, "Student,ID,chat,Section\n"},
		{"a row of Points Possible comes before the students", gradebookImporter,
			func(f any) string {
				rows := f.([][]string)
				i := slices.IndexFunc(rows, func(row []string) bool { return strings.Contains(row[0], "Points Possible") })
				return unless(len(rows) < 2 || i == 1 || i == 2 && strings.TrimSpace(strings.Join(rows[1][:2], "")) == "", i)
			}, "Student,ID,Section,chat\nAnn,11,A,3\n"},
		{"all rows have as many cells", gradebookImporter, sameWidth, gradebook + "Ann,11,,ann,A\n"},
		{"a grade is a number, EX or nothing", gradebookImporter,
			func(f any) string {
				rows := f.([][]string)
				for _, row := range rows[1:] {
					for _, text := range row[min(len(row), studentColumns(rows[0])):] {
						if !isGrade(text) && text != "EX" {
							return text
						}
					}
				}
				return ""
			}, gradebook + "Ann,11,,ann,A,3 of 10\n"},
	},
}

var digits = regexp.MustCompile(`^\d+$`)

// CanvasFeedback takes the paths in a zip of submissions that are uploaded again,
// a line each.
var CanvasFeedback = &Receiver{
	Name: "Canvas's submissions", good: "leeann_LATE_11_22_feedback.html\n", parse: asLines,
	rules: []rule{
		{"a name has the student's number and the file's between underscores", assignmentModel,
			func(f any) string {
				for line := range strings.Lines(f.(string)) {
					numbers := 0
					for _, part := range strings.Split(path.Base(strings.TrimSpace(line)), "_") {
						if digits.MatchString(part) {
							numbers++
						}
					}
					if numbers < 2 {
						return line
					}
				}
				return ""
			}, "leeann_11_feedback.html\n"},
		{"a name is neither that of a link nor macOS's", assignmentModel,
			func(f any) string {
				for line := range strings.Lines(f.(string)) {
					name := path.Base(strings.TrimSpace(line))
					if parts := strings.Split(name, "_"); strings.HasPrefix(parts[len(parts)-1], "link") || strings.HasPrefix(name, "._") {
						return line
					}
				}
				return ""
			}, "leeann_11_22_link.html\n"},
	},
}
