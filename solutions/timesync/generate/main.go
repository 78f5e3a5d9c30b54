// Command generate prints random questions to timesync servers in the script language:
//
//	generate SEED N    N questions; the same arguments, the same questions
//
// The servers stand at random moments in zones of all kinds. The formats are made of
// directives and of what programs stumble over: percent signs that begin none, words
// of Go's layouts, bytes that are not UTF-8, answers of about 1,024 bytes. What a
// server may do as it likes is left out.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"
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
		return fmt.Errorf("%q is not a number of questions", args[1])
	}
	g := &generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	for i := range n {
		server := i / questionsEach
		if i%questionsEach == 0 {
			g.server(server)
		}
		// Answers may leave in any order: each question has a sender of its own.
		fmt.Printf("socket ann%d\nsendto ann%d $server%d %s\n", i, i, server, quoted(g.format()))
	}
	return nil
}

// questionsEach is how many questions a server is asked.
const questionsEach = 4

type generator struct{ *rand.Rand }

// zones are some whose rules have not been changed for long.
var zones = []string{
	"UTC", "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York",
	"America/St_Johns", "Australia/Lord_Howe", "Pacific/Kiritimati", "Europe/London",
}

// server starts a server at a moment in the years from 1970 to 2100: on any day, or
// within two days of a new year.
func (g *generator) server(number int) {
	at := time.Date(1970+g.IntN(131), 1, 1, g.IntN(24), g.IntN(60), g.IntN(60), 0, time.UTC)
	if g.IntN(2) == 0 {
		at = at.AddDate(0, 0, g.IntN(365))
	} else {
		at = at.AddDate(0, 0, g.IntN(5)-2)
	}
	fmt.Printf("start -as server%d -env TZ=%s server -listen 127.0.0.1:0 -at %s\n", number, g.pick(zones...), at.Format(time.RFC3339))
}

const (
	directives = "aAbBhcCdDeFgGHIjmMnprRsStTuUVwWxXyYzZ%"
	free       = "EOklP+-_^#:0123456789" // behind a %, each server does with these as it likes
)

// format is a few pieces, or as many as make an answer of about 1,024 bytes.
func (g *generator) format() string {
	var b strings.Builder
	for range 1 + g.IntN(12) {
		b.WriteString(g.piece())
	}
	format := b.String()
	if g.IntN(6) == 0 {
		format = strings.Repeat(g.pick("%c", "%%", "%A ", "现", "x%Y"), 30+g.IntN(400)) + format
	}
	return withoutFree(format)
}

func (g *generator) piece() string {
	switch g.IntN(3) {
	case 0:
		return "%" + string(directives[g.IntN(len(directives))])
	case 1: // the same directive often, as people write
		return g.pick("%H", "%Y", "%e", "%Z", "%%", "%c")
	}
	return g.pick(" ", ":", "-", "/", "\n", "\r\n", "\t", "\x00", "\xff", "\xe4\xbd", "你好", "😀",
		"%", "%%%", "%Q", "%f", "%N", "%i", "%你", "%.", "% ", "%\x00", "%\xff",
		"2006", "01", "1", "_2", "Jan", "Mon", "PM", "MST", "Z07:00", ".000", "%%s", "%%d", "'", `\`, "$server0")
}

// withoutFree puts a letter that means nothing between a % and what would be free.
func withoutFree(format string) string {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		b.WriteByte(format[i])
		if format[i] != '%' || i+1 == len(format) {
			continue
		}
		if strings.IndexByte(free, format[i+1]) >= 0 {
			b.WriteByte('Q')
			continue
		}
		i++
		b.WriteByte(format[i])
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
