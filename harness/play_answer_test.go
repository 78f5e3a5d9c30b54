package harness_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"wirebook/harness"
)

// answerDemos are programs that answer as servers of HTTP do, rightly or not.
var answerDemos = demos{
	// httpd answers each request with the next of its arguments, in which \ stands
	// for CR LF, ~ for LF and DATE for the field; MUCH at the end is very much. Behind the last answer
	// it closes.
	"httpd": func(args []string) {
		serve(func(c net.Conn) {
			r := bufio.NewReader(c)
			for _, text := range args[1:] {
				for line := ""; line != "\r\n"; {
					var err error
					if line, err = r.ReadString('\n'); err != nil {
						return
					}
				}
				text, much := strings.CutSuffix(text, "MUCH")
				io.WriteString(c, strings.NewReplacer(
					`\`, "\r\n", "~", "\n",
					"DATE", "Date: "+time.Now().UTC().Format(http.TimeFormat),
					"LATE", "Date: "+time.Now().Add(8*time.Hour).UTC().Format(http.TimeFormat),
				).Replace(text))
				if much {
					writeMuch(c)
				}
			}
		})
	},
}

// asked is a script in which ann sends n requests in one piece to a server with these
// answers.
func asked(n int, answers, script string) string {
	var quoted []string
	for a := range strings.SplitSeq(answers, "\n") {
		quoted = append(quoted, "'"+strings.ReplaceAll(strings.TrimSpace(a), `\`, `\\`)+"'")
	}
	return "start httpd :0 " + strings.Join(quoted, " ") + "\ndial ann $httpd\nsend ann 'GET\\r\\n\\r\\n' -times " + string(rune('0'+n)) + "\n" + script
}

const okHello = `HTTP/1.1 200 OK\DATE\Content-Type: Text/Plain;x=y; charset="UTF-8"\Content-Length: 5\\hello`

var answerPlays = []played{
	{"an answer, byte for byte", asked(1, okHello, "answer ann 200 hello\neof ann"), harness.Pass, ""},
	{"several in a row", asked(3, okHello+"\nHTTP/1.1 301 \\DATE\\Location: /d/\\content-length:0\\\\\n"+okHello, `
		answer ann 200 hel lo -type 'text/plain; charset=utf-8'
		answer ann 404|301 -size 0 -field 'location: (http://'$httpd')?/d/' -lacks 'Location: //.*'
		answer ann 200 -size 5 -or-cut -then ends
		answer ann 200 -unless-closed`), harness.Pass, ""},
	{"a file's bytes, many times", asked(1, `HTTP/1.1 200 OK\DATE\Content-Length: 6\\ab~ab~`, "answer ann 200 -file want -times 2\n-- want --\nab\n"), harness.Pass, ""},
	{"as an answer to HEAD", asked(2, `HTTP/1.1 200 OK\DATE\Content-Length: 5\\`+"\n"+okHello, "answer ann 200 hello -head\nanswer ann 200 hello"), harness.Pass, ""},
	{"very much", asked(1, `HTTP/1.1 200 OK\DATE\Content-Length: 73400320\\MUCH`, "answer ann 200 abcdefg -times 10485760"), harness.Pass, ""},
	{"very much of which only the size counts", asked(1, `HTTP/1.1 200 OK\DATE\Content-Length: 73400320\\MUCH`, "answer ann 200"), harness.Pass, ""},
	{"it says that it closes", asked(2, `HTTP/1.1 400 \DATE\Connection: x, Close\Content-Length: 2\\ab`, "answer ann 400 -then closes"), harness.Pass, ""},
	{"it may close", asked(2, `HTTP/1.1 400 \DATE\Connection: close\Content-Length: 2\\ab`, "answer ann 400 -then either\nanswer ann 200 -unless-closed"), harness.Pass, ""},
	{"it may stay", asked(2, `HTTP/1.1 400 \DATE\Content-Length: 2\\ab`+"\n"+okHello, "answer ann 400 -then either\nanswer ann 200 -unless-closed"), harness.Pass, ""},
	{"a refusal of HEAD with a body", asked(1, `HTTP/1.1 400 \DATE\Connection: close\Content-Length: 2\\ab`, "answer ann 400 -head -then closes"), harness.Pass, ""},
	{"a refusal of HEAD without one", asked(1, `HTTP/1.1 400 \DATE\Connection: close\Content-Length: 2\\`, "answer ann 400 -head -then either"), harness.Pass, ""},
	{"it is cut, and may be", asked(1, `HTTP/1.1 200 \DATE\Content-Length: 7\\abc`, "answer ann 200 -or-cut\nanswer ann 200 -unless-closed"), harness.Pass, ""},

	{"nothing came", "start mute -listen :0\ndial ann $mute\nsend ann 'GET\\r\\n\\r\\n'\nanswer ann 200", harness.Fail, "ann should receive the answer 200 from mute; nothing came, it was at rest for 2s"},
	{"it is closed instead", asked(2, okHello, "answer ann 200\nanswer ann 200|404"), harness.Fail, "ann should receive the answer 200 or 404 from httpd; nothing came, it has closed the connection"},
	{"the second of two in one piece", "start httpd :0 x\ndial ann $httpd\nsend ann 'GET\\r\\n'\nanswer ann 200", harness.Fail, "nothing came, it was at rest"},
	{"half a head", asked(1, `HTTP/1.1 200 OK\DATE`, "answer ann 200"), harness.Fail, "only a part of its head came, it has closed the connection"},
	{"a line that ends wrongly", asked(1, `HTTP/1.1 200 OK\A: b`+"\t\x0b\\", "answer ann 200"), harness.Fail, "what came is no such answer: line 2: there is a control character in it"},
	{"no status line", asked(1, `hello\`, "answer ann 200"), harness.Fail, `what came is no such answer: line 1: it is no status line`},
	{"a body too long", asked(2, okHello+"!\n"+okHello, "answer ann 200 hello\nanswer ann 200"), harness.Fail, "it stands behind an earlier answer"},
	{"another code", asked(1, okHello, "answer ann 404"), harness.Fail, "ann should receive the answer 404 from httpd; its code is 200"},
	{"no Date", asked(1, `HTTP/1.1 200 OK\Content-Length: 0\\`, "answer ann 200"), harness.Fail, "it has no Date"},
	{"a Date of another zone", asked(1, `HTTP/1.1 200 OK\LATE\Content-Length: 0\\`, "answer ann 200"), harness.Fail, "its Date is off by more than 5 minutes"},
	{"another size", asked(1, okHello, "answer ann 200 -size 6"), harness.Fail, "its Content-Length is 5, but the body must have 6 bytes"},
	{"another body", asked(1, okHello, "answer ann 200 hallo"), harness.Fail, `in the body of the answer 200, ann should receive "hallo" from httpd, but something else came`},
	{"another type", asked(1, okHello, "answer ann 200 -type text/html"), harness.Fail, `its Content-Type should be "text/html", and not "Text/Plain;`},
	{"no type", asked(1, `HTTP/1.1 200 OK\DATE\Content-Length: 0\\`, "answer ann 200 -type text/html"), harness.Fail, `its Content-Type should be "text/html", and not ""`},
	{"another charset", asked(1, okHello, "answer ann 200 -type 'text/plain; charset=gbk'"), harness.Fail, "its Content-Type should be"},
	{"another field", asked(1, okHello, "answer ann 200 -field 'Location: /d/'"), harness.Fail, `its Location should match "/d/", and not be ""`},
	{"a field that should not stand there", asked(1, okHello, "answer ann 200 -lacks 'content-length: [0-5]'"), harness.Fail, `its content-length should not be "5"`},
	{"it closes and does not say so", asked(1, okHello, "answer ann 200 -then closes"), harness.Fail, "it does not say Connection: close"},
	{"it says that it closes, and should not", asked(1, `HTTP/1.1 200 OK\DATE\Connection: close\Content-Length: 0\\`, "answer ann 200"), harness.Fail, "it says Connection: close, but this connection stays open"},
	{"it says that it closes, and does not", asked(1, `HTTP/1.1 400 \DATE\Connection: close\Content-Length: 0\\`+"\nx", "answer ann 400 -then closes"), harness.Fail, "httpd should close its connection with ann; it was at rest for 2s"},
	{"something behind one that closes", asked(2, `HTTP/1.1 400 \DATE\Connection: close\Content-Length: 0\\`+"\n"+okHello, "answer ann 400 -then closes"), harness.Fail, " more"},
	{"a body in an answer to HEAD", asked(2, okHello+"\n"+okHello, "answer ann 200 -head\nanswer ann 200"), harness.Fail, "it stands behind an earlier answer"},
	{"a part of a body", asked(1, `HTTP/1.1 200 \DATE\Content-Length: 7\\abc`, "answer ann 200"), harness.Fail, "4 bytes of its body are missing, it has closed the connection"},
	{"a body that does not come", asked(1, `HTTP/1.1 200 \DATE\Content-Length: 7\\abc`+"\nx", "answer ann 200 -or-cut"), harness.Fail, "4 bytes of its body are missing, it was at rest for 2s"},
}

func init() { allPlays["answer"] = answerPlays }
