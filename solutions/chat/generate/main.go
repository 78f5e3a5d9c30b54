// Command generate prints random conversations in the script language:
//
//	generate SEED N    N conversations; the same arguments, the same script
//
// Half of them are clients of one server, some of which have to wait for their
// turn; the others are clients of the program with a server that the script
// plays. What is said is made of what programs stumble over: lines in pieces
// and glued, characters cut apart, CR LF, empty and long lines, and words that
// are almost a q.
//
// What the lesson leaves free would differ between two correct programs. So
// before a conversation ends everybody is given the time to read what is on its
// way (quiet, with a listener that nobody knows), and nothing is typed between
// a q and the end of its connection.
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
	fmt.Println("listen nobody")
	g.serverConversations((n + 1) / 2)
	g.clientConversations(n / 2)
	return nil
}

type generator struct{ *rand.Rand }

// chance is true in one of n cases.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// serverConversations prints the script of n clients of a server. They come in
// groups: the first of a group is served, the others wait behind it.
func (g *generator) serverConversations(n int) {
	fmt.Println("start server -listen 127.0.0.1:0")
	for first := 1; first <= n; {
		last := min(n, first+g.IntN(3))
		if g.chance(2) {
			fmt.Println("type server", g.lines(1+g.IntN(2), false)) // for whoever comes first
		}
		for i := first; i <= last; i++ {
			fmt.Printf("dial p%d $server\n", i)
			if i > first && g.chance(2) {
				// It waits, so the server need not read this before its turn.
				fmt.Printf("send p%d %s\n", i, g.lines(1, false))
			}
		}
		rest()
		for i := first; i <= last; i++ {
			g.clientOfServer(fmt.Sprintf("p%d", i))
		}
		first = last + 1
	}
}

// clientOfServer prints the conversation of a client that is served.
func (g *generator) clientOfServer(peer string) {
	for range g.IntN(5) {
		if g.chance(3) {
			g.say("type server", g.lines(1+g.IntN(3), true))
		} else {
			g.say("send "+peer, g.lines(1+g.IntN(3), true))
		}
	}
	rest()
	switch g.IntN(7) {
	case 0:
		fmt.Println("close", peer)
	case 1:
		fmt.Println("reset", peer)
	case 2:
		g.say("send "+peer, g.quit()+g.lines(g.IntN(2), false))
	case 3:
		g.say("type server", g.quit())
	case 4:
		fmt.Println("send", peer, g.text())
		fmt.Println("shut", peer)
	case 5:
		fmt.Println("shut", peer)
	case 6:
		fmt.Println("send", peer, "'x' -times 1048577 -try")
	}
	rest()
	fmt.Println("close", peer)
	rest() // What is typed now is for the next one.
}

// clientConversations prints the script of n clients, each with a server of its
// own.
func (g *generator) clientConversations(n int) {
	fmt.Println("listen desk")
	for i := range n {
		client, peer := fmt.Sprintf("c%d", i+1), fmt.Sprintf("d%d", i+1)
		fmt.Printf("start -as %s client $desk\n", client)
		fmt.Printf("accept desk -as %s\n", peer)
		g.serverOfClient(client, peer)
	}
}

// serverOfClient prints a client's conversation with a server.
func (g *generator) serverOfClient(client, peer string) {
	for range g.IntN(5) {
		if g.chance(3) {
			g.say("type "+client, g.lines(1+g.IntN(3), true))
		} else {
			g.say("send "+peer, g.lines(1+g.IntN(3), true))
		}
	}
	rest()
	switch g.IntN(5) {
	case 0:
		fmt.Println("type", client, g.quit()+g.lines(g.IntN(2), false))
		rest()
		g.say("send "+peer, g.lines(1+g.IntN(3), true))
	case 1:
		fmt.Println("end", client)
		rest()
		fmt.Println("send", peer, g.lines(1, true)+g.text())
	case 2:
		fmt.Println("send", peer, g.quit()+g.lines(g.IntN(2), false))
	case 3:
		fmt.Println("send", peer, g.text())
	case 4:
		fmt.Println("reset", peer)
	}
	rest()
	fmt.Println("close", peer)
}

// rest waits until everything that is on its way has arrived.
func rest() { fmt.Println("quiet nobody") }

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
	"connected", "a b", "\\r-", "\\x00.", "\\xff\\xfe.", "\\x1b[1m", "don\\x27t", "\\\\", "100%!",
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
