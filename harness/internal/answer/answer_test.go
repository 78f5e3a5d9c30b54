package answer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const (
	date   = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	length = "Content-Length: 5\r\n"
)

func TestRead(t *testing.T) {
	const head = "HTTP/1.1 404 Not Found here\r\n" + length + date + "X-y_z:\t a:b\tc \xff \r\nx-Y_z:\r\nConnection: x , CLOSE\r\n\r\n"
	for n := range head {
		if a, size, err := Read([]byte(head[:n])); a != nil || size != 0 || err != nil {
			t.Fatalf("of %q: %v %d %v, want that it may go on", head[:n], a, size, err)
		}
	}
	a, n, err := Read([]byte(head + "hello"))
	if err != nil || n != len(head) {
		t.Fatalf("%d %v, want %d", n, err, len(head))
	}
	if a.Code != 404 || a.Reason != "Not Found here" || a.Length != 5 || a.Date.Unix() != 784111777 || !a.Closes() {
		t.Errorf("%+v", a)
	}
	if got := strings.Join(a.Values("X-Y_Z"), "|"); got != "a:b\tc \xff|" {
		t.Errorf("the values are %q", got)
	}
}

func TestCloses(t *testing.T) {
	for value, want := range map[string]bool{"close": true, "Close": true, "a,\tclose": true, "closed": false, "": false, "close x": false} {
		a := &Answer{Fields: []Field{{"Other", "close"}, {"connection", value}}}
		if a.Closes() != want {
			t.Errorf("Connection %q: %v, want %v", value, !want, want)
		}
	}
}

func TestFaults(t *testing.T) {
	const status = "HTTP/1.1 200 OK\r\n"
	for _, test := range []struct {
		head string
		line int
		why  string
	}{
		{"HTTP/1.0 200 OK\r\n", 1, "no status line"},
		{"hello\r\n", 1, "no status line"},
		{"HTTP/1.1 200\r\n", 1, "the space behind the code is missing"},
		{"HTTP/1.1 20 OK\r\n", 1, "no code of three digits"},
		{"HTTP/1.1 2x0 OK\r\n", 1, "no code of three digits"},
		{"HTTP/1.1 200 OK\n", 1, "does not end with CR LF"},
		{"HTTP/1.1 200 O\x00K\r\n", 1, "a control character"},
		{status + "A\r\n", 2, "no colon"},
		{status + length + "A : b\r\n", 3, "no name of a field"},
		{status + ": b\r\n", 2, "no name of a field"},
		{status + " folded: b\r\n", 2, "no name of a field"},
		{status + "A: b\rc\r\n", 2, "a control character"},
		{status + length + date + "\n", 4, "does not end with CR LF"},
		{status + date + "\r\n", 0, "no Content-Length"},
		{status + date + length + length + "\r\n", 0, "more than one Content-Length"},
		{status + date + "Content-Length: +5\r\n\r\n", 0, `its Content-Length "+5" is no number`},
		{status + date + "Content-Length: 99999999999999999999\r\n\r\n", 0, "is no number"},
		{status + date + length + "transfer-encoding: chunked\r\n\r\n", 0, "a Transfer-Encoding"},
		{status + length + "\r\n", 0, "no Date"},
		{status + length + date + date + "\r\n", 0, "more than one Date"},
		{status + length + "Date: Sun, 06 Nov 1994 08:49:37 UTC\r\n\r\n", 0, "is not written as"},
		{status + length + "Date: Mon, 06 Nov 1994 08:49:37 GMT\r\n\r\n", 0, "is not written as"},
		{status + length + "Date: Sun, 6 Nov 1994 08:49:37 GMT\r\n\r\n", 0, "is not written as"},
	} {
		a, n, err := Read([]byte(test.head))
		var fault *Fault
		if a != nil || n != 0 || !errors.As(err, &fault) {
			t.Errorf("%q: %v %d %v, want a fault", test.head, a, n, err)
			continue
		}
		if fault.Line != test.line || !strings.Contains(fault.Why, test.why) {
			t.Errorf("%q: %+v, want line %d %q", test.head, fault, test.line, test.why)
		}
	}
}

func TestSummary(t *testing.T) {
	answer := func(code string) string { return "HTTP/1.1 " + code + " \r\n" + date + length + "\r\n" }
	told := func(n int) string { return fmt.Sprintf("HTTP/1.1 404 \r\n%sContent-Length: %d\r\n\r\n", date, n) }
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"hello", "hello"},
		{answer("200") + "hello", "[200]hello"},
		{answer("200") + "hello" + answer("404") + "wrong(end of stream)", "[200]hello[404](end of stream)"},
		{answer("200") + answer("404") + "wrong" + answer("200"), "[200][404][200]"},
		{answer("200") + "(end of stream)", "[200](end of stream)"},
		{answer("200") + "hel", "[200]hel"},
		{"HTTP/1.1 200 OK\r\nDate: ‹time›\r\n" + length + "\r\nhello!", "[200]hello!"},
		{answer("200") + "hello!" + answer("404"), "[200]hello!" + answer("404")},
		{answer("200") + "helloHTTP/1.1 2", "[200]helloHTTP/1.1 2"},
		{answer("404") + "HTTP/1.1 2", "[404]HTTP/1.1 2"},
		// Bodies that look like what follows an answer.
		{told(22) + "HTTP/1.1 404 Not Found" + answer("301") + "moved", "[404][301]"},
		{told(22) + "HTTP/1.1 404 Not Found(end of stream)", "[404](end of stream)"},
		{told(24) + "HTTP/1.1 404 Not Found\r\n" + answer("301") + "moved", "[404][301]"},
		{told(41) + "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc" + answer("301") + "moved", "[404][301]"},
		{told(15) + "(404) not found" + answer("301") + "moved(end of stream)", "[404][301](end of stream)"},
	} {
		if got := Summary(test.text); got != test.want {
			t.Errorf("%q is summed up as %q, want %q", test.text, got, test.want)
		}
	}
}
