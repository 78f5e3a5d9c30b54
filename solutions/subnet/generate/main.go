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
	"slices"
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
	writeScript(out, &generator{Rand: rand.New(rand.NewPCG(uint64(seed), 0))}, n)
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
	for i, query := range g.queries(n) {
		line := query + g.pick("\n", "\n", "\n", "\r\n")
		if i == n-1 {
			line = query // a last line may have no end
		}
		if line == "" {
			continue
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
type generator struct {
	*rand.Rand
	edges int // how many of the boundaries it has asked about, twice each
}

func (g *generator) oneIn(n int) bool { return g.IntN(n) == 0 }

func (g *generator) pick(from ...string) string { return from[g.IntN(len(from))] }

// queries returns n queries of all kinds, about as many of each. Two of them
// split at the limit of 65,536 lines; more would make the answers very long.
func (g *generator) queries(n int) []string {
	kinds := slices.Concat(goodKinds, badKinds)
	kinds = append(kinds, (*generator).infoEdge, (*generator).infoEdge)
	var queries []string
	for len(queries) < n {
		for _, kind := range g.Perm(len(kinds)) {
			queries = append(queries, kinds[kind](g))
		}
	}
	queries = queries[:n]
	if n > 2 {
		queries[n/3] = g.splitBy(16)
		queries[2*n/3] = g.splitBy(17)
	}
	return queries
}

// goodKinds make one query each, without a mistake.
var goodKinds = []func(*generator) string{
	(*generator).info, (*generator).infoMask, (*generator).infoMask,
	(*generator).same, (*generator).same, (*generator).same, (*generator).same,
	func(g *generator) string { return g.splitBy(g.IntN(5)) },
	func(g *generator) string { return g.splitBy(g.IntN(5)) },
}

// badKinds make one query each that a small change has spoilt, or left good, or
// that has a certain mistake.
var badKinds = []func(*generator) string{
	func(g *generator) string { return g.spoilt(g.good()) },
	func(g *generator) string { return g.spoilt(g.good()) },
	func(g *generator) string { return g.spoilt(g.good()) },
	func(g *generator) string { return withoutLast(g.good()) },
	func(g *generator) string { return withLastTwice(g.good()) },
	func(g *generator) string { return g.withZero(g.good()) },

	func(g *generator) string { return g.pick("", "q", "Q", "batch") },
	func(g *generator) string { return "info 1" + g.pick("٣", "３", "\xff", "\x00") + ".0.0.1/8" },
	func(g *generator) string { return g.pick("info ", "same 10.0.0.1 ") + g.badAddress() + " 255.0.0.0" },
	func(g *generator) string { return "info " + g.badAddress() + "/8" },
	func(g *generator) string { return "info 10.0.0.1 " + dotted(g.mask(g.prefix())^1<<g.IntN(32)) },
	func(g *generator) string { return "info 10.0.0.1 " + g.holedMask() },
	func(g *generator) string { return fmt.Sprintf("same 10.0.0.1 10.0.0.2 %d", g.prefix()) },
	func(g *generator) string { return fmt.Sprintf("info 10.0.0.1/%d", 33+g.IntN(300)) },
	func(g *generator) string { return fmt.Sprintf("info 10.0.0.1/8/%d", g.prefix()) },
	func(g *generator) string { return fmt.Sprintf("split 10.0.0.0/8 /%d", 8+g.IntN(4)) },
	func(g *generator) string { return fmt.Sprintf("split 10.0.0.0/%d %d", 16+g.IntN(16), g.IntN(16)) },
	func(g *generator) string { return fmt.Sprintf("split 10.0.0.0/%d %d", g.IntN(2), 31+g.IntN(2)) },
}

// good returns a query without a mistake.
func (g *generator) good() string { return goodKinds[g.IntN(len(goodKinds))](g) }

func (g *generator) info() string {
	return fmt.Sprintf("info %s/%d", dotted(g.address()), g.prefix())
}

// infoEdge asks about one boundary after another: first the address below it,
// the next time the boundary itself.
func (g *generator) infoEdge() string {
	i := g.edges
	g.edges++
	edge := boundaries[i/2%len(boundaries)] - 1 + uint32(i%2)
	return fmt.Sprintf("info %s/%d", dotted(edge), g.prefix())
}

func (g *generator) infoMask() string {
	return fmt.Sprintf("info %s %s", dotted(g.address()), dotted(g.mask(g.prefix())))
}

// same asks about two addresses, most often ones that differ in a single bit,
// near the boundary.
func (g *generator) same() string {
	a, prefix := g.address(), g.prefix()
	b := a ^ 1<<min(max(32-prefix+g.IntN(3)-1, 0), 31)
	if g.oneIn(4) {
		b = g.address()
	}
	return fmt.Sprintf("same %s %s %s", dotted(a), dotted(b), dotted(g.mask(prefix)))
}

// splitBy asks for the subnets of so many bits more.
func (g *generator) splitBy(bits int) string {
	prefix := g.IntN(33 - bits)
	return fmt.Sprintf("split %s/%d %d", dotted(g.address()), prefix, prefix+bits)
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
	return boundaries[g.IntN(len(boundaries))] + uint32(g.IntN(7)) - 3
}

// prefix returns any prefix, or a special one.
func (g *generator) prefix() int {
	if g.oneIn(4) {
		return []int{0, 1, 30, 31, 32}[g.IntN(5)]
	}
	return g.IntN(33)
}

func (g *generator) mask(prefix int) uint32 { return ^uint32(0) << (32 - prefix) }

// badAddress returns an address with one octet too many, too few or too large.
func (g *generator) badAddress() string {
	octets := strings.Split(dotted(g.address()), ".")
	switch at := g.IntN(4); g.IntN(3) {
	case 0:
		return strings.Join(octets, ".") + "." + octets[at]
	case 1:
		return strings.Join(octets[:3], ".")
	default:
		octets[at] = strconv.Itoa(256 + g.IntN(744))
		return strings.Join(octets, ".")
	}
}

// holedMask returns a mask with a hole whose octets, one by one, could stand in
// a mask.
func (g *generator) holedMask() string {
	octet := byte(0xff) << (1 + g.IntN(7))
	return fmt.Sprintf("255.%d.%d.0", octet, octet)
}

// withoutLast returns q without its last word.
func withoutLast(q string) string { return q[:strings.LastIndexByte(q, ' ')] }

// withLastTwice returns q with its last word twice.
func withLastTwice(q string) string { return q + q[strings.LastIndexByte(q, ' '):] }

// withZero returns q with a zero before one of its numbers.
func (g *generator) withZero(q string) string {
	from := g.IntN(strings.LastIndexAny(q, " ./") + 1)
	at := from + strings.IndexAny(q[from:], " ./") + 1
	return q[:at] + "0" + q[at:]
}

// spoilt returns q with one character less, more or changed. How many spaces
// stand between words is free, so they stay as they are.
func (g *generator) spoilt(q string) string {
	for {
		at := g.IntN(len(q))
		bad := q[:at] + g.pick("", g.character()) + q[at+1:]
		if g.oneIn(3) {
			bad = q[:at] + g.character() + q[at:]
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
