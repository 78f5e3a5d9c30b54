package telling

import (
	"strings"
	"testing"
)

const no = "" // no cause is told

// Each row is the answer of a program with a known mistake, or one that looks
// like another mistake and is not.
func TestCause(t *testing.T) {
	x := strings.Repeat("x", 1<<20)
	each := strings.Split("hello, it's me\n", "")
	for _, c := range []struct {
		name string
		Comparison
		want string // how the cause begins
	}{
		// Spaces.
		{"chat trimmed, spaces-kept", Comparison{Want: "‹ann›:     if x:\n‹ann›: \treturn y \t\n", Got: "‹ann›: if x:\n‹ann›: return y\n",
			Screen: true, Pieces: []string{"    if x:\n\treturn y \t\n"}}, "only spaces or tabs"},
		{"chat trimmed, quit-word", Comparison{Want: "‹ann›: q?\n‹ann›:  q\n‹ann›: Q.\n", Got: "‹ann›: q?\n‹ann›: q\n‹ann›: Q.\n",
			Screen: true, Pieces: []string{"q?\n q\nQ.\n"}}, "only spaces or tabs"},
		{"chat trimmed, operator-quit", Comparison{Want: "quite so\n q \nquit\n", Got: "quite so\nq\n", Pieces: []string{"quite so\n q \nquit\n"}}, "only spaces or tabs"},
		{"arp table-order", Comparison{Want: "10.0.0.2  02\n", Got: "10.0.0.2 02\n", Screen: true}, "only spaces or tabs"},

		{"desk, Println", Comparison{Want: "‹ann›: hello\n", Got: "‹ann› : hello\n", Screen: true, Pieces: []string{"hello"}}, "there are spaces or tabs too many"},

		// Chatter on standard output.
		{"a prompt", Comparison{Want: "FAIL\n", Got: "name: > FAIL\n", Screen: true, Pieces: []string{"ann\n"}}, "nobody asked for this text"},
		{"a line of a log", Comparison{Want: "connected ‹ann›\n", Got: "accepted a client\nconnected ‹ann›\n", Screen: true}, "nobody asked for this text"},
		{"lines of a log", Comparison{Want: "one\ntwo\n", Got: "one\nread 4\nwrote 4\ntwo\nread 4\n", Screen: true}, "nobody asked for this text"},
		{"a log between the lines", Comparison{Want: "one\ntwo\n", Got: "read 4\none\nread 4\ntwo\n", Screen: true}, "nobody asked for this text"},
		{"another order", Comparison{Want: "one\ntwo\n", Got: "two\none\n", Screen: true}, no},
		{"a log at the end", Comparison{Want: "", Got: "bye\n", Screen: true}, "nobody asked for this text"},
		{"a record too many", Comparison{Want: "", Got: "‹ann›: \n", Screen: true}, no},
		{"what was sent, shown", Comparison{Want: "", Got: "nobody reads this\n", Screen: true, Pieces: []string{"q\nnobody reads this\n"}}, no},
		{"a line shown twice", Comparison{Want: "‹ann›: hello\n", Got: "hello\n‹ann›: hello\n", Screen: true, Pieces: []string{"hello\n"}}, no},
		{"to a peer", Comparison{Want: "FAIL\n", Got: "name: > FAIL\n", Pieces: []string{"ann\n"}}, no},
		{"an error in its place", Comparison{Want: "10.0.0.0/9\n", Got: "error: bad\n", Screen: true}, no},
		{"bytes at the end", Comparison{Want: "", Got: "\xff\xfe", Screen: true}, no},
		{"longer", Comparison{Want: "ab\n", Got: "aab\n", Screen: true}, no},

		// Several in one piece.
		{"chat one-read, glued-lines", Comparison{Want: "‹ann›: one\n‹ann›: two\n", Got: "‹ann›: one\ntwo\nth\n", Screen: true, Pieces: []string{"one\ntwo\nth"}}, "several messages"},
		{"one line of two", Comparison{Want: "‹ann›: one\n‹ann›: two\n", Got: "‹ann›: one two\n", Screen: true, Pieces: []string{"one\ntwo\n"}}, no},
		{"answers in one line", Comparison{Want: "one\ntwo\n", Got: "onetwo\n", Pieces: []string{"one\ntwo\n"}}, "several messages"},
		{"epoll-stuck-line", Comparison{Want: "\nshort too\n", Got: "\n", Pieces: []string{"\nshort too\n"}, Resting: true}, "several messages"},
		{"auth reader-a-line, missing-file", Comparison{Want: "OK 登录成功\n", Pieces: []string{"ann\nsecret\n"}, Resting: true}, "several messages"},
		{"auth reader-a-line, answer-survives", Comparison{Want: "FAIL\nFAIL\nFAIL\nBYE\n", Got: "FAIL\n", Pieces: []string{"a\nb\nc\nd\ne\nf\n"}, Resting: true}, "several messages"},
		{"auth server-trims, same-answer", Comparison{Want: "FAIL 用户名或密码错误\n", Got: "OK 登录成功\n", Pieces: []string{"annabel\nsecret \n"}}, no},
		{"auth shared-count, secret-kept", Comparison{Want: "FAIL 用户名或密码错误\nFAIL", Got: "FAIL 用户名或密码错误\nBYE\n", Pieces: []string{"mallory\nsecret\n"}}, no},
		{"auth shared-count, own-count", Comparison{Want: "FAIL\n", Pieces: []string{"ann\none\n"}, Ended: true, Resting: true}, no},
		{"nothing, though each line has an answer", Comparison{Want: "‹ann›: one\n‹ann›: two\n", Screen: true, Pieces: []string{"one\ntwo\n"}, Resting: true}, no},
		{"one line a piece", Comparison{Want: "one\ntwo\n", Got: "one\n", Pieces: []string{"one\n", "two\n"}, Resting: true}, no},

		// A message in pieces.
		{"chat one-read, split-line", Comparison{Want: "‹ann›: hello, it's me\n", Got: "‹ann›: h\n", Screen: true, Pieces: each, Split: true}, "the bytes were sent in pieces"},
		{"each piece with its name", Comparison{Want: "‹ann›: hello\n", Got: "‹ann›: hel‹ann›: lo\n", Screen: true, Pieces: []string{"hel", "lo\n"}, Split: true}, "the bytes were sent in pieces"},
		{"the last piece alone", Comparison{Want: "‹ann›: hello\n", Got: "‹ann›: lo\n", Screen: true, Pieces: []string{"hel", "lo\n"}, Split: true}, "the bytes were sent in pieces"},
		{"upload, a header in pieces", Comparison{Want: "OK 2cf2\n", Got: "ERROR no size\n", Pieces: []string{"5 fo", "lder\nhello"}, Split: true}, "the bytes were sent in pieces"},
		{"wrong by itself, in pieces", Comparison{Want: "‹ann›: hello\n", Got: "‹ann›: HELLO\n", Screen: true, Pieces: []string{"hel", "lo\n"}, Split: true}, "only capital and small"},
		{"trimmed, in pieces", Comparison{Want: "‹ann›:  x\n", Got: "‹ann›: x\n", Screen: true, Pieces: []string{" ", "x\n"}, Split: true}, "only spaces or tabs"},
		{"cut between messages", Comparison{Want: "one\ntwo\n", Got: "one\nthree\n", Screen: true, Pieces: []string{"one\n", "two\n"}, Split: true}, no},
		{"chat one-read, split-character", Comparison{Want: "‹ann›: 你好\n", Got: "‹ann›: \xe4\n", Screen: true, Pieces: []string{"\xe4", "\xbd\xa0好\n"}, Split: true}, "a character was broken"},
		{"chat made-valid, every-byte", Comparison{Want: "‹ann›: \x80\xff\n", Got: "‹ann›: \ufffd\ufffd\n", Screen: true, Pieces: []string{"\x80\xff\n"}}, "bytes that are no UTF-8"},

		// Nothing came.
		{"screen-bufio-no-flush", Comparison{Want: "connected ‹ann›\n", Screen: true, Resting: true, Silent: true}, "it has read all"},
		{"nothing more", Comparison{Want: "left ‹ann›\n", Screen: true, Resting: true}, no},
		{"still at work", Comparison{Want: "connected ‹ann›\n", Screen: true, Silent: true}, no},
		{"unread", Comparison{Want: "OK\n", Unread: 6, Pieces: []string{"ann\nx\n"}, Resting: true, Silent: true}, "the program did not read"},
		{"unread, and ended", Comparison{Want: "OK\n", Unread: 6, Ended: true}, no},
		{"interfaces: dead", Comparison{Want: "connected ‹ann›\n", Screen: true, Ended: true, Stderr: "probe: netlinkrib: permission denied\n"}, no},
		{"on standard error", Comparison{Want: "left ‹ann›\n", Screen: true, Resting: true, Silent: true, Stderr: "left ‹ann›\n"}, "it stands on standard error"},
		{"crashed", Comparison{Want: "one\ntwo\n", Got: "one\n", Screen: true, Ended: true, Stderr: panicked}, no},

		// Ends and beginnings.
		{"ended early", Comparison{Want: "one\ntwo\n", Got: "one\nt", Ended: true}, "the end came"},
		{"not ended", Comparison{Want: "one\ntwo\n", Got: "one\nt", Resting: true}, no},
		{"no beginning", Comparison{Want: "one\ntwo\n", Got: "two\n"}, "the beginning is missing"},
		{"no colour", Comparison{Want: "\x1b[31mann: one\n", Got: "ann: one\n"}, no},
		{"no line end", Comparison{Want: "one\n", Got: "one", Screen: true}, no},
		{"a carriage return", Comparison{Want: "‹ann›: one\n", Got: "‹ann›: one\r\n", Screen: true, Pieces: []string{"one\r\n"}}, "a carriage return"},
		{"no carriage return", Comparison{Want: "a\r\n", Got: "a\n", Screen: true}, no},
		{"zero bytes", Comparison{Want: "hello\n", Got: "hello\n\x00\x00\x00", Screen: true}, "there are zero bytes"},
		{"zero bytes that were sent", Comparison{Want: "hello\n", Got: "\x00\x00", Pieces: []string{"\x00\x00"}}, no},
		{"one read of a long line", Comparison{Want: "‹ann›: " + x + "\n", Got: "‹ann›: " + x[:4096] + "\n", Screen: true, Pieces: []string{x + "\n"}}, "a long line was cut"},
		{"a long line, wrong at its end", Comparison{Want: x + "\n", Got: x + "y\n"}, no},
		{"a long line, wrong in it", Comparison{Want: x + "\n", Got: x[:1000] + "y" + x + "\n", Screen: true, Pieces: []string{x + "\n"}}, no},
		{"a long line of many pieces", Comparison{Want: x + "\n", Got: x[:20000] + "\n", Screen: true, Pieces: strings.Split(x+"\n", ""), Split: true}, "the bytes were sent in pieces"},
		{"many lines", Comparison{Want: strings.Repeat("x\n", 1<<18) + "y\n", Got: "z\n" + strings.Repeat("x\n", 1<<18), Screen: true, Pieces: strings.Split(strings.Repeat("ab\n", 1<<16), "b")}, "nobody asked for this text"},
		{"capitals", Comparison{Want: "quit\n", Got: "QUIT\n"}, "only capital and small"},
		{"another answer", Comparison{Want: "yes\n", Got: "no\n"}, no},
		{"equal", Comparison{Want: "yes\n", Got: "yes\n"}, no},
	} {
		if got := c.Cause(); !strings.HasPrefix(got, c.want) || (got == "") != (c.want == no) {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

// Whatever comes, a cause is found without a panic, and none where all is well.
func FuzzCause(f *testing.F) {
	f.Add("‹ann›: one\n", "‹ann›: o\n", "o", "ne\n", true, true)
	f.Add("", "x\n", "", "", true, false)
	f.Fuzz(func(t *testing.T, want, got, first, second string, screen, split bool) {
		c := Comparison{Want: want, Got: got, Screen: screen, Split: split, Pieces: []string{first, second}}
		c.Cause()
	})
}

func TestMessage(t *testing.T) {
	const rested = "it was at rest for 2s, waiting for something"
	for _, c := range []struct {
		Comparison
		want string
	}{
		{Comparison{Want: "connected ‹ann›\n", Screen: true, Resting: true, Silent: true},
			`server should print "connected ‹ann›\n" from server; nothing came, ` + rested + "; it has read all that it was sent: does it wait for more, such as a line end, or is what it prints not flushed?"},
		{Comparison{Want: "one\n", Got: "two\n"}, `server should print "one\n" from server, but something else came`},
		{Comparison{Want: "one\n", Got: "one"}, `server should print "one\n" from server; only 3 of 4 bytes came, ` + rested},
		{Comparison{Want: "‹ann›: one\n", Got: "‹ann›: o"}, `server should print "‹ann›: one\n" from server; only the beginning came, ` + rested},
	} {
		if got := c.Message("server should print", " from server", rested); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestSentence(t *testing.T) {
	if got := Sentence("a should b", "", "c"); got != "a should b; c" {
		t.Error(got)
	}
}
