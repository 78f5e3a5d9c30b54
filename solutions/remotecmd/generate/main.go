// Command generate prints random exchanges in the script language:
//
//	generate SEED N    N of them; the same arguments, the same script
//
// Half of them are connections to one server, the others are clients of the program
// that talk to it. The lines are made of what programs stumble over: spaces in a row,
// quotes, characters that mean something to a shell, long words, lines in pieces and
// glued.
//
// Two correct programs must do the same, however fast they are. So each connection
// ends with a q, behind which nothing is owed, and a name that is not there stands
// right before it: what is printed with a 127 is free, and masked up to the end.
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
	fmt.Println(`# mask: (?s)127 \d+\n.*?(\(end of stream\)|\(reset\))?\z => 127 $1`)
	fmt.Println("puppet bin/tool bin/other")
	fmt.Println("start server -listen 127.0.0.1:0 -dir bin -max 5000")
	for i := range (n + 1) / 2 {
		g.connection(fmt.Sprintf("p%d", i+1))
	}
	for i := range n / 2 {
		g.client(fmt.Sprintf("c%d", i+1))
	}
	return nil
}

type generator struct{ *rand.Rand }

// chance is true in one of n cases.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// pick returns one of the words.
func (g *generator) pick(words ...string) string { return words[g.IntN(len(words))] }

// connection prints what a peer sends to the server, in one connection.
func (g *generator) connection(peer string) {
	fmt.Printf("dial %s $server\n", peer)
	for range 1 + g.IntN(6) {
		g.send(peer, g.commands(1+g.IntN(3)))
	}
	if g.chance(2) {
		g.send(peer, g.missing()+g.end())
	}
	// What stands behind the q is dropped.
	g.send(peer, g.pick("q", "Q")+g.end()+g.pick("", "rubbish", `tool touch PWNED\n`))
}

// client prints what is typed at a client.
func (g *generator) client(name string) {
	fmt.Printf("start -as %s client $server\n", name)
	text := g.commands(1 + g.IntN(5))
	switch g.IntN(3) {
	case 0: // a last line without LF
		text += g.command()
	case 1:
		text += g.pick("q", "Q") + g.end() + g.pick("", `tool touch PWNED\n`)
	}
	fmt.Printf("type %s '%s'\n", name, text)
	fmt.Println("end", name)
	fmt.Println("exits", name)
}

// send prints a send, sometimes in pieces.
func (g *generator) send(peer, text string) {
	split := ""
	if len(text) < 80 && g.chance(3) {
		split = " -split each"
	}
	fmt.Printf("send %s '%s'%s\n", peer, text, split)
}

func (g *generator) end() string { return g.pick(`\n`, `\n`, `\n`, `\r\n`) }

// commands returns n lines.
func (g *generator) commands(n int) (text string) {
	for range n {
		text += g.command() + g.end()
	}
	return text
}

// command returns a line that names a program that is there. What it prints is
// certain, and its status is never 127.
func (g *generator) command() string {
	line := g.space(0) + g.pick("tool", "other") + g.space(1)
	switch g.IntN(8) {
	case 0:
		return line + "exit" + g.space(1) + g.status() + g.words(g.IntN(3))
	case 1:
		return line + "fail" + g.space(1) + g.status() + g.words(1+g.IntN(3))
	case 2:
		return line + "both" + g.space(1) + strconv.Itoa(g.IntN(50))
	case 3:
		// Around the limit of -max, too.
		return line + "fill" + g.space(1) + strconv.Itoa(4990+g.IntN(20))
	case 4:
		return line + g.pick("bytes", "cat")
	case 5:
		return line + "print" + g.words(g.IntN(4))
	case 6:
		return line + "args" + g.words(20+g.IntN(30))
	}
	return line + "args" + g.words(g.IntN(6))
}

func (g *generator) status() string {
	if g.chance(3) {
		return g.pick("124", "125", "126", "128", "137", "255")
	}
	return strconv.Itoa(g.IntN(100))
}

// space returns spaces: least, and now and then more.
func (g *generator) space(least int) string {
	if g.chance(4) {
		least += 1 + g.IntN(3)
	}
	return strings.Repeat(" ", least)
}

// missing returns a line that names no program that is there.
func (g *generator) missing() string {
	if g.chance(4) {
		return g.space(0) // no name at all
	}
	return g.pick("too", "tools", "TOOL-", "./tool", "../tool", "bin/tool", ".tool", "/bin/sh", "sh", "q ", "quit", "-") + g.words(g.IntN(3))
}

// alphabet are the words of arguments. A quote is doubled, for it stands in quotes.
var alphabet = []string{
	"a", "q", "-n", "''", "''b", `"c`, `d"`, "$HOME", "*", "?", `\\`, `\\n`, ";", "a;b", "|", ">f", "&", "&&", "`x`", "~", "#",
	"你好", "😀", "%s", "0", "..", "/", "x=1", "{a,b}", "!", strings.Repeat("long", 250),
}

func (g *generator) words(n int) (text string) {
	for range n {
		text += g.space(1) + alphabet[g.IntN(len(alphabet))]
	}
	return text + g.space(0)
}
