// Package answer takes HTTP answers apart, strictly, as RFC 9112 and 9110 write them:
// a status line, fields, an empty line, and a body of Content-Length bytes. What a
// lenient reader would overlook is a [Fault] that says which line is wrong and why.
//
// It knows the answers of one kind of server: HTTP/1.1, with one Content-Length and
// one Date in each, and no Transfer-Encoding.
package answer

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An Answer is the head of an answer.
type Answer struct {
	Code   int
	Reason string
	Fields []Field
	Length int       // of the body: its Content-Length
	Date   time.Time // its Date
}

// A Field is a line of the head.
type Field struct{ Name, Value string }

// A Fault is what is wrong with an answer.
type Fault struct {
	Line int    // from 1; 0 for what is wrong with no line alone
	Why  string // a clause, as "it does not end with CR LF"
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.Why
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Why)
}

// Read reads the head that data begins with, and returns how many bytes it has. They
// are 0 as long as the head may still go on. A fault is told as soon as its line is
// here.
func Read(data []byte) (a *Answer, n int, err error) {
	a, n, err = readLines(data)
	if n > 0 {
		err = a.complete()
	}
	if err != nil || n == 0 {
		return nil, 0, err
	}
	return a, n, nil
}

// readLines reads the lines of a head.
func readLines(data []byte) (a *Answer, n int, err error) {
	a = &Answer{}
	for number := 1; ; number++ {
		line, whole, err := nextLine(data[n:])
		switch {
		case err == nil && !whole:
			return nil, 0, nil
		case err == nil && number == 1:
			err = a.readStatus(line)
		case err == nil && line == "":
			return a, n + len("\r\n"), nil
		case err == nil:
			err = a.readField(line)
		}
		if err != nil {
			return nil, 0, &Fault{number, err.Error()}
		}
		n += len(line) + len("\r\n")
	}
}

// nextLine returns what stands before the next CR LF.
func nextLine(data []byte) (line string, whole bool, err error) {
	end := bytes.IndexByte(data, '\n')
	if end < 0 {
		return "", false, nil
	}
	before, ok := bytes.CutSuffix(data[:end], []byte("\r"))
	if !ok {
		return "", false, fmt.Errorf("it does not end with CR LF (\\r\\n)")
	}
	for _, b := range before {
		if b < ' ' && b != '\t' || b == 0x7f {
			return "", false, fmt.Errorf("there is a control character in it, %q", b)
		}
	}
	return string(before), true, nil
}

func (a *Answer) readStatus(line string) error {
	rest, ok := strings.CutPrefix(line, "HTTP/1.1 ")
	if !ok {
		return fmt.Errorf("it is no status line: that begins with %q", "HTTP/1.1 ")
	}
	code, reason, ok := strings.Cut(rest, " ")
	switch {
	case len(code) != 3 || !digits(code):
		return fmt.Errorf("behind the version stands no code of three digits")
	case !ok:
		return fmt.Errorf("the space behind the code is missing; it stands there also where no reason follows")
	}
	a.Code, _ = strconv.Atoi(code)
	a.Reason = reason
	return nil
}

func (a *Answer) readField(line string) error {
	name, value, ok := strings.Cut(line, ":")
	switch {
	case !ok:
		return fmt.Errorf("it is no field: there is no colon in it")
	case !isToken(name):
		return fmt.Errorf("what stands before the colon is no name of a field")
	}
	a.Fields = append(a.Fields, Field{name, strings.Trim(value, " \t")})
	return nil
}

// complete checks what must stand in every head, and what must not.
func (a *Answer) complete() (err error) {
	if err := a.readLength(); err != nil {
		return err
	}
	if len(a.Values("Transfer-Encoding")) > 0 {
		return &Fault{Why: "it has a Transfer-Encoding; where the body ends must be told by Content-Length"}
	}
	date, err := a.one("Date")
	if err != nil {
		return err
	}
	// In another zone, or with a wrong weekday, it would be written otherwise.
	if a.Date, err = time.Parse(DateForm, date); err != nil || a.Date.Format(DateForm) != date {
		return &Fault{Why: fmt.Sprintf("its Date %q is not written as \"Www, dd Mmm yyyy hh:mm:ss GMT\"", date)}
	}
	return nil
}

func (a *Answer) readLength() error {
	length, err := a.one("Content-Length")
	if err != nil {
		return err
	}
	a.Length, err = strconv.Atoi(length)
	if err != nil || !digits(length) {
		return &Fault{Why: fmt.Sprintf("its Content-Length %q is no number", length)}
	}
	return nil
}

// DateForm is how the time stands in a Date.
const DateForm = "Mon, 02 Jan 2006 15:04:05 GMT"

// one returns the value of a field that must stand there once.
func (a *Answer) one(name string) (string, error) {
	switch values := a.Values(name); len(values) {
	case 1:
		return values[0], nil
	case 0:
		return "", &Fault{Why: "it has no " + name}
	default:
		return "", &Fault{Why: "it has more than one " + name}
	}
}

// Values returns those of the fields of a name, in any case.
func (a *Answer) Values(name string) (values []string) {
	for _, f := range a.Fields {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// Closes reports whether the answer says that the connection is closed behind it.
func (a *Answer) Closes() bool {
	for _, list := range a.Values("Connection") {
		for option := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.Trim(option, " \t"), "close") {
				return true
			}
		}
	}
	return false
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func isToken(s string) bool {
	const special = "!#$%&'*+-.^_`|~"
	for _, b := range []byte(s) {
		letter := 'a' <= b|0x20 && b|0x20 <= 'z'
		if !letter && (b < '0' || b > '9') && strings.IndexByte(special, b) < 0 {
			return false
		}
	}
	return s != ""
}

// Summary writes the answers that s is made of as what two correct servers must do
// alike: of each its code, and the body of one with the code 200. The rest, from what
// is no answer on, stays as it is. An answer behind which the next one follows at once,
// or the end, as a word in round brackets or none, has no body: so HEAD was answered.
func Summary(s string) string {
	var b strings.Builder
	for s != "" {
		a, n, err := readLines([]byte(s)) // whatever its Date has been made of
		if err != nil || n == 0 || a.readLength() != nil {
			break
		}
		s = s[n:]
		var body string
		if !endsAnswer(s, a.Length) {
			body, s = s[:min(a.Length, len(s))], s[min(a.Length, len(s)):]
		}
		if a.Code != 200 {
			body = ""
		}
		fmt.Fprintf(&b, "[%d]%s", a.Code, body)
	}
	return b.String() + s
}

// endsAnswer reports whether s, behind a head that tells of length bytes, is what follows
// an answer and no body. Bodies of errors are free: they may repeat the status line, or
// begin with a bracket.
func endsAnswer(s string, length int) bool {
	end := func(s string) bool { return s == "" || s[0] == '(' && strings.IndexByte(s, ')') == len(s)-1 }
	if end(s) || !strings.HasPrefix(s, "HTTP/") {
		return end(s)
	}
	a, n, err := readLines([]byte(s))
	if n == 0 { // maybe the beginning of a head
		return err == nil && !(length <= len(s) && end(s[length:]))
	}
	return len(a.Values("Date")) > 0 && a.readLength() == nil && !strings.Contains(a.Reason, "HTTP/")
}
