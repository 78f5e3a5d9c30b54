// Generate prints random uploads in the script language, always the same for
// one seed: files of sizes at which buffers end, on several connections, glued
// and cut anywhere, and now and then a header that must be refused.
//
//	generate SEED N
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		fail("usage: generate SEED N")
	}
	seed, err := strconv.ParseInt(os.Args[1], 10, 64)
	if err != nil {
		fail("SEED: " + err.Error())
	}
	uploads, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail("N: " + err.Error())
	}
	g := &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 0))}
	g.script(uploads)
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}

// generator makes the choices.
type generator struct {
	*rand.Rand
	peers int      // dialled so far
	names []string // that the stream has which is being made
}

// script prints so many uploads, in groups that share some connections.
func (g *generator) script(uploads int) {
	fmt.Println("# mask: ERROR [^\\n]* => ERROR") // the reason is free
	fmt.Println("mkdir files")
	fmt.Println("start server -listen 127.0.0.1:0 -dir files")
	for uploads > 0 {
		n := min(uploads, 1+g.IntN(8))
		g.group(n)
		uploads -= n
	}
}

// group opens up to three connections, sends n uploads over them in pieces that
// alternate, and half-closes. No two connections send files of one name, for
// what comes of that may depend on which is quicker.
func (g *generator) group(n int) {
	streams := make([][]string, 1+g.IntN(3)) // pieces, a connection each
	for i := range streams {
		g.names = g.someNames(g.peers + i)
		streams[i] = g.pieces(g.stream((n + i) / len(streams)))
	}
	first := g.peers
	for range streams {
		fmt.Printf("dial p%d $server\n", g.peers)
		g.peers++
	}
	for {
		var left []int
		for i, pieces := range streams {
			if len(pieces) > 0 {
				left = append(left, i)
			}
		}
		if len(left) == 0 {
			break
		}
		i := left[g.IntN(len(left))]
		fmt.Printf("send p%d %s\n", first+i, streams[i][0])
		if len(streams[i]) > 1 {
			fmt.Printf("drained p%d\n", first+i)
		}
		streams[i] = streams[i][1:]
	}
	for i := range streams {
		fmt.Printf("shut p%d\n", first+i)
	}
}

// stream returns the bytes of n uploads. The last may be one that must be
// refused, or be cut off in its body.
func (g *generator) stream(n int) []byte {
	var all []byte
	for range n {
		body := g.body()
		all = fmt.Appendf(all, "%s %s%s%s", g.size(len(body)), g.name(), g.lineEnd(), body)
	}
	switch g.IntN(4) {
	case 0:
		all = append(all, g.refused()...)
	case 1:
		body := g.body()
		all = fmt.Appendf(all, "%d %s\n%s", len(body)+1, g.name(), body)
	}
	return all
}

// size writes a size, now and then with zeros before it.
func (g *generator) size(n int) string {
	return strings.Repeat("0", g.IntN(4)/3*3) + strconv.Itoa(n)
}

func (g *generator) lineEnd() string {
	return [...]string{"\n", "\n", "\n", "\r\n"}[g.IntN(4)]
}

// someNames invents file names for a stream; few, so that files are replaced.
func (g *generator) someNames(stream int) []string {
	names := []string{"a", "b.txt", "two words", "a  b", "你好.txt", "😀", "7", "12 34", "x..y", "0 a.txt"}
	g.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	names = names[:3]
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", names[i], stream)
	}
	return names
}

// name chooses a file name.
func (g *generator) name() string { return g.names[g.IntN(len(g.names))] }

// body invents a body: of any bytes, or of some that look like headers.
func (g *generator) body() []byte {
	sizes := []int{0, 1, 2, 3, 10, 63, 64, 65, 511, 512, 1023, 1024, 1025, 2047, 4095, 4096, 4097}
	body := make([]byte, sizes[g.IntN(len(sizes))])
	pattern := []byte("5 a.txt\n")
	looksLikeHeader := g.IntN(3) == 0
	for i := range body {
		if looksLikeHeader {
			body[i] = pattern[i%len(pattern)]
		} else {
			body[i] = byte(g.Uint32())
		}
	}
	return body
}

// refused invents a header that is an error, and something behind it.
func (g *generator) refused() string {
	headers := []string{
		"", " ", "5", "5 ", " 5 a", "+5 a", "-5 a", "5.0 a", "5\ta", "a 5", "0x5 a", "٥ a",
		"99999999999999999999 a", "1073741825 a", "5 .a", "5 ..", "5 a/b", "5 /a", `5 a\b`,
		"5 a\x00b", "5 a\x1fb", "5 a\x7fb", "5 a\rb", "5 a\xff", "5 \xc3", "5 " + strings.Repeat("n", 256),
		"5 " + strings.Repeat("n", 2000),
	}
	return headers[g.IntN(len(headers))] + "\nhello1 b\nx"
}

// pieces cuts a stream at random places, and writes each piece as the script
// language does.
func (g *generator) pieces(stream []byte) []string {
	if len(stream) == 0 {
		return nil
	}
	cuts := []int{0, len(stream)}
	for range g.IntN(6) {
		cuts = append(cuts, g.IntN(len(stream)))
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var pieces []string
	for i := range len(cuts) - 1 {
		pieces = append(pieces, quote(stream[cuts[i]:cuts[i+1]]))
	}
	return pieces
}

// quote writes bytes in the quotes of the script language.
func quote(b []byte) string {
	var out strings.Builder
	out.WriteByte('\'')
	for _, c := range b {
		if c < ' ' || c > '~' || c == '\'' || c == '\\' {
			fmt.Fprintf(&out, `\x%02x`, c)
		} else {
			out.WriteByte(c)
		}
	}
	out.WriteByte('\'')
	return out.String()
}
