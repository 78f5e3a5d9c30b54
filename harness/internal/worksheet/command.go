package worksheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"wirebook/harness/internal/play"
	"wirebook/harness/internal/script"
	"wirebook/harness/telling"
)

// Commands are the rows of this package.
func Commands() []play.Command {
	return []play.Command{
		play.Row("answered NAME -file QUESTION | NAME -sheet ID...",
			"The program NAME has ended and printed the answer to a question, in a line: it is right by the archive's file QUESTION (package worksheet), which holds marks of the answers that are known and not the answers. Where it printed nothing, and its exit status is 1, the question is not answered yet. With -sheet NAME has printed a line ID ANSWER for each of the programs ID that printed an ANSWER, in any order, at least one, and nothing else.",
			cmdAnswered).Checked(checkAnswered),
	}
}

func checkAnswered(c *script.Call) error {
	switch {
	case c.Has("file") == c.Has("sheet") || c.Has("file") != (len(c.Args) == 1):
		return errors.New("give either -file and a question, or -sheet and the names of programs")
	case c.Has("file"):
		_, _, err := parse(c.File())
		return err
	}
	return nil
}

func cmdAnswered(p *play.Play, c *script.Call) error {
	if c.Has("sheet") {
		return checkSheet(p, c.Args[0], c.Args[1:])
	}
	q, form, err := parse(c.File())
	if err != nil {
		return err
	}
	switch answer, err := answerOf(p, c.Args[0]); {
	case err != nil:
		return err
	case answer == "":
		return p.Failf("not answered yet; an answer looks like this: %s 还没有回答；答案的写法：%[1]s", q.Like)
	default:
		if wrong := q.judge(form, answer, func(s string) string { return p.Short([]byte(s)) }); wrong != "" {
			return p.Failf("%s", wrong)
		}
		return nil
	}
}

// printed takes all that an ended program has printed, and returns its lines.
func printed(p *play.Play, name string) (lines []string, status int, err error) {
	g, err := p.Program(name)
	if err != nil {
		return nil, 0, err
	}
	exit, ended := g.Process.Exited()
	if !ended {
		return nil, 0, fmt.Errorf("answered: %s has not ended; wait for its end on an earlier line", name)
	}
	out := g.Unread()
	if len(out) > 0 {
		g.Read += int64(len(out))
		p.Received(play.Screen, name, telling.Bytes, out)
	}
	for line := range strings.Lines(string(out)) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines, exit.Code, nil
}

// answerOf takes the answer that an ended program has printed, "" for none.
func answerOf(p *play.Play, name string) (string, error) {
	lines, status, err := printed(p, name)
	answer := strings.Join(lines, "\n")
	switch {
	case err != nil:
		return "", err
	case len(lines) > 1:
		return "", p.Failf("%s should print the answer in one line; it printed %s", name, p.Short([]byte(answer)))
	case answer == "" && status == 0:
		return "", p.Failf("%s printed no answer, so its exit status should be 1; it is 0", name)
	case answer != "" && status != 0:
		return "", p.Failf("%s printed the answer %s, so its exit status should be 0; it is %d", name, p.Short([]byte(answer)), status)
	}
	return answer, nil
}

// checkSheet compares the sheet that a program has printed with what each of others
// has printed as the answer to one question.
func checkSheet(p *play.Play, name string, ids []string) error {
	lines, _, err := printed(p, name)
	if err != nil {
		return err
	}
	sheet := make(map[string]string)
	for _, line := range lines {
		id, answer, _ := strings.Cut(line, " ")
		answer = strings.TrimSpace(answer)
		if _, twice := sheet[id]; twice {
			return p.Failf("%s should print each question once; it printed %s twice", name, telling.Quote(id))
		}
		if answer == "" || !slices.Contains(ids, id) {
			return p.Failf("%s printed the line %s; a line is the ID of a question, a space and its answer", name, p.Short([]byte(line)))
		}
		sheet[id] = answer
	}
	for _, id := range ids {
		alone, err := answerOf(p, id)
		if err != nil {
			return err
		}
		if answer := sheet[id]; answer != alone {
			return p.Failf("%s and the answer to %s alone should agree; the sheet has %s, alone it is %s", name, id, p.Short([]byte(answer)), p.Short([]byte(alone)))
		}
	}
	if len(sheet) == 0 {
		return p.Failf("not one question is answered yet 一道题也还没有回答")
	}
	return nil
}
