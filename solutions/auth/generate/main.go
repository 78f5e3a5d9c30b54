// Generate prints a random exchange with an auth server in the script
// language: generate SEED N, with about N attempts and commands. The same
// arguments print the same exchange.
//
// It makes names and passwords that are right, nearly right, impossible and
// absurd, glues lines and cuts them anywhere. It sends nothing after a
// conversation has ended, for what a server does then is its own affair.
package main

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		fail("usage: generate SEED N")
	}
	seed, err := strconv.ParseUint(os.Args[1], 10, 64)
	if err != nil {
		fail(err)
	}
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail(err)
	}
	g := &generator{
		Rand:     rand.New(rand.NewPCG(seed, 0)),
		attempts: 3,
		users:    map[string]string{},
	}
	g.exchange(n)
}

func fail(reason any) {
	fmt.Fprintln(os.Stderr, "generate:", reason)
	os.Exit(1)
}

type generator struct {
	*rand.Rand
	attempts int               // what the server was started with
	users    map[string]string // the passwords of those who exist
	names    []string          // who was ever thought of, in a fixed order
	clients  int
}

// exchange prints the file, the server's start and the conversations.
func (g *generator) exchange(n int) {
	g.attempts = 1 + g.IntN(3)
	g.names = []string{"ann", "bob", "太白", "quinn", "a", strings.Repeat("你", 64), "Ann", "nobody"}
	passwords := []string{"secret", " two  words ", "密码", "q", "Q", strings.Repeat("x", 1_024), "a:b$c", "whoami"}
	var file strings.Builder
	for i, name := range g.names[:6] {
		g.users[name] = passwords[(i+g.IntN(2))%len(passwords)]
		fmt.Fprintln(&file, g.record(name, g.users[name]))
		if g.IntN(3) == 0 {
			fmt.Fprintln(&file, g.pick("", "# a note", "eve:x", ":", "eve:pbkdf2-sha256$0$$", "eve:md5$1$MDEyMw$MDEyMw"))
		}
	}
	fmt.Printf("write users %s\n", quote(file.String()))
	fmt.Printf("start server -listen 127.0.0.1:0 -users users -iterations 1 -attempts %d\n", g.attempts)
	for left := n; left > 0; {
		left -= g.conversation(min(left, 1+g.IntN(12)))
	}
}

// record returns a line of the file.
func (g *generator) record(name, password string) string {
	salt := make([]byte, 16)
	for i := range salt {
		salt[i] = byte(g.IntN(256))
	}
	iterations := 1 + g.IntN(50)
	hash, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		fail(err)
	}
	encode := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("%s:pbkdf2-sha256$%d$%s$%s", name, iterations, encode(salt), encode(hash))
}

// conversation prints one client, with at most n attempts and commands, and
// returns how many there were.
func (g *generator) conversation(n int) (used int) {
	g.clients++
	peer := fmt.Sprintf("c%d", g.clients)
	fmt.Printf("dial %s $server\n", peer)

	var text strings.Builder
	lineEnd := g.pick("\n", "\n", "\n", "\r\n")
	doomed := g.IntN(4) == 0 // nothing that this one tries is right
	inside, over := false, false
	for failures := 0; used < n && !over; used++ {
		switch {
		case inside:
			command := g.pick("whoami", "whoami", "whoami", "", "help", "Q", "who", "whoami?", strings.Repeat("whoami", 500), "q")
			text.WriteString(command + lineEnd)
			over = command == "q"
		case g.IntN(20) == 0:
			text.WriteString(g.pick("q", "Q") + lineEnd)
			over = true
		default:
			name, password := g.pair()
			if doomed {
				password += "!"
			}
			text.WriteString(name + lineEnd + password + lineEnd)
			right, known := g.users[name]
			if inside = known && right == password; !inside {
				failures++
				over = failures == g.attempts
			}
		}
	}
	g.send(peer, text.String(), over)
	return used
}

// pair returns a name and a password that fit about every second time.
func (g *generator) pair() (name, password string) {
	name = g.names[g.IntN(len(g.names))]
	password = g.users[name]
	switch g.IntN(8) {
	case 0:
		name = g.pick("", " ", "a b", name+":", name+" ", "eve", "\x00", "\xff", strings.Repeat("n", 65), strings.Repeat("n", 70_000))
	case 1:
		password = g.pick("", " ", password+" ", "wrong", "\x00", "\xff", "q", strings.Repeat("x", 1_025), strings.Repeat("p", 70_000))
	case 2:
		password = g.users[g.names[g.IntN(len(g.names))]]
	}
	return name, password
}

// send prints the bytes of one client, in one or more writes, each cut at some
// places. The last line of a client that half-closes may lack its end.
func (g *generator) send(peer, text string, over bool) {
	shut := !over && g.IntN(2) == 0
	if shut && g.IntN(2) == 0 && !strings.HasSuffix(text, "\r\n") {
		text = strings.TrimSuffix(text, "\n")
	}
	for rest := text; rest != ""; {
		piece := rest[:1+g.IntN(len(rest))]
		if g.IntN(2) == 0 {
			piece = rest
		}
		rest = rest[len(piece):]
		fmt.Printf("send %s %s%s\n", peer, quote(piece), g.cuts(len(piece)))
	}
	if shut {
		fmt.Printf("shut %s\n", peer)
	}
}

// cuts returns a -split flag for n bytes, or nothing.
func (g *generator) cuts(n int) string {
	if n > 1 && n < 30 && g.IntN(3) == 0 {
		return " -split each"
	}
	if n < 10 || g.IntN(2) == 0 {
		return ""
	}
	first := 1 + g.IntN(n/2)
	second := first + 1 + g.IntN(n-first-1)
	return fmt.Sprintf(" -split %d,%d", first, second)
}

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// quote returns bytes as an argument of the script language.
func quote(bytes string) string {
	var b strings.Builder
	for i := range len(bytes) {
		switch c := bytes[i]; {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case ' ' <= c && c <= '~' && c != '\'' && c != '\\':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\x%02x`, c)
		}
	}
	return "'" + b.String() + "'"
}
