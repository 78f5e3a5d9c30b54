// Command generate prints a random conversation with a resolver in the script language:
//
//	generate SEED N    N events; the same arguments, the same conversation
//
// Three clients ask for names of all kinds, and time passes. The names and their records
// are those of a zone of many corners: sets, aliases one behind the other, names that do
// not exist behind them, TTLs that are long, short and 0. What the lesson leaves free is
// kept out: time passes in whole seconds, and only when all questions are answered, and
// nobody asks for what an alias leads to before he has asked for it himself.
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
		fmt.Fprintln(os.Stderr, "generate:", err)
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
		return fmt.Errorf("%q is not a number of events", args[1])
	}
	g := &generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	g.conversation(n)
	return nil
}

type generator struct{ *rand.Rand }

// conversation prints rounds: each client may ask, and then time passes.
func (g *generator) conversation(rounds int) {
	fmt.Println(`# mask: (\S+\.home) \d+ => $1 0`) // which TTL the hosts file has is free
	zone := g.zone()
	fmt.Printf("write hosts %s\n", quoted("10.0.0.1 a.home b.home\n10.0.0.2 A.home # more\nno line\nfd00::1 b.home\n"))
	if g.IntN(2) == 0 {
		fmt.Printf("nameserver isp -zone %s\n", quoted(zone))
		fmt.Println("start resolver -listen 127.0.0.1:0 -hosts hosts -server $isp")
	} else {
		fmt.Printf("nameserver root -zone %s\n", quoted(". 600 SOA 60\ntest 3600 NS ns.test\nns.test 3600 A 192.0.2.1\n"))
		fmt.Printf("nameserver test -zone %s\n", quoted(zone))
		fmt.Println("start resolver -listen 127.0.0.1:0 -hosts hosts -root 198.41.0.4 -at 198.41.0.4=$root -at 192.0.2.1=$test")
	}
	clients := []string{"ann", "bob", "eve"}
	for _, client := range clients {
		fmt.Println("socket", client)
	}
	for range rounds {
		for _, client := range clients {
			if g.IntN(4) > 0 {
				fmt.Printf("dns %s send question -to $resolver %s\n", client, g.question())
			}
		}
		fmt.Printf("tick resolver %ds\n", g.pick(0, 0, 1, 1, 2, 5, 9, 10, 11, 29, 30, 31, 299, 300, 86400))
	}
}

// lives are the TTLs of the zone. All of a chain and its end live equally long, since
// what is asked for again when a part has expired is free.
var lives = []int{0, 1, 10, 30, 300}

// zone is its text. Of each kind of name there is one for each TTL.
func (g *generator) zone() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("test %d SOA %d", 30, 30)
	for _, ttl := range lives {
		for i := range 1 + g.IntN(4) {
			line("set%d.test %d A 192.0.2.%d", ttl, ttl, 1+i)
		}
		line("set%d.test %d AAAA 2001:db8::%d", ttl, ttl, ttl)
		line("set%d.test %d MX %d mail.set%d.test", ttl, ttl, g.IntN(1<<16), ttl)
		line(`set%d.test %d TXT "%d" "a\"b\\\\c\255"`, ttl, ttl, g.IntN(100))
		chain := 1 + g.IntN(8)
		line("alias%d.test %d CNAME link%d-1.test", ttl, ttl, ttl)
		for i := 1; i < chain; i++ {
			line("link%d-%d.test %d CNAME link%d-%d.test", ttl, i, ttl, ttl, i+1)
		}
		line("link%d-%d.test %d A 192.0.2.%d", ttl, chain, ttl, 100+chain)
	}
	line("dead.test 30 CNAME gone-behind-it.test")
	line("empty.test 30 CNAME text.test")
	line(`text.test 30 TXT "no address"`)
	return b.String()
}

// question is one of a client's, as fields. A few are none.
func (g *generator) question() string {
	name, typ := "", "A"
	switch ttl := g.pick(lives...); g.IntN(8) {
	case 0, 1, 2:
		name, typ = fmt.Sprintf("set%d.test", ttl), g.word("A", "A", "AAAA", "MX", "TXT", "NS", "PTR", "TYPE65280")
	case 3, 4:
		name = fmt.Sprintf("alias%d.test", ttl)
	case 5:
		name = g.word("dead.test", "empty.test")
	case 6:
		name, typ = fmt.Sprintf("gone%d.test", g.IntN(3)), g.word("A", "MX", "AAAA")
	case 7:
		name, typ = g.word("a.home", "b.home"), g.word("A", "AAAA")
	}
	question := "qd=" + quoted(g.mixed(name)+" "+typ)
	switch g.IntN(20) {
	case 0:
		question += " edns=1232"
	case 1:
		question += " ad=1 cd=1 z=1"
	case 2:
		question += " qr=1"
	case 3:
		question += " opcode=4"
	case 4:
		question = "qd=none"
	case 5:
		question += " " + question
	}
	return question
}

// mixed has some of its letters capital.
func (g *generator) mixed(name string) string {
	b := []byte(name)
	for i, c := range b {
		if 'a' <= c && c <= 'z' && g.IntN(6) == 0 {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

func (g *generator) pick(of ...int) int       { return of[g.IntN(len(of))] }
func (g *generator) word(of ...string) string { return of[g.IntN(len(of))] }

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
