// Command generate prints a random colourchat session in the script language:
//
//	generate SEED N    N messages; the same arguments, the same session
//
// Three people and a client write to a server, and its operator answers each
// message. Messages are made of the pieces that programs stumble over: names
// that have a colour and names that look like it, colons, white space, control
// characters, bytes that are not UTF-8. Both programs end at the operator's q,
// so all that they did is seen.
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
		return fmt.Errorf("%q is not a number of messages", args[1])
	}
	g := &generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	fmt.Println(`# mask: \x{FFFD}+ => �`) // how many for bytes that are not UTF-8 is free
	g.people(n)
	g.client(n)
	return nil
}

type generator struct{ *rand.Rand }

// people prints a session of three people and a server. Lines are typed ahead
// or late, yet never is an answer due for more than a few messages: what the
// server has not read must fit into its queue.
func (g *generator) people(n int) {
	people := []string{"ann", "bob", "eve"}
	fmt.Println("start server -listen 127.0.0.1:0")
	for _, p := range people {
		fmt.Println("socket", p)
	}
	const atMost = 4
	for sent, typed := 0, 0; sent < n || typed < n; {
		send := g.IntN(2) == 0
		switch {
		case send && sent < n && sent-typed < atMost:
			if g.IntN(8) == 0 { // a goodbye, which no line answers
				fmt.Printf("sendto %s $server 'q'\n", people[g.IntN(len(people))])
			}
			sent++
			fmt.Printf("sendto %s $server %s\n", people[g.IntN(len(people))], g.message())
		case !send && typed < n && typed-sent < atMost:
			typed++
			fmt.Printf("type server %s\n", g.answer(typed == n))
		}
	}
	fmt.Println("exits server")
}

// client prints a session of a client and a server.
func (g *generator) client(n int) {
	fmt.Println("start -as desk server -listen 127.0.0.1:0")
	fmt.Printf("start client $desk %s\n", quoted(g.pick("ann", "alex", "太白", "alex:x", " 太白 ", "a b")))
	for i := range n {
		fmt.Printf("type client %s\n", quoted(g.line()+g.pick("\n", "\r\n")))
		fmt.Printf("type desk %s\n", g.answer(i == n-1))
	}
	fmt.Println("exits desk")
	fmt.Println("exits client")
}

// answer is a line of the operator's; the last one is q.
func (g *generator) answer(last bool) string {
	if last {
		return quoted("q\n")
	}
	return quoted(g.line() + "\n")
}

// line is a typed line that ends nothing, without its line end.
func (g *generator) line() string {
	text := g.text()
	text = strings.NewReplacer("\n", "", "\r", "").Replace(text)
	if text == "q" || text == "Q" {
		text += "?"
	}
	return text
}

// message is a datagram's contents, as an argument: mostly NAME : TEXT, now and
// then something else, or something long.
func (g *generator) message() string {
	name := g.pick("alex", "太白", "ann", "Alex", "alexander", "太", "")
	text := g.space() + name + g.space() + g.pick(":", ":", ":", "", "：", "::") + g.space() + g.text()
	if g.IntN(10) == 0 {
		text = g.text()
	}
	if text == "q" { // that would be no message
		text = "Q"
	}
	if g.IntN(10) == 0 {
		return quoted(text) + " -times " + strconv.Itoa(1+g.IntN(200))
	}
	return quoted(text)
}

func (g *generator) space() string {
	return g.pick(" ", " ", " ", "", "  ", "\t", "\u3000", "\u00a0", "\u0085", "\r\n", "\u200b")
}

// text is a few pieces of all kinds.
func (g *generator) text() string {
	var b strings.Builder
	for range g.IntN(6) {
		b.WriteString(g.pick("hello", " ", "q", "Q", "你好", "😀", ":", " : ", "alex", "太白",
			"\x1b[31m", "\x1b[0m", "\x00", "\x07", "\x7f", "\n", "\r", "\t", "\u009b2J", "\u0085",
			"\xff", "\xe4\xbd", "\x9b", "\xc0\x8a", "\ufffd", "\u00a0", "é", "'", `\`, "$server", "%s"))
	}
	return b.String()
}

func (g *generator) pick(of ...string) string { return of[g.IntN(len(of))] }

// quoted writes bytes as an argument of the script language.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, c := range []byte(s) {
		if c < ' ' || c >= 0x7f || c == '\'' || c == '\\' {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}
