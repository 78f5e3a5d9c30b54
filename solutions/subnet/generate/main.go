// Command generate prints a random batch for the subnet lesson in the script
// language: good queries and nearly good ones, in lines that may come in pieces.
//
//	generate SEED [N]
//
// prints N queries (100 by default). The same arguments give the same script.
package main

import (
	"bufio"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
)

func main() {
	log.SetFlags(0)
	seed, n, err := arguments(os.Args[1:])
	if err != nil {
		log.Fatalf("generate: %v\nusage: generate SEED [N]", err)
	}
	out := bufio.NewWriter(os.Stdout)
	writeScript(out, &generator{rand.New(rand.NewPCG(uint64(seed), 0))}, n)
	if err := out.Flush(); err != nil {
		log.Fatal("generate: ", err)
	}
}

func arguments(args []string) (seed int64, n int, err error) {
	if len(args) < 1 || len(args) > 2 {
		return 0, 0, fmt.Errorf("it has %d arguments", len(args))
	}
	if seed, err = strconv.ParseInt(args[0], 10, 64); err != nil {
		return 0, 0, err
	}
	n = 100
	if len(args) == 2 {
		n, err = strconv.Atoi(args[1])
	}
	return seed, n, err
}

// writeScript writes a script that types n queries into a batch. What an error
// says is free, so all error lines are made alike before they are compared.
func writeScript(w *bufio.Writer, g *generator, n int) {
	fmt.Fprintln(w, `# mask: (?m)^error: .*$ => error`)
	fmt.Fprintln(w, "start batch")
	for i := range n {
		line := g.query() + g.pick("\n", "\n", "\n", "\r\n")
		if i == n-1 && g.oneIn(2) {
			line = strings.TrimRight(line, "\r\n") // the last line may have no end
		}
		fmt.Fprintf(w, "type batch %s", quote(line))
		if g.oneIn(5) {
			g.split(w, line)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "end batch")
	fmt.Fprintln(w, "exits batch")
}

// split writes a flag that lets line come in two pieces, often with the cut
// before its last byte, where CR and LF part.
func (g *generator) split(w *bufio.Writer, line string) {
	if len(line) < 2 {
		return
	}
	cut := len(line) - 1
	if g.oneIn(2) {
		cut = 1 + g.IntN(cut)
	}
	fmt.Fprintf(w, " -split %d", cut)
}

// quote writes bytes as the script language has them: Go's escapes in single
// quotes, of which a query has none.
func quote(text string) string {
	return "'" + strings.Trim(strconv.QuoteToASCII(text), `"`) + "'"
}

// A generator makes queries out of random numbers.
type generator struct{ *rand.Rand }

func (g *generator) oneIn(n int) bool { return g.IntN(n) == 0 }

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// query returns a query, every third one spoilt.
func (g *generator) query() string {
	q := g.goodQuery()
	if g.oneIn(3) {
		q = g.spoilt(q)
	}
	return q
}

func (g *generator) goodQuery() string {
	ip, prefix := g.address(), g.prefix()
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("info %s/%d", dotted(ip), prefix)
	case 1:
		return fmt.Sprintf("info %s %s", dotted(ip), dotted(g.mask(prefix)))
	case 2:
		other := g.address()
		if !g.oneIn(4) { // one that differs in a single bit, near the boundary
			bit := min(max(32-prefix+g.IntN(3)-1, 0), 31)
			other = ip ^ 1<<bit
		}
		return fmt.Sprintf("same %s %s %s", dotted(ip), dotted(other), dotted(g.mask(prefix)))
	default:
		return fmt.Sprintf("split %s/%d %d", dotted(ip), prefix, g.newPrefix(prefix))
	}
}

// boundaries are first addresses of blocks with a purpose, and the ends of all.
var boundaries = []uint32{
	0x00000000, 0x01000000, 0x0A000000, 0x0B000000, 0x64400000, 0x64800000,
	0x7F000000, 0x80000000, 0xA9FE0000, 0xA9FF0000, 0xAC100000, 0xAC200000,
	0xC0000200, 0xC0000300, 0xC0A80000, 0xC0A90000, 0xC6336400, 0xC6336500,
	0xCB007100, 0xCB007200, 0xE0000000, 0xF0000000,
}

// address returns any address, or one within three of a boundary.
func (g *generator) address() uint32 {
	if g.oneIn(2) {
		return g.Uint32()
	}
	near := uint32(g.IntN(7))
	return boundaries[g.IntN(len(boundaries))] + near - 3
}

func (g *generator) prefix() int {
	if g.oneIn(4) {
		return []int{0, 1, 30, 31, 32}[g.IntN(5)]
	}
	return g.IntN(33)
}

// mask returns the mask of prefix, and now and then one with a bit turned over.
func (g *generator) mask(prefix int) uint32 {
	mask := ^uint32(0) << (32 - prefix)
	if g.oneIn(10) {
		mask ^= 1 << g.IntN(32)
	}
	return mask
}

// newPrefix returns a prefix for a split: most often a few lines' worth, rarely
// one at the limit of 65,536 lines or beyond it, or below the old one.
func (g *generator) newPrefix(prefix int) int {
	switch g.IntN(30) {
	case 0:
		return min(prefix+16+g.IntN(2), 32)
	case 1, 2:
		return g.IntN(prefix + 1)
	case 3:
		return min(prefix+17+g.IntN(16), 33)
	default:
		return min(prefix+g.IntN(5), 32)
	}
}

// spoilt returns q with a small mistake, or with a change that is none. How
// many spaces stand between words is free, so they stay as they are.
func (g *generator) spoilt(q string) string {
	if g.oneIn(20) {
		return g.pick("", "q", "Q", "info", "batch", "same", "subnet info 10.0.0.1/8", "help")
	}
	for {
		at := g.IntN(len(q))
		bad := q
		switch g.IntN(5) {
		case 0: // without a character
			bad = q[:at] + q[at+1:]
		case 1: // one more
			bad = q[:at] + g.character() + q[at:]
		case 2: // another one
			bad = q[:at] + g.character() + q[at+1:]
		case 3: // a zero where a number begins
			if i := strings.IndexAny(q[at:], " ./"); i >= 0 {
				bad = q[:at+i+1] + "0" + q[at+i+1:]
			}
		case 4: // one word more or less
			if words := strings.Split(q, " "); g.oneIn(2) {
				bad = strings.Join(words[:len(words)-1], " ")
			} else {
				bad = q + " " + words[len(words)-1]
			}
		}
		if !strings.Contains(" "+bad+" ", "  ") {
			return bad
		}
	}
}

func (g *generator) character() string {
	return g.pick("0", "1", "2", "5", "9", ".", "/", "-", "+", " ", "x", "a", "٣", "３", "\xff", "\x00")
}

func dotted(ip uint32) string {
	return fmt.Sprintf("%d.%d.%d.%d", byte(ip>>24), byte(ip>>16), byte(ip>>8), byte(ip))
}
