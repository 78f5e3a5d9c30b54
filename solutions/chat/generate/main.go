// Command generate prints random conversations in the script language:
//
//	generate SEED N    N conversations; the same arguments, the same script
//
// Half of them are clients of one server, the others are clients of the program
// with a server that the script plays. What is said is made of what programs
// stumble over: lines in pieces and glued, characters cut apart, CR LF, empty
// and long lines, and words that are almost a q.
//
// Two correct programs must do the same, however fast they are and even if they
// only look now and then whether something has come. So each conversation ends
// with something that can be waited for, and nothing is left to chance: at the
// server one client follows another when its connection is closed (descriptors),
// a client program has ended (exits), and nobody leaves before what was sent has
// been read (drained). Nobody types: when a typed line has been sent can
// only be seen at the other end, and a script like this does not look there.
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
		return fmt.Errorf("%q is not a number of conversations", args[1])
	}
	g := &generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	g.serverConversations((n + 1) / 2)
	g.clientConversations(n / 2)
	return nil
}

type generator struct{ *rand.Rand }

// chance is true in one of n cases.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// serverConversations prints the script of n clients of a server.
func (g *generator) serverConversations(n int) {
	fmt.Println("start server -listen 127.0.0.1:0")
	fmt.Println("descriptors server")
	for i := range n {
		peer := fmt.Sprintf("p%d", i+1)
		fmt.Printf("dial %s $server\n", peer)
		g.talk(peer)
		g.leave(peer)
		fmt.Println("close", peer)
		fmt.Println("descriptors server")
	}
}

// clientConversations prints the script of n clients, each with a server of its
// own.
func (g *generator) clientConversations(n int) {
	fmt.Println("listen desk")
	for i := range n {
		client, peer := fmt.Sprintf("c%d", i+1), fmt.Sprintf("d%d", i+1)
		fmt.Printf("start -as %s client $desk\n", client)
		fmt.Printf("accept desk -as %s\n", peer)
		g.talk(peer)
		g.leave(peer)
		fmt.Println("close", peer)
		fmt.Println("exits", client, "0|1")
	}
}

// talk prints what a peer says in the middle of a conversation.
func (g *generator) talk(peer string) {
	for range 1 + g.IntN(5) {
		g.say("send "+peer, g.lines(1+g.IntN(3), true))
	}
	fmt.Println("drained", peer)
}

// leave prints how a peer ends a conversation.
func (g *generator) leave(peer string) {
	switch g.IntN(6) {
	case 0:
		// It just closes.
	case 1:
		fmt.Println("reset", peer)
	case 2:
		fmt.Println("send", peer, g.quit()+g.lines(g.IntN(2), false))
	case 3:
		fmt.Println("send", peer, g.text()) // a last line without LF
	case 4:
		fmt.Println("shut", peer)
	case 5:
		fmt.Println("send", peer, "'x' -times 1048577 -try")
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

// lines returns n lines. Where long is set, one of them may be longer than the
// buffers that programs have.
func (g *generator) lines(n int, long bool) string {
	var b strings.Builder
	for range n {
		end := `\n`
		if g.chance(4) {
			end = `\r\n`
		}
		switch {
		case g.chance(6):
			// An empty line.
		case long && g.chance(20):
			b.WriteString(quoted(strings.Repeat("0123456789abcdef", 300+g.IntN(4000))))
		default:
			b.WriteString(g.text())
		}
		b.WriteString(quoted(end))
	}
	return b.String()
}

// words are what text is made of; none of them is a q.
var words = []string{
	"hello", "q?", "quiet please", "qq", "Q.", "  ", "\\t", "你好", "😀", "é", "x", "0", ": ", "left 127.0.0.1:1",
	"connected", "a b", "\\r-", "\\x00.", "\\xff\\xfe.", "\\x1b[1m", "don\\x27t", "\\\\", "100%!", "%d",
}

// text returns the text of a line, not empty, that neither is a q nor ends with
// CR.
func (g *generator) text() string {
	text := ""
	for range 1 + g.IntN(3) {
		text += words[g.IntN(len(words))]
	}
	return quoted(text)
}

// quit returns one of the lines that end a conversation.
func (g *generator) quit() string {
	quits := []string{`q\n`, `Q\n`, `q\r\n`, `Q\r\n`}
	return quoted(quits[g.IntN(len(quits))])
}

// quoted returns text as an argument of its own, with a space behind it: the
// commands glue their arguments together.
func quoted(text string) string { return "'" + text + "' " }
