// Command concepts prints the answers of a worksheet.
//
//	concepts answers    a line "ID ANSWER" for each question that has an answer
//	concepts answer ID  the answer to one question
//
// An answer goes to standard output. For an ID that is none, or has no answer yet, there
// is a message on standard error, exit status 1; any other command line has exit status 2.
//
// This file is given. You fill in answers.go.
package main

import (
	"log"
	"os"
	"strings"
)

// An answer is one line of the worksheet: a question's ID, and what you answer.
type answer struct{ id, text string }

func main() {
	log.SetFlags(0) // messages on standard error, without the time
	switch args := os.Args[1:]; {
	case len(args) == 1 && args[0] == "answers":
		var sheet strings.Builder
		for _, a := range answers {
			if text := strings.TrimSpace(a.text); text != "" {
				sheet.WriteString(a.id + " " + text + "\n")
			}
		}
		write(sheet.String())
	case len(args) == 2 && args[0] == "answer":
		text, problem := find(args[1])
		if problem != "" {
			log.Fatal(problem)
		}
		write(text + "\n")
	default:
		log.Print("usage: concepts answers\n       concepts answer ID")
		os.Exit(2)
	}
}

// find returns the answer to a question, or why there is none.
func find(id string) (text, problem string) {
	for _, a := range answers {
		if a.id != id {
			continue
		}
		if text = strings.TrimSpace(a.text); text == "" {
			return "", id + ": this question has no answer yet"
		}
		return text, ""
	}
	return "", id + ": there is no such question"
}

func write(text string) {
	if _, err := os.Stdout.WriteString(text); err != nil {
		log.Fatal(err)
	}
}
