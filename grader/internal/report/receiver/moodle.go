package receiver

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	gradeImporter = "https://github.com/moodle/moodle/blob/main/mod/assign/feedback/offline/importgradeslib.php"
	gradeChecks   = "https://github.com/moodle/moodle/blob/main/mod/assign/feedback/offline/locallib.php"
	gradeImport   = "https://docs.moodle.org/en/Grade_import"
	csvReader     = "https://github.com/moodle/moodle/blob/main/lib/csvlib.class.php"
	zipImporter   = "https://github.com/moodle/moodle/blob/main/mod/assign/feedback/file/importziplib.php"
)

func column(rows [][]string, name string) int { return slices.Index(rows[0], name) }

// cells are those of a column, below its head.
func cells(file any, name string) (all []string) {
	rows := file.([][]string)
	i := column(rows, name)
	for _, row := range rows[1:] {
		if i >= 0 && i < len(row) {
			all = append(all, row[i])
		}
	}
	return all
}

// sameWidth reports which row of a table has not as many cells as the first.
func sameWidth(file any) string {
	rows := file.([][]string)
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return fmt.Sprintf("row %d has %d cells, the first has %d", i+1, len(row), len(rows[0]))
		}
	}
	return ""
}

func isGrade(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil || text == "" || text == "-"
}

const worksheet = "Identifier,Full name,Grade,Maximum grade,Last modified (grade),Feedback comments\n"

// MoodleWorksheet takes the grading worksheet of an assignment.
var MoodleWorksheet = &Receiver{
	Name: "Moodle's worksheet", good: worksheet + "Participant 12,Ann,3,10,-,\n", parse: asTable,
	rules: []rule{
		{"there are columns for the identifier, the grade and when it was changed", gradeImporter,
			func(f any) string {
				for _, name := range []string{"Identifier", "Grade", "Last modified (grade)"} {
					if column(f.([][]string), name) < 0 {
						return name
					}
				}
				return ""
			}, "Identifier,Grade\nParticipant 12,3\n"},
		{"each row has as many cells as the head", csvReader, sameWidth, worksheet + "Participant 12,Ann,3,10,-\n"},
		{"an identifier ends with the participant's number", gradeImporter,
			func(f any) string {
				for _, text := range cells(f, "Identifier") {
					if !regexp.MustCompile(`^Participant \d+$`).MatchString(text) {
						return text
					}
				}
				return ""
			}, worksheet + "Ann,Ann,3,10,-,\n"},
		{"a grade is a number or nothing", gradeImporter,
			func(f any) string {
				for _, text := range cells(f, "Grade") {
					if !isGrade(text) {
						return text
					}
				}
				return ""
			}, worksheet + "Participant 12,Ann,3 of 10,10,-,\n"},
		{"a grade is at most the maximum", gradeChecks,
			func(f any) string {
				most := cells(f, "Maximum grade")
				for i, text := range cells(f, "Grade") {
					grade, err := strconv.ParseFloat(text, 64)
					if limit, none := strconv.ParseFloat(slices.Concat(most, []string{""})[min(i, len(most))], 64); err == nil && none == nil && grade > limit {
						return text
					}
				}
				return ""
			}, worksheet + "Participant 12,Ann,11,10,-,\n"},
	},
}

// MoodleGrades takes a list of grades to import, a row a student.
var MoodleGrades = &Receiver{
	Name: "Moodle's grade import", good: "Email address,chat\na@b.c,3\n", parse: asTable,
	rules: []rule{
		{"each row has as many cells as the head", csvReader, sameWidth, "Email address,chat\na@b.c\n"},
		{"feedback comes with a grade, which would be lost otherwise", gradeImport,
			func(f any) string {
				grades := cells(f, "total")
				for i, text := range cells(f, "feedback") {
					if i < len(grades) && text != "" && grades[i] == "" {
						return text
					}
				}
				return ""
			}, "Email address,total,feedback\na@b.c,,well done\n"},
	},
}

// MoodleFeedback takes the paths in a zip of feedback files, a line each.
var MoodleFeedback = &Receiver{
	Name: "Moodle's feedback files", good: "Ann Lee_12_assignsubmission_file/feedback.html\n", parse: asLines,
	rules: []rule{
		{"a folder is called fullname_userid_plugintype_pluginname", zipImporter,
			func(f any) string {
				for path := range strings.Lines(f.(string)) {
					parts := strings.SplitN(strings.Split(path, "/")[0], "_", 5)
					if len(parts) < 4 || parts[2] != "assignsubmission" || parts[3] != "file" {
						return path
					}
					if _, err := strconv.Atoi(parts[1]); err != nil {
						return path
					}
				}
				return ""
			}, "Ann Lee/feedback.html\n"},
		{"a file is not hidden", zipImporter,
			func(f any) string {
				for path := range strings.Lines(f.(string)) {
					if name := path[strings.LastIndex(path, "/")+1:]; strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~") {
						return path
					}
				}
				return ""
			}, "Ann Lee_12_assignsubmission_file/.feedback.html\n"},
	},
}
