package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
)

// get fetches what stands at a URL and writes it to out, as it comes.
func get(rawURL string, out io.Writer) error {
	u, err := parseURL(rawURL)
	if err != nil {
		return fmt.Errorf("%w: %q: %w", errUsage, rawURL, err)
	}
	conn, err := net.Dial("tcp", u.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", u.target, u.host); err != nil {
		return err
	}
	r := bufio.NewReader(conn)
	a, err := readAnswer(r)
	if err == nil && a.code/100 != 2 {
		err = fmt.Errorf("the server answers %.80q", a.status)
	}
	if err == nil {
		err = a.copyBody(out, r)
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return fmt.Errorf("%q: %w", rawURL, err)
	}
	return nil
}

// A webURL is a URL taken apart, as far as it is needed.
type webURL struct {
	addr   string // to connect to
	host   string // of the field Host
	target string // of the request line
}

func parseURL(s string) (*webURL, error) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !strings.EqualFold(scheme, "http") {
		return nil, errors.New("it must begin with http://")
	}
	rest, _, _ = strings.Cut(rest, "#") // a part of the page, which the server need not know
	host, target := rest, ""
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		host, target = rest[:end], rest[end:]
	}
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	addr := host
	name, port, err := net.SplitHostPort(addr)
	if err != nil {
		addr += ":80"
		name, port, err = net.SplitHostPort(addr)
	}
	switch {
	case err != nil:
		return nil, err
	case name == "" || strings.ContainsFunc(name, notInHost):
		return nil, fmt.Errorf("%q is no host", name)
	case !onlyDigits(port):
		return nil, fmt.Errorf("%q is no port", port)
	}
	return &webURL{addr, host, escape(target)}, nil
}

// notInHost reports whether a character stands neither in a name nor in an address.
func notInHost(c rune) bool {
	return c > 0x7f || !isToken(string(c)) && c != ':'
}

// escape writes the bytes that would end a request line, or the word in it, as %XX.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// maxHead is how much of an answer's head is read, with the heads that are skipped,
// and how much of the lines between chunks.
const maxHead = 256 << 10

// An answer is a head, and how the end of the body behind it is known.
type answer struct {
	code    int
	status  string // "404 Not Found"
	chunked bool
	length  int64 // -1 for all up to the end of the connection
}

// readAnswer reads the head of the answer, and those of the interim ones before it.
func readAnswer(r *bufio.Reader) (*answer, error) {
	lines := &lineReader{r, maxHead}
	for {
		a, err := readHead(lines)
		if err != nil || a.code/100 != 1 || a.code == 101 {
			return a, err
		}
	}
}

func readHead(lines *lineReader) (*answer, error) {
	line, err := lines.next()
	if err != nil {
		return nil, err
	}
	a := &answer{length: -1}
	if err := a.readStatus(line); err != nil {
		return nil, err
	}
	for {
		line, err := lines.next()
		if err != nil || line == "" {
			return a, err
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("a field without a colon, %.40q", line)
		}
		if err := a.readField(name, strings.Trim(value, " \t")); err != nil && a.code/100 == 2 && a.code != 204 {
			return nil, err
		}
	}
}

// readStatus reads HTTP/1.D CODE REASON; the reason may be missing.
func (a *answer) readStatus(line string) error {
	version, status, _ := strings.Cut(line, " ")
	code, _, _ := strings.Cut(status, " ")
	minor, ok := strings.CutPrefix(version, "HTTP/1.")
	if !ok || len(minor) != 1 || !onlyDigits(minor) || len(code) != 3 || !onlyDigits(code) {
		return fmt.Errorf("%.40q is no answer of HTTP/1", line)
	}
	a.status = status
	a.code, _ = strconv.Atoi(code)
	return nil
}

func (a *answer) readField(name, value string) error {
	switch strings.ToLower(name) {
	case "transfer-encoding":
		a.chunked = true
		if !strings.EqualFold(value, "chunked") {
			return fmt.Errorf("the transfer encoding %.40q is not known", value)
		}
	case "content-length":
		length, err := parseSize(value, 10)
		if err != nil || a.length >= 0 && a.length != length {
			return fmt.Errorf("the length %.40q is wrong", value)
		}
		a.length = length
	}
	return nil
}

// parseSize reads a number of bytes, digits and nothing else.
func parseSize(s string, base int) (int64, error) {
	if strings.ContainsAny(s, "+-") {
		return 0, fmt.Errorf("%.40q is no number", s)
	}
	return strconv.ParseInt(s, base, 64)
}

// copyBody writes the body to out and returns when it is complete, though the
// connection may stay open.
func (a *answer) copyBody(out io.Writer, r *bufio.Reader) error {
	switch {
	case a.code == 204:
		return nil
	case a.chunked:
		return copyChunks(out, r)
	case a.length >= 0:
		_, err := io.CopyN(out, r, a.length)
		return err
	default:
		_, err := io.Copy(out, r)
		return err
	}
}

// copyChunks copies a body in chunks (RFC 9112 §7.1): lines that say how many bytes
// follow, up to a 0; then the trailer, fields that nobody needs.
func copyChunks(out io.Writer, r *bufio.Reader) error {
	for {
		line, err := (&lineReader{r, maxHead}).next()
		if err != nil {
			return err
		}
		digits, _, _ := strings.Cut(line, ";") // what follows are extensions
		size, err := parseSize(strings.TrimRight(digits, " \t"), 16)
		if err != nil {
			return fmt.Errorf("a chunk of %.40q bytes", digits)
		}
		if size == 0 {
			break
		}
		if _, err := io.CopyN(out, r, size); err != nil {
			return err
		}
		if end, err := (&lineReader{r, len("\r\n")}).next(); err != nil || end != "" {
			return errors.Join(errors.New("no line end behind a chunk"), err)
		}
	}
	for trailer := (&lineReader{r, maxHead}); ; {
		if line, err := trailer.next(); err != nil || line == "" {
			return err
		}
	}
}
