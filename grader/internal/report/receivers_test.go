package report

import (
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wirebook/grader/internal/report/receiver"
	"wirebook/grader/internal/result"
)

// Each receiver takes what is written for it, of any submission.
func TestReceiversTake(t *testing.T) {
	classes := map[string]*Class{"sample": sample(), "hostile": hostile()}
	for name, c := range classes {
		for format, r := range map[string]*receiver.Receiver{
			"gradescope": receiver.Gradescope, "classroom50": receiver.Classroom50,
			"prairielearn": receiver.PrairieLearn, "autolab": receiver.Autolab,
		} {
			for s := range c.Submissions {
				text, said := written(t, format, One(s), HiddenGot, "")
				if text == "" && said != "" {
					continue // the receiver cannot be told, and the teacher was
				}
				if err := r.Check(text); err != nil {
					t.Errorf("%s, %.40q: %v", name, s.Submission, err)
				}
			}
		}
		for format, r := range map[string]*receiver.Receiver{
			"gitlab": receiver.GitLab, "moodle": receiver.MoodleGrades, "canvas": receiver.CanvasGradebook,
		} {
			text, _ := written(t, format, c, HiddenGot, "")
			if err := r.Check(text); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// A CI system obeys the grader alone, and its summary is whole.
func TestGitHubTakes(t *testing.T) {
	for s := range hostile().Submissions {
		class := One(s)
		text, _ := written(t, "github", class, HiddenNames, "")
		annotation, summary, _ := strings.Cut(text, "\n")
		if !strings.HasPrefix(annotation, "::error ") {
			t.Errorf("%.40q: %.80q; want an annotation", s.Submission, annotation)
		}
		for strings.HasPrefix(summary, "::error ") {
			var next string
			next, summary, _ = strings.Cut(summary, "\n")
			annotation += "\n" + next
		}
		if err := receiver.GitHubSummary.Check(summary); err != nil {
			t.Errorf("%.40q: %v", s.Submission, err)
		}
		// What else is printed to the log holds no command.
		table, _ := written(t, "text", class, HiddenNames, "")
		class.Own = true
		pages, _ := written(t, "text", class, HiddenNames, "")
		if err := receiver.GitHubLog.Check(annotation + "\n" + table + pages); err != nil {
			t.Errorf("%.40q: %v", s.Submission, err)
		}
	}
	if text, _ := written(t, "github", hostile(), HiddenNames, ""); len(text) < 1<<14 {
		t.Errorf("of a class whose summary is too long %d bytes are shown", len(text))
	} else if err := receiver.GitHubSummary.Check(text); err != nil {
		t.Error(err)
	}
}

// A platform takes feedback back under the names that it gave.
func TestFeedbackTaken(t *testing.T) {
	for name, r := range map[string]*receiver.Receiver{
		"李 伟_123_assignsubmission_file":      receiver.MoodleFeedback,
		"Ann Lee_124_assignsubmission_file_": receiver.MoodleFeedback,
		"liwei_111_222_chat.zip":             receiver.CanvasFeedback,
		"leeann_LATE_112_223_chat-1.go":      receiver.CanvasFeedback,
	} {
		s := assault("x", "text")
		s.Origin = name
		text, said := written(t, "feedback", One(s), HiddenNames, "")
		for path := range unzip(t, text) {
			if err := r.Check(path + "\n"); err != nil {
				t.Error(err)
			}
		}
		if said != "" {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// tool skips where a program is missing.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// run runs a tool and returns what it prints.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out[:min(len(out), 2000)])
	}
	return string(out)
}

// file writes a file for a tool to read.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// debianPython is where Debian's packages are found, whatever else is called so.
const debianPython = "/usr/bin/python3"

// An XML parser takes the report, and a library of JUnit reads the counts back.
func TestJUnitIsRead(t *testing.T) {
	xmllint := tool(t, "xmllint")
	python := "python3"
	for exec.Command(python, "-c", "import junitparser").Run() != nil {
		if python == debianPython {
			t.Skip("python3-junitparser is not installed")
		}
		python = debianPython
	}
	for _, c := range []*Class{sample(), hostile()} {
		text, _ := written(t, "junit", c, HiddenNames, "")
		path := file(t, "junit.xml", text)
		run(t, xmllint, "--noout", "--huge", path)
		var want counts
		for s := range c.Submissions {
			for _, c := range checks(HiddenNames.conceal(s)) {
				want.add(c.status)
			}
		}
		const script = `
import sys, junitparser
x = junitparser.JUnitXml.fromfile(sys.argv[1])
said = (x.tests, x.failures, x.errors, x.skipped)
x.update_statistics()
print(*said, x.tests, x.failures, x.errors, x.skipped)`
		numbers := fmt.Sprintf("%d %d %d %d", want.Tests, want.Failures, want.Errors, want.Skipped)
		if got := run(t, python, "-c", script, path); strings.TrimSpace(got) != numbers+" "+numbers {
			t.Errorf("junitparser reads %s; want %s twice", got, numbers)
		}
	}
}

var (
	officeNumber  = regexp.MustCompile(`<table:table-cell(?: table:number-columns-repeated="(\d+)")?[^>]* office:value-type="float" office:value="([^"]+)"`)
	officeFormula = regexp.MustCompile(`table:formula="[^"]*"`)
)

// LibreOffice reads the marks as numbers, in their columns, and no formula.
func TestSpreadsheet(t *testing.T) {
	office := tool(t, "soffice")
	for name, c := range map[string]*Class{"sample": sample(), "hostile": hostile()} {
		var paths []string
		want := make(map[string][]string)
		for _, format := range []string{"csv", "moodle", "canvas"} {
			text, _ := written(t, format, c, HiddenNames, "")
			paths = append(paths, file(t, format+".csv", text))
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				for _, cell := range row {
					if _, err := strconv.ParseFloat(cell, 64); err == nil {
						want[format] = append(want[format], cell)
					}
				}
			}
		}
		dir := t.TempDir()
		// UTF-8, and commas between the cells.
		run(t, office, append([]string{"--headless", "--infilter=CSV:44,34,76", "--convert-to", "fods", "--outdir", dir}, paths...)...)
		for format, numbers := range want {
			sheet, err := os.ReadFile(filepath.Join(dir, format+".fods"))
			if err != nil {
				t.Fatal(err)
			}
			if f := officeFormula.Find(sheet); f != nil {
				t.Errorf("%s, %s: %s", name, format, f)
			}
			var got []string
			for _, m := range officeNumber.FindAllSubmatch(sheet, -1) {
				times, _ := strconv.Atoi(string(m[1]))
				got = append(got, slices.Repeat([]string{string(m[2])}, max(1, times))...)
			}
			if len(numbers) == 0 || strings.Join(got, " ") != strings.Join(numbers, " ") {
				t.Errorf("%s, %s: the numbers are %v; want %v", name, format, got, numbers)
			}
		}
	}
}

// A browser shows a stranger's text in Markdown as it is.
func TestMarkdownRendered(t *testing.T) {
	cmark, chromium := tool(t, "cmark-gfm"), tool(t, "chromium")
	var all strings.Builder
	for _, text := range attacks {
		if len(text) < 1000 {
			one, err := markdown(assault(strings.ReplaceAll(text, "/", ""), text), nil)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(one)
		}
	}
	table, _ := written(t, "github", One(assault("a|b", "x"), assault("``|``", "y")), HiddenNames, "")
	all.WriteString(table)
	page := run(t, cmark, "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", file(t, "feedback.md", all.String()))
	dom := run(t, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=1000", "--dump-dom",
		"file://"+file(t, "feedback.html", "<!DOCTYPE html><title>feedback</title><body>"+page))
	for _, bad := range []string{"<a ", "<img", "<script", "<svg", "<h3", "<!--", "forged</h1>"} {
		if i := strings.Index(dom, bad); i >= 0 {
			t.Errorf("a browser takes a stranger's text for %s: %.200s", bad, dom[i:])
		}
	}
	for _, want := range []string{"<code>=cmd|' /C calc'!A0</code>", "<code>李伟</code>", "<td><code>a|b</code></td>", "[click](javascript:alert(1))", "&lt;img src=x onerror=alert(1)&gt;"} {
		if !strings.Contains(dom, want) {
			t.Errorf("a browser does not show %s", want)
		}
	}
}

// A platform's name of a hand-in finds the student in the platform's list, by what
// is certain; the others are named, and nobody is guessed.
func TestRoster(t *testing.T) {
	class := func(names ...string) *Class {
		var all []*result.Submission
		for i, name := range names {
			s := &result.Submission{Submission: name, Lessons: []result.Lesson{{Lesson: "chat", Status: result.Graded, Scenarios: []result.Scenario{
				{Scenario: "a", Status: "pass", Score: result.Points(i + 1), MaxScore: 40},
			}}}}
			s.Lessons[0].Sum()
			s.Sum()
			all = append(all, s)
		}
		return One(all...)
	}
	const worksheet = "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments\n" +
		"Participant 11,李伟,li@example.org,Submitted,,100,-,\nParticipant 12,李伟,wei@example.org,Submitted,,100,-,\nParticipant 13,Ann Lee,ann@example.org,,7,100,-,well done\n"
	const gradebook = "Student,ID,SIS User ID,SIS Login ID,Section,Chat (77),Upload (78),Final Score\n\"    Points Possible\",,,,,20,10,(read only)\n" +
		"\"Lee, Ann\",111,,ann,A,3,9,\n\"李, 伟\",112,,li,A,,,\n\"李, 伟\",113,,wei,A,,,\n"
	for _, c := range []struct {
		name, format, roster string
		hand                 []string
		want                 []string // lines that are written
		said                 []string
		receiver             *receiver.Receiver
	}{
		{"participants' numbers", "moodle", worksheet, []string{"李伟_12_assignsubmission_file_", "李伟_11_assignsubmission_file"},
			[]string{"Participant 11,李伟,li@example.org,Submitted,5,100,-,chat 2 of 40", "Participant 12,李伟,wei@example.org,Submitted,2.5,100,-,chat 1 of 40", "Participant 13,Ann Lee,ann@example.org,,7,100,-,well done"},
			[]string{"moodle: the assignment: 40 points are counted as 100"}, receiver.MoodleWorksheet},
		{"names and addresses", "moodle", worksheet, []string{"ann lee", "WEI@example.org", "李伟", "nobody"},
			[]string{"Participant 13,Ann Lee,ann@example.org,,2.5,100,-,chat 1 of 40", "Participant 12,李伟,wei@example.org,Submitted,5,100,-,chat 2 of 40", "Participant 11,李伟,li@example.org,Submitted,,100,-,"},
			[]string{"moodle: 李伟: 2 students of the roster are called so", "moodle: nobody: no student of the roster is called so"}, receiver.MoodleWorksheet},
		{"a list of students", "moodle", "First name;Surname;Email address\nAnn;Lee;ann@example.org\n伟;李;li@example.org\n", []string{"li@example.org", "Ann Lee"},
			[]string{"Ann,Lee,ann@example.org,Ann Lee,2,2,chat 2 of 40", "伟,李,li@example.org,伟 李,1,1,chat 1 of 40"}, nil, receiver.MoodleGrades},
		{"two of one student", "moodle", worksheet, []string{"Ann Lee", "ann@example.org", "wei@example.org"},
			[]string{"Participant 13,Ann Lee,ann@example.org,,7,100,-,well done"}, []string{"Ann Lee: another hand-in is the same student's", "ann@example.org: another hand-in is the same student's"}, receiver.MoodleWorksheet},
		{"users' numbers", "canvas", gradebook, []string{"liwei_113", "leeann_111"},
			[]string{"Student,ID,SIS User ID,SIS Login ID,Section,Chat (77)", "\"    Points Possible\",,,,,20", `"Lee, Ann",111,,ann,A,1`, `"李, 伟",113,,wei,A,0.5`},
			[]string{"canvas: Chat (77): 40 points are counted as 20"}, receiver.CanvasGradebook},
		{"logins and names", "canvas", gradebook, []string{"leeann", "wei", "liwei"},
			[]string{`"Lee, Ann",111,,ann,A,0.5`, `"李, 伟",113,,wei,A,1`}, []string{"canvas: liwei: no student of the roster is called so"}, receiver.CanvasGradebook},
	} {
		text, said := written(t, c.format, class(c.hand...), HiddenNames, c.roster)
		lines := strings.Split(text, "\n")
		for _, want := range c.want {
			if !strings.Contains("\n"+text, "\n"+want+"\n") {
				t.Errorf("%s: %q is not written:\n%s", c.name, want, strings.Join(lines, "\n"))
			}
		}
		for _, want := range c.said {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q is not said: %s", c.name, want, said)
			}
		}
		if len(c.said) == 0 && said != "" {
			t.Errorf("%s: %s", c.name, said)
		}
		if err := c.receiver.Check(text); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for text, want := range map[string]string{"": "no student", "a,b\n": "no student", "a,\"b\n": "quote", "\xff\xfea": "UTF-16"} {
		if _, err := ParseRoster([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the roster %q: %v; want %q", text, err, want)
		}
	}
}
