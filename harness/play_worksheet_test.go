package harness_test

import (
	"fmt"
	"os"
	"strconv"

	"wirebook/harness"
)

// sheetDemos print answers to the questions of a worksheet.
var sheetDemos = demos{
	// says prints its arguments, a line each, behind an exit status.
	"says": func(args []string) {
		for _, line := range args[1:] {
			fmt.Println(line)
		}
		os.Exit(must(strconv.Atoi(args[0])))
	},
}

// judged is a script in which a program says something as the answer to a question: it
// asks for the set 2,3 and knows that 2 is wrong.
func judged(says string) string {
	return "run -exit 0|1 says " + says + `
answered program -file question
-- question --
id ports
mode set
form [1-4](?:,[1-4])*
like 1,4
right da598131a3f93bc6c783e0923fbf7ce9
wrong 9729c53d51936b2b8d3811e9f1cc1faa
en One more.
zh 还有一个。
-- hint.md --
Which ones?
`
}

// compared is a script in which the programs a and b say something as answers, and
// answers says it as a sheet.
func compared(a, b, sheet string) string {
	return "start -as a says " + a + "\nstart -as b says " + b + "\nstart -as answers says " + sheet + "\nexits a 0|1\nexits b 0|1\nexits answers\nanswered answers -sheet a b"
}

var sheetPlays = []played{
	{"right", judged("0 '3 、 2'"), harness.Pass, ""},
	{"not answered", judged("1"), harness.Fail, "not answered yet; an answer looks like this: 1,4 还没有回答；答案的写法：1,4"},
	{"blanks", judged("1 '  '"), harness.Fail, "not answered yet"},
	{"another form", judged("0 'ports 2 and 3'"), harness.Fail, `"ports 2 and 3" is not written as an answer to this question, so it was not judged; write it like this: 1,4`},
	{"a known mistake", judged("0 ２"), harness.Fail, `no, not "２": One more. 还有一个。`},
	{"another mistake", judged("0 1,2"), harness.Fail, `no, not "1,2" 不对`},
	{"two lines", judged("0 2 3"), harness.Fail, `program should print the answer in one line; it printed "2\n3"`},
	{"an empty line, and no complaint", judged("0 ''"), harness.Fail, "program printed no answer, so its exit status should be 1; it is 0"},
	{"right, and a complaint", judged("1 2,3"), harness.Fail, `program printed the answer "2,3", so its exit status should be 0; it is 1`},

	{"a sheet", compared("0 x", "0 'y  z'", "0 'b y  z' 'a x'"), harness.Pass, ""},
	{"a sheet with one answer", compared("0 x", "1", "0 'a x'"), harness.Pass, ""},
	{"an empty sheet", compared("1", "1", "0"), harness.Fail, "not one question is answered yet"},
	{"an answer that is not in the sheet", compared("0 x", "0 y", "0 'a x'"), harness.Fail, `answers and the answer to b alone should agree; the sheet has nothing, alone it is "y"`},
	{"an answer in the sheet alone", compared("0 x", "1", "0 'a x' 'b y'"), harness.Fail, `answers and the answer to b alone should agree; the sheet has "y", alone it is nothing`},
	{"a line without an answer", compared("0 x", "1", "0 'a x' b"), harness.Fail, `answers printed the line "b"; a line is the ID of a question, a space and its answer`},
	{"two answers", compared("0 x", "0 y", "0 'a x' 'b z'"), harness.Fail, `the sheet has "z", alone it is "y"`},
	{"a question twice", compared("0 x", "0 y", "0 'a x' 'b y' 'a x'"), harness.Fail, `answers should print each question once; it printed "a" twice`},
	{"an unknown question", compared("0 x", "0 y", "0 'a x' 'b y' 'c z'"), harness.Fail, `answers printed the line "c z"; a line is the ID of a question, a space and its answer`},

	{"a program that runs", "start hang\nscreen hang 'ready\\n'\nanswered hang -sheet hang", harness.Error, "answered: hang has not ended; wait for its end on an earlier line"},
}
