// Command generate prints random requests in the script language:
//
//	generate SEED N    N connections; the same arguments, the same script
//
// Each connection brings a few requests, glued together and cut anywhere, of what
// servers stumble over: escapes, queries, folders, HEAD, lists in Connection, empty
// lines, long fields, and now and then one that is malformed or that closes. What the
// lesson leaves free is left out, so two correct servers send the same codes, the same
// bodies of files, and end the connection behind the same request.
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
		return fmt.Errorf("%q is not a number of connections", args[1])
	}
	g := &generator{rand.New(rand.NewPCG(uint64(seed), 0))}
	fmt.Println("# mask: answers") // the other fields and pages are free
	for _, line := range files {
		fmt.Println(line)
	}
	fmt.Println("start server -listen 127.0.0.1:0 -dir www")
	for i := range n {
		g.connection(fmt.Sprintf("p%d", i+1))
	}
	return nil
}

// files are what the server shows.
var files = []string{
	`mkdir www/Sub/deep`,
	`mkdir 'www/d e'`,
	`write www/index.html '<h1>top</h1>\n'`,
	`write www/One.txt 'one\n'`,
	`write www/plus+.txt 'plus\n'`,
	`write 'www/plus .txt' 'space\n'`,
	`write www/%61.txt 'percent\n'`,
	`write www/a.txt 'letter\n'`,
	`write www/你好 '你好，世界\n'`,
	`write www/Empty ''`,
	`write www/LARGE '0123456789abcdef' -times 5000`,
	`write www/Sub/Page.html 'HTTP is text\n'`,
	`write www/Sub/deep/index.html 'deep\n'`,
}

// regular are targets of files, others of all else.
var (
	regular = []string{
		"/index.html", "/One.txt", "/plus+.txt", "/plus%20.txt", "/plus%2b.txt", "/%2561.txt", "/%61.txt", "/a.txt",
		"/%e4%bd%A0%E5%A5%BD", "/Empty", "/LARGE", "/Sub/Page.html", "/O%6ee.txt?x=/../y&z=%3F", "/One.txt?", "/Sub/deep/index.html",
	}
	others = []string{
		"/", "/Sub", "/Sub/", "/Sub/deep", "/Sub/deep/", "/d%20e", "/d%20e/", "/?x", "/Sub?x=y", "/Sub/deep/?",
		"/nothing", "/One.txt/", "/One.txt/x", "/one.txt", "/One.txt%3Fx", "/plus%2520.txt", "/Sub/nothing/x/y",
	}
)

// connection prints what one client does.
func (g *generator) connection(peer string) {
	fmt.Printf("dial %s $server\n", peer)
	requests, closed := "", false
	for range 1 + g.IntN(6) {
		requests += g.request()
		if g.chance(4) {
			g.send(peer, requests)
			requests = ""
		}
	}
	if g.chance(2) {
		requests += g.last()
		closed = true
	}
	if closed && g.chance(2) {
		requests += g.request() // nobody answers it
	}
	if requests != "" {
		g.send(peer, requests)
	}
	fmt.Printf("shut %s\n", peer)
}

// send prints that a peer sends a text, sometimes in pieces.
func (g *generator) send(peer, text string) {
	split := ""
	switch n := size(text); g.IntN(4) {
	case 0:
		if n <= 200 {
			split = " -split each"
		}
	case 1, 2:
		step := 7 + g.IntN(60)
		var at []string
		for i := step; i < n && len(at) < 60; i += step {
			at = append(at, strconv.Itoa(i))
		}
		if at != nil {
			split = " -split " + strings.Join(at, ",")
		}
	}
	fmt.Printf("send %s '%s'%s -try\n", peer, text, split)
}

// size is how many bytes a text with escapes stands for.
func size(text string) int {
	s, err := strconv.Unquote(`"` + text + `"`)
	if err != nil {
		panic(err)
	}
	return len(s)
}

// request returns a request behind which the connection stays.
func (g *generator) request() string {
	target, method := g.of(others...), g.of("GET", "GET", "GET", "HEAD")
	if g.chance(2) {
		target, method = g.of(regular...), g.of("GET", "GET", "GET", "GET", "HEAD", "HEAD", "POST", "PUT", "DELETE")
	}
	return g.emptyLine() + head(method, target, "HTTP/1.1", g.fields())
}

// last returns a request behind which the server closes.
func (g *generator) last() string {
	target := g.of(regular...)
	switch g.IntN(5) {
	case 0:
		return head("GET", target, "HTTP/1.1", g.fields()+g.of("Connection: close", "connection:CLOSE", `Connection: x, Close\t`)+crlf)
	case 1:
		return g.of("GET ", "HEAD ") + target + " HTTP/1.0" + crlf + g.plain() + crlf
	case 2:
		return head("GET", target, "HTTP/2.0", "")
	case 3:
		return head(g.of("GET", "POST"), g.of("/%", "/%4", "/One.txt/%zz", "/%+1", "x", "?/"), "HTTP/1.1", g.plain())
	default:
		return head("GET", target, g.of("HTTP/1.1", "HTTP/1.1", "http/1.1", "HTTP/1"), g.plain()+g.of(
			"Host: h", "X : y", "X y", " X: y", "X: y\\r\\n z", `X: \x00`, `X: a\rb`, "Content-Length: +5", "Content-Length: 5,6",
			"Content-Length: 0\\r\\nContent-Length: 5", "(X): y", ": y")+crlf)
	}
}

const crlf = `\r\n`

func head(method, target, version, fields string) string {
	return method + " " + target + " " + version + crlf + "Host: h" + crlf + fields + crlf
}

// emptyLine returns the one that may stand before a request.
func (g *generator) emptyLine() string {
	if g.chance(8) {
		return crlf
	}
	return ""
}

// plain returns fields that ask for nothing.
func (g *generator) plain() (fields string) {
	for range g.IntN(3) {
		fields += g.of("Accept: */*", "X:", `X-y_z~:\ta:b `, `User-Agent: \xe4\xbd\xa0/1.0 (x; y)`, "Cookie: a=b; c=d", "Hosts: x",
			"X-Long: "+strings.Repeat("0123456789", g.IntN(300))) + crlf
	}
	return fields
}

// fields returns fields that do not close the connection.
func (g *generator) fields() string {
	if g.chance(4) {
		return g.plain() + g.of("Connection: keep-alive", "connection: closed", "Connection: not-close, x", "X-Connection: close", "Content-Length: 0") + crlf
	}
	return g.plain()
}

type generator struct{ *rand.Rand }

// chance is true in one of n cases.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// of returns one of the texts.
func (g *generator) of(texts ...string) string { return texts[g.IntN(len(texts))] }
