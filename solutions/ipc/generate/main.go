// Command generate prints random exchanges in the script language:
//
//	generate SEED N    N exchanges; the same arguments, the same script
//
// Half of them put into a file and get what is there, the others are the program's
// clients of a server that the script plays. What is said is made of what programs
// stumble over: lines in pieces and glued, characters cut apart, CR LF, empty and long
// lines, half messages in a file.
//
// Two correct programs must do the same, however fast they are. So each exchange ends
// with something that can be waited for, and what the rules leave free does not occur:
// no CR at the end of a line without LF, and from a server whole lines without CR.
// Nobody types to a client: when a typed line has been sent can only be seen at the
// other end, and a script like this does not look there. And nobody asks a server: who
// asks has another number in a sandbox than outside.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: generate SEED N")
	}
	seed, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 1 {
		return fmt.Errorf("%q is not a number of exchanges", args[1])
	}
	g := &generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	g.files((n + 1) / 2)
	g.clients(n / 2)
	return nil
}

type generator struct{ *rand.Rand }

// chance is true in one of n cases.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// files prints what is done with n files.
func (g *generator) files(n int) {
	for i := range n {
		file := fmt.Sprintf("f%d", i+1)
		for j := range 1 + g.IntN(4) {
			role := fmt.Sprintf("%s_%d", file, j+1)
			switch g.IntN(5) {
			case 0:
				g.do(role, "get", file)
			case 1: // another program has written, and perhaps was killed
				fmt.Println("write", file, g.lines(1+g.IntN(3), true), g.half())
			default:
				g.do(role, "put", file, g.lines(1+g.IntN(3), true), g.half())
			}
		}
		g.do(file, "get", file)
	}
}

// do prints how a program is run with these texts for an input.
func (g *generator) do(name, role, file string, input ...string) {
	fmt.Println("start -as", name, role, file)
	for _, text := range input {
		if text != "" {
			fmt.Println("type", name, text)
		}
	}
	fmt.Println("end", name)
	fmt.Println("exits", name)
}

// half is a line without its end, or nothing.
func (g *generator) half() string {
	if g.chance(2) {
		return ""
	}
	return g.text()
}

// clients prints the script of n clients, each with a server of its own.
func (g *generator) clients(n int) {
	for i := range n {
		client, peer := fmt.Sprintf("c%d", i+1), fmt.Sprintf("d%d", i+1)
		fmt.Printf("listen %s %s\n", peer, peer)
		fmt.Printf("start -as %s client $%s\n", client, peer)
		fmt.Println("accept", peer)
		for range 1 + g.IntN(4) {
			g.say("send "+peer, g.lines(1+g.IntN(3), false))
		}
		fmt.Println("close", peer)
		fmt.Println("exits", client, "1")
	}
}

// say prints the command with a text, sometimes in pieces.
func (g *generator) say(command, text string) {
	switch g.IntN(3) {
	case 0:
		if size(text) <= 60 {
			text += " -split each"
		}
	case 1:
		if n := size(text); n > 1 {
			text += fmt.Sprintf(" -split %d", 1+g.IntN(n-1))
		}
	}
	fmt.Println(command, text)
}

// size is how many bytes an argument as we print it stands for.
func size(text string) int {
	n := 0
	for word := range strings.SplitSeq(text, "'") {
		if word == " " {
			continue // between two arguments
		}
		s, err := strconv.Unquote(`"` + word + `"`)
		if err != nil {
			panic(err)
		}
		n += len(s)
	}
	return n
}

// lines returns n lines, where cr is set some with CR LF. One of them may be longer
// than the buffers that programs have.
func (g *generator) lines(n int, cr bool) string {
	var b strings.Builder
	for range n {
		end := `\n`
		if cr && g.chance(4) {
			end = `\r\n`
		}
		switch {
		case g.chance(6):
			// An empty line.
		case g.chance(20):
			b.WriteString(quoted(strings.Repeat("0123456789abcdef", 300+g.IntN(3700))))
		default:
			b.WriteString(g.text())
		}
		b.WriteString(quoted(end))
	}
	return b.String()
}

// words are what text is made of.
var words = []string{
	"hello", "q", "Q", "uid=0 ", "  ", "\\t", "你好", "😀", "é", "x", "0", ": ", "a b", "\\r-", "\\x00.",
	"\\xff\\xfe.", "\\x1b[1m", "don\\x27t", "\\\\", "100%!", "%d",
}

// text returns the text of a line, not empty, that does not end with CR.
func (g *generator) text() string {
	text := ""
	for range 1 + g.IntN(3) {
		text += words[g.IntN(len(words))]
	}
	return quoted(text)
}

// quoted returns text as an argument of its own, with a space behind it: the
// commands glue their arguments together.
func quoted(text string) string { return "'" + text + "' " }
