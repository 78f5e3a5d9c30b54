package main

import (
	"bufio"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// A head that is longer is refused; browsers stay far below.
const (
	maxRequestLine = 16 << 10
	maxFields      = 32 << 10
)

// A request is what a head asks for.
type request struct {
	method string
	target string   // as it came
	parts  []string // of the path, decoded: what stands behind its first / and between the others
	closes bool     // the connection ends behind the answer
}

// A refusal is why a request is not obeyed: the code of the answer, behind which the
// connection ends. Where the next request begins, nobody knows.
type refusal struct {
	code   int
	reason string
}

func (r *refusal) Error() string { return r.reason }

func malformed(format string, args ...any) *refusal {
	return &refusal{400, fmt.Sprintf(format, args...)}
}

// readRequest reads the next head. The error is a *refusal, or of the connection.
func readRequest(r *bufio.Reader) (*request, error) {
	lines := &lineReader{r, maxRequestLine}
	line, err := lines.next()
	if err == nil && line == "" {
		line, err = lines.next() // RFC 9112 §2.2: one empty line is ignored
	}
	if err == errTooLong {
		return nil, &refusal{414, "the request line is too long"}
	}
	if err != nil {
		return nil, err
	}
	q := &request{}
	old, err := q.readRequestLine(line)
	if err != nil {
		return nil, err
	}
	f, err := readFields(&lineReader{r, maxFields})
	if err == errTooLong {
		return nil, &refusal{431, "the fields are too long"}
	}
	if err != nil {
		return nil, err
	}
	switch {
	case f.coded:
		// RFC 9112 §6.1: who does not know the coding does not know where the
		// request ends. Not even Content-Length may tell.
		return nil, &refusal{501, "a request with a Transfer-Encoding is not understood"}
	case f.hosts > 1 || f.hosts == 0 && !old:
		return nil, malformed("there must be one Host, not %d", f.hosts)
	}
	q.closes = old || f.closes || f.length > 0 // a body is not read
	return q, nil
}

// readRequestLine reads METHOD TARGET VERSION. old reports whether it is of a version
// whose connections end behind each answer.
func (q *request) readRequestLine(line string) (old bool, err error) {
	words := strings.Split(line, " ")
	if len(words) != 3 {
		return false, malformed("a request line has three words, not %d", len(words))
	}
	method, target, version := words[0], words[1], words[2]
	if !isToken(method) {
		return false, malformed("%q is no method", method)
	}
	if strings.ContainsFunc(target, notPrinted) {
		return false, malformed("a character in the target that must be percent-encoded")
	}
	q.method, q.target = method, target
	path, _, _ := strings.Cut(target, "?")
	path, ok := strings.CutPrefix(path, "/")
	if !ok {
		return false, malformed("the target %q does not begin with a slash", target)
	}
	for part := range strings.SplitSeq(path, "/") {
		// Cut first, decoded then, and once: what looks like a slash or a
		// percent sign now is none.
		decoded, err := url.PathUnescape(part)
		if err != nil {
			return false, malformed("%v", err)
		}
		q.parts = append(q.parts, decoded)
	}
	digits, ok := strings.CutPrefix(version, "HTTP/")
	if !ok || len(digits) != 3 || !isDigit(digits[0]) || digits[1] != '.' || !isDigit(digits[2]) {
		return false, malformed("%q is no version", version)
	}
	if digits[0] != '1' {
		return false, &refusal{505, "the version must be HTTP/1.1"}
	}
	return digits[2] == '0', nil
}

// fields is what this server wants to know of the fields of a request.
type fields struct {
	hosts  int  // how many
	closes bool // Connection names close
	coded  bool // there is a Transfer-Encoding
	length int64
}

// readFields reads the fields up to the empty line.
func readFields(lines *lineReader) (*fields, error) {
	f, lengths := &fields{}, ""
	for {
		line, err := lines.next()
		if err != nil || line == "" {
			return f, err
		}
		name, value, ok := strings.Cut(line, ":")
		switch {
		case !ok:
			return nil, malformed("a field without a colon")
		case !isToken(name):
			return nil, malformed("%q is no name of a field", name)
		case strings.ContainsFunc(strings.ReplaceAll(value, "\t", " "), isControl):
			return nil, malformed("a control character in a field")
		}
		value = strings.Trim(value, " \t")
		switch strings.ToLower(name) {
		case "host":
			f.hosts++
		case "connection":
			f.closes = f.closes || namesClose(value)
		case "transfer-encoding":
			f.coded = true
		case "content-length":
			if !onlyDigits(value) || lengths != "" && lengths != value {
				return nil, malformed("%q is no length", value)
			}
			lengths = value
			if f.length, err = strconv.ParseInt(value, 10, 64); err != nil {
				return nil, malformed("a length of %q", value)
			}
		}
	}
}

// namesClose reports whether close is one of the words in a Connection.
func namesClose(list string) bool {
	for word := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.Trim(word, " \t"), "close") {
			return true
		}
	}
	return false
}

// notPrinted reports whether c is no printed character of ASCII, as a URL is made of.
func notPrinted(c rune) bool { return isControl(c) || c > 0x7f }

func isControl(c rune) bool { return c < ' ' || c == 0x7f }
