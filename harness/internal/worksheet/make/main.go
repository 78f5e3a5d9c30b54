// Command make makes of a worksheet's key all that follows from it: the scenarios, with
// marks in the place of answers, and sheet.json, which has them in one file; the stub to
// fill in; the questions in both READMEs; and the mutants, each a sheet with one known
// wrong answer.
//
//	make EXERCISE SOLUTION
//
// EXERCISE is the lesson's folder in exercises, SOLUTION that in solutions, which holds
// the key, questions.json. In a README the questions of a group stand between the lines
// <!-- questions GROUP --> and <!-- end -->, below a heading.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/format"
	"iter"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"wirebook/harness/internal/worksheet"
	"wirebook/harness/telling"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: make EXERCISE SOLUTION")
	}
	files, err := made(os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal("make: ", err)
	}
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			log.Fatal("make: ", err)
		}
		if err := os.WriteFile(name, text, 0o666); err != nil {
			log.Fatal("make: ", err)
		}
	}
}

// An entry is a question of the key, with what stands beside it on paper.
type entry struct {
	worksheet.Question
	Group       string `json:"group"`
	English     string `json:"en"`
	Chinese     string `json:"zh"`
	Hint        string `json:"hint"`
	HintChinese string `json:"hint_zh"`
}

// A group is the questions that stand under one heading, in a row.
type group struct {
	name      string
	first     int // the number of its first question
	questions []entry
}

// A lesson is a worksheet's folders and its key, group by group.
type lesson struct {
	exercise, solution string
	groups             []group
}

// made returns the files that follow from the key in the solution's folder, by their
// names.
func made(exercise, solution string) (map[string][]byte, error) {
	l := lesson{exercise: exercise, solution: solution}
	text, err := os.ReadFile(filepath.Join(solution, "questions.json"))
	if err != nil {
		return nil, err
	}
	var key []entry
	if err := json.Unmarshal(text, &key); err != nil {
		return nil, fmt.Errorf("questions.json: %w", err)
	}
	for i, e := range key {
		if i == 0 || e.Group != key[i-1].Group {
			l.groups = append(l.groups, group{name: e.Group, first: i + 1})
		}
		last := &l.groups[len(l.groups)-1]
		last.questions = append(last.questions, e)
	}
	files := make(map[string][]byte)
	english, err := l.readme(files, "README.md", englishItem)
	if err != nil {
		return nil, err
	}
	chinese, err := l.readme(files, "README.zh-CN.md", chineseItem)
	if err != nil {
		return nil, err
	}
	l.scenarios(files)
	l.mutants(files)
	return files, l.stub(files, english, chinese)
}

// all yields the questions of all groups.
func (l *lesson) all() iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for _, g := range l.groups {
			for _, e := range g.questions {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// scenarios makes one of each question, one of the whole sheet, and sheet.json.
func (l *lesson) scenarios(files map[string][]byte) {
	var sheet []entry
	for e := range l.all() {
		e.Question = e.Marked()
		sheet = append(sheet, e)
		files[l.testdata(e.ID)] = txtar.Format(&txtar.Archive{
			Comment: fmt.Appendf(nil, "# %s (1 point)\n# %s\nrun -exit 0|1 answer %s\nanswered program -file question\n", e.English, e.Chinese, e.ID),
			Files: []txtar.File{
				{Name: "question", Data: e.Question.Text()},
				{Name: "hint.md", Data: fmt.Appendf(nil, "# %s\n%s\n\n%s\n", e.Chinese, e.Hint, e.HintChinese)},
			},
		})
	}
	files[filepath.Join(l.exercise, "testdata", "sheet.json")] = marshal(sheet)
	files[l.testdata("whole-sheet")] = l.wholeSheet()
}

func (l *lesson) testdata(scenario string) string {
	return filepath.Join(l.exercise, "testdata", scenario+".txtar")
}

// wholeSheet asks for all answers at once and for each alone, those of a group side by
// side: one after the other takes long, and all side by side much memory.
func (l *lesson) wholeSheet() []byte {
	var b, ids bytes.Buffer
	b.WriteString("# answers prints every answer once, the same as answer ID prints. (1 point)\n" +
		"# Standard input stays open: nobody waits for its end.\n")
	for _, g := range l.groups {
		for _, e := range g.questions {
			fmt.Fprintf(&b, "start -as %s answer %[1]s\n", e.ID)
			ids.WriteString(" " + e.ID)
		}
		for _, e := range g.questions {
			fmt.Fprintf(&b, "exits %s 0|1\n", e.ID)
		}
	}
	fmt.Fprintf(&b, "start answers\nexits answers\n# A line for each question that has an answer: its ID, a space, the answer.\nanswered answers -sheet%s\n", ids.String())
	b.WriteString("-- hint.md --\n" +
		"# Standard input stays open: nobody waits for its end.\n" +
		"main.go does this as it was given. It prints and ends; it reads no standard input.\n\n" +
		"main.go 原来就是这样做的：打印完就结束，不读标准输入。\n" +
		"# A line for each question that has an answer: its ID, a space, the answer.\n" +
		"One answer is enough here, right or wrong. Where main.go is as it was given, look at answers.go: does an ID stand there twice? Is a line missing?\n\n" +
		"这里只要答了一道题就行，对错都可以。如果 main.go 没有改过，就看 answers.go：有没有哪个 ID 出现了两次？少了哪一行？\n")
	return b.Bytes()
}

// mutants makes of each question the sheet with its first known wrong answer.
func (l *lesson) mutants(files map[string][]byte) {
	for e := range l.all() {
		files[filepath.Join(l.solution, "testdata", "mutants", e.ID+".txtar")] = txtar.Format(&txtar.Archive{
			Comment: fmt.Appendf(nil, "# A known wrong answer to %s.\n# want: %[1]s\n", e.ID),
			Files: []txtar.File{
				{Name: "answers.go: replace", Data: fmt.Appendf(nil, "{%q, %q},\n", e.ID, e.Right[0])},
				{Name: "answers.go: with", Data: fmt.Appendf(nil, "{%q, %q},\n", e.ID, e.Wrong[0].Answers[0])},
			},
		})
	}
}

// stub makes the file to fill in, with the headings of both READMEs.
func (l *lesson) stub(files map[string][]byte, english, chinese headings) error {
	var b bytes.Buffer
	b.WriteString(stubHead)
	for _, g := range l.groups {
		fmt.Fprintf(&b, "\n// ---- %s · %s ----\n", english[g.name], chinese[g.name])
		for _, e := range g.questions {
			fmt.Fprintf(&b, "\n%s\n%s\n", telling.Wrap("// ", e.example(e.English, ".", " Like %s.")), telling.Wrap("// ", e.Chinese))
			fmt.Fprintf(&b, "{%q, \"\"},\n", e.ID)
		}
	}
	b.WriteString("}\n")
	text, err := format.Source(b.Bytes())
	files[filepath.Join(l.exercise, "answers.go")] = text
	return err
}

const stubHead = `package main

// This is your worksheet, and the file that you fill in. The drawings stand in README.md.
//
// Write each answer between the empty quotes behind its ID. What is not written yet stays
// empty. The quotes are these: "", and not those of Chinese text.
//
// 这就是你的答卷，要填的就是这个文件。图在 README.zh-CN.md 里。
// 每道题的答案写在它的 ID 后面那对空引号里，还没答的就空着。引号要用英文的 ""，不要用中文引号。
var answers = []answer{
`

// headings are those of the groups.
type headings map[string]string

var heading = regexp.MustCompile(`(?m)^#+ (.*)$`)

// readme makes the questions in a README anew, each as item writes it.
func (l *lesson) readme(files map[string][]byte, file string, item func(number string, e entry) string) (headings, error) {
	name := filepath.Join(l.exercise, file)
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	found := make(headings)
	for _, g := range l.groups {
		begin, end := "<!-- questions "+g.name+" -->\n", "<!-- end -->"
		before, rest, begins := bytes.Cut(text, []byte(begin))
		_, after, ends := bytes.Cut(rest, []byte(end))
		above := heading.FindAllSubmatch(before, -1)
		if !begins || !ends || len(above) == 0 {
			return nil, fmt.Errorf("%s: there are no lines %q and %q below a heading", name, begin, end)
		}
		found[g.name] = string(above[len(above)-1][1])
		var items strings.Builder
		for i, e := range g.questions {
			items.WriteString(item(fmt.Sprintf("%d. ", g.first+i), e) + "\n")
		}
		text = slices.Concat(before, []byte(begin+"\n"+items.String()+"\n"+end), after)
	}
	files[name] = text
	return found, nil
}

func englishItem(number string, e entry) string {
	return number + telling.Wrap(strings.Repeat(" ", len(number)), e.example(e.English, ".", " Like `%s`.")+" (`"+e.ID+"`)")[len(number):]
}

func chineseItem(number string, e entry) string {
	return number + e.example(e.Chinese, "。", "写法如 `%s`。") + "(`" + e.ID + "`)"
}

// example adds to the question's text how an answer is written, and nothing where Like is
// no answer but the words to choose from: they stand in the question. A text that ends
// with a list has no mark at its end; stop is put there.
func (e *entry) example(text, stop, sentence string) string {
	if ok, _ := regexp.MatchString(`^(?:`+e.Form+`)$`, worksheet.Normalise(e.Like, e.Mode)); !ok {
		return text
	}
	if last, _ := utf8.DecodeLastRuneInString(text); !unicode.IsPunct(last) {
		text += stop
	}
	return text + fmt.Sprintf(sentence, e.Like)
}

// marshal writes JSON for people: indented, and with no character in disguise.
func marshal(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		panic(err) // it is made of strings
	}
	return b.Bytes()
}
