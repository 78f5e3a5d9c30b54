package telling

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares got with testdata/NAME.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}

// steps makes steps of lines; one that begins with # begins a block.
func steps(script string) []Step {
	var all []Step
	block := ""
	for i, line := range strings.Split(strings.TrimSpace(script), "\n") {
		if text, ok := strings.CutPrefix(line, "# "); ok {
			block = text
			continue
		}
		all = append(all, Step{Line: i + 2, Text: line, Block: block})
	}
	return all
}

var (
	startServer = right(Starts, "", "server", "server -listen 127.0.0.1:0", "")
	listens     = left(Listens, "screen", "server", "‹server›", "")
	connects    = right(Connects, "ann", "server", "", "")
	connected   = left(Bytes, "screen", "server", "", "connected ‹ann›\n")
)

// longScript is one of 45 steps in many blocks.
func longScript() string {
	var b strings.Builder
	b.WriteString("mkdir files\nstart server -listen 127.0.0.1:0 -dir files\n# Six at once.\n")
	for i := range 6 {
		fmt.Fprintf(&b, "dial a%d $server\nsend a%d '3 b%d.txt\\na'\ndrained a%d\n", i, i, i, i)
	}
	b.WriteString("# One after the other.\n")
	for i := range 5 {
		fmt.Fprintf(&b, "dial p%d $server\nsend p%d '3 a.txt\\nabc'\nexpect p%d 'OK\\n'\nclose p%d\n", i, i, i, i)
	}
	b.WriteString("# A folder stands in the way.\ndial last $server\nsend last '5 folder\\nhello'\nexpect last -match 'ERROR .+\\n'")
	return b.String()
}

var pages = []Page{
	{
		Name: "split-line", Title: "A line that arrives in pieces is shown once, whole.", Points: 2,
		Failure: &Failure{
			Position:   "split-line.txtar:7",
			Message:    `server should print "‹ann›: hello, it's me\n", but something else came; the bytes were sent in pieces: one Read returns what has arrived, which may be a part of a message`,
			Difference: Compare("‹ann›: hello, it's me\n", "‹ann›: h\n"),
			Steps: steps(`start server -listen 127.0.0.1:0
dial ann $server
screen server 'connected '$ann'\n'
# Ann's line comes byte by byte: each Read of the server returns one of them.
send ann 'hello, it''s me\n' -split each
screen server $ann': hello, it''s me\n'`),
			Ladder: []Rung{startServer, listens, connects, connected,
				right(Bytes, "ann", "server", "in 15 pieces", "hello, it's me\n"), left(Bytes, "screen", "server", "", "‹ann›: h\n")},
			Hint: "TCP carries a stream of bytes. It keeps their order and loses none, but it\ndoes not keep together what was sent together. One Read returns what is\nthere now: perhaps half a line.",
		},
		Replay: "go test ./exercises/chat -run /split-line",
		Folder: FolderOf("chat", false),
	},
	{
		Name: "folder-kept", Title: "A folder of that name stays, and the upload is an ERROR.", Points: 1,
		Failure: &Failure{
			Position:   "folder-kept.txtar:45",
			Message:    `last should receive what matches "ERROR .+\\n" from server, but something else came`,
			Difference: &Difference{Want: `a refusal`, Got: Quote("OK 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nERROR rename .upload-1.part folder: file exists\n"), Caret: NoCaret},
			Steps:      steps(longScript()),
			Ladder: []Rung{startServer, listens, right(Connects, "last", "server", "", ""), right(Bytes, "last", "server", "", "5 folder\nhello"),
				left(Bytes, "last", "server", "", "OK 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\nERROR rename .upload-1.part folder: file exists\n"),
				left(HalfClose, "last", "server", "", "")},
		},
		Notes:  []string{"this system cannot tell how many descriptors a program has open"},
		Replay: "go run ./grader check upload --scenario folder-kept",
	},
	{
		Name: "table-order", Title: "The table is sorted by address.", Points: 1,
		Failure: &Failure{
			Position:   "table-order.txtar:9",
			Message:    `host should print "10.0.0.2  02-00-0a-00-00-02\n10.0.0.3  02-00-0a-00-00-03\n", but something else came; only spaces or tabs differ: is something trimmed?`,
			Difference: Compare("10.0.0.2  02-00-0a-00-00-02\n10.0.0.3  02-00-0a-00-00-03\n", "10.0.0.2 02-00-0a-00-00-02\n10.0.0.3 02-00-0a-00-00-03\n"),
			Steps:      steps("cable lan\nstart host -cable 127.0.0.1:0,$lan\ntype host 'arp\\n'\nscreen host '10.0.0.2  02-00-0a-00-00-02\\n10.0.0.3  02-00-0a-00-00-03\\n'"),
			Ladder: []Rung{right(Starts, "", "host", "host -cable 127.0.0.1:0,‹lan›", ""), right(Bytes, "keyboard", "host", "", "arp\n"),
				left(Bytes, "screen", "host", "", "10.0.0.2 02-00-0a-00-00-02\n10.0.0.3 02-00-0a-00-00-03\n")},
		},
	},
	{
		Name: "missing-file", Title: "A file that is not there is 404.", Points: 1,
		Failure: &Failure{
			Position: "missing-file.txtar:4",
			Message:  `ann should receive the answer 404 from server; its code is 200`,
			Came:     Lines("HTTP/1.1 200 OK\r\nDate: ‹time›\r\nContent-Length: 9\r\n\r\nnot found"),
			Steps:    steps("start server -listen 127.0.0.1:0\ndial ann $server\nsend ann 'GET /x HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'\nanswer ann 404"),
		},
	},
	{
		Name: "wrong-question", Title: "A question says who asks.", Points: 3,
		Failure: &Failure{
			Position:   "wrong-question.txtar:5",
			Message:    `host sent a wrong frame: the ARP packet's sender MAC should be 02-00-0a-00-00-01`,
			Difference: &Difference{Want: "sender MAC = 02-00-0a-00-00-01", Got: "from byte 0 of the ARP packet: 00 01 08 00 06 04 00 01 00 00 00 00 00 00 0a 00", Caret: 55},
			Steps:      steps("cable lan\nstart host -cable 127.0.0.1:0,$lan\ntype host 'ping 10.0.0.2\\n'\nframe lan expect arp op=request tpa=10.0.0.2"),
			Ladder:     []Rung{left(Frame, "lan", "host", "ARP who-has 10.0.0.2 tell 10.0.0.1", "")},
			Hint:       "  copy(packet[8:14], mac)\n\n- each field once\n- in network order",
		},
	},
	{
		Name: "greeting", Title: "The server greets.", Points: 1,
		Failure: &Failure{
			Position: "greeting.txtar:3",
			Message:  `server ended with exit status 2 before it printed the line "listening on HOST:PORT"; ` + LastWords(panicked),
			Steps:    steps("start server -listen 127.0.0.1:0 -name 'a\\nb'"),
			Ladder: []Rung{right(Starts, "", "server", Words([]string{"server", "-listen", "127.0.0.1:0", "-name", "a\nb"}), ""),
				left(Bytes, "stderr", "server", "", panicked), left(Exits, "screen", "server", "ended with exit status 2", "")},
		},
	},
	{
		Name: "largest-line", Title: "A line of a mebibyte is passed on, and what follows it.", Points: 2,
		Failure: &Failure{
			Position:   "largest-line.txtar:9",
			Message:    "ann should receive " + Short(strings.Repeat("x", 1<<20)) + " from server, but something else came",
			Difference: Compare(strings.Repeat("x", 1<<20)+"\nshort\n", strings.Repeat("x", 32768)+"\n"+strings.Repeat("x", 32768)+"\nshort\nq\n"),
			Ladder: []Rung{startServer, connects, right(Resets, "ann", "server", "", ""), left(Resets, "ann", "server", "", ""),
				left(Bytes, "ann", "server", "", strings.Repeat("x", 32768)+"\n"+strings.Repeat("x", 32768)+"\nshort\nq\n"), right(Datagram, "ann", "server", "", "")},
			Steps: steps("# Hostile.\nsend ann '\x1b[2J'"),
		},
		Replay: "go test\x1b",
	},
}

func TestWritePage(t *testing.T) {
	for _, p := range pages {
		var b bytes.Buffer
		if err := WritePage(&b, p); err != nil {
			t.Fatal(err)
		}
		golden(t, p.Name, b.String())
		if strings.ContainsFunc(b.String(), func(r rune) bool { return r < ' ' && r != '\n' }) {
			t.Errorf("%s: a control character is written as it is", p.Name)
		}
	}
}

func TestLine(t *testing.T) {
	for _, p := range pages {
		for _, width := range []int{60, 120} {
			if line := p.Line(width); columns(line) > width || strings.Contains(line, "\n") || !strings.HasPrefix(line, p.Name) {
				t.Errorf("in %d columns: %s", width, line)
			}
		}
	}
	got := pages[1].Line(200)
	if want := `folder-kept (0 of 1): last should receive what matches "ERROR .+\\n" from server, but something else came`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWritePageFails(t *testing.T) {
	if err := WritePage(full{}, pages[0]); err != os.ErrClosed {
		t.Errorf("got %v; want the writer's error", err)
	}
}

// The caret stands under the byte, also where characters before it are wide and
// where what came is broken into lines.
func TestCaret(t *testing.T) {
	for _, c := range []struct{ want, got, at string }{
		{"你好a", "你好b", "b"},
		{strings.Repeat("0123456789", 6) + "\na", strings.Repeat("0123456789", 6) + "\nb" + strings.Repeat("y", 60), "b"},
		{"abc", "ab", `"`},
	} {
		var b bytes.Buffer
		writeDifference(&b, Compare(c.want, c.got))
		lines := strings.Split(b.String(), "\n")
		for i, line := range lines {
			if caret := strings.Index(line, "^"); caret >= 0 {
				above := ""
				for _, r := range lines[i-1] {
					if columns(above) == caret {
						above = string(r)
						break
					}
					above += string(r)
				}
				if above != c.at {
					t.Errorf("the caret is under %q, not under %q:\n%s", above, c.at, b.String())
				}
			}
		}
		if strings.Count(b.String(), "^") != 1 {
			t.Errorf("no caret:\n%s", b.String())
		}
	}
}

func TestFolded(t *testing.T) {
	long := steps(longScript())
	for _, c := range []struct {
		steps    []Step
		from, to int
	}{
		{nil, 0, 0},
		{long[:16], 16, 16},
		{long, 2, 40},
		{steps(strings.Repeat("send ann 'x'\n", 40)), 6, 30},
		{steps(strings.Repeat("send ann 'x'\n", 17)), 17, 17},
		{steps(strings.Repeat("dial ann\n", 6) + "# More.\n" + strings.Repeat("send ann 'x'\n", 11)), 17, 17},
	} {
		if from, to := folded(c.steps); from != c.from || to != c.to {
			t.Errorf("%d steps: from %d to %d; want %d, %d", len(c.steps), from, to, c.from, c.to)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"one  two", "  one two"},
		{`"a  b"  c`, `  "a  b" c`},
		{`say "\"  x" y`, `  say "\"  x" y`},
		{`a " never  closed`, `  a " never closed`},
		{"a\n\nb\n  code  here\n- item\n* item", "  a\n\n  b\n    code  here\n  - item\n  * item"},
		{strings.Repeat("x", 60) + ` "in  quotes it stays whole"`, "  " + strings.Repeat("x", 60) + "\n" + `  "in  quotes it stays whole"`},
		{strings.Repeat("x", 68) + " 一二三四", "  " + strings.Repeat("x", 68) + " 一二\n  三四"},
		{strings.Repeat("x", 68) + "一二三，四", "  " + strings.Repeat("x", 68) + "一二\n  三，四"},
		{strings.Repeat("x", 67) + "一二（三）", "  " + strings.Repeat("x", 67) + "一二\n  （三）"},
		{strings.Repeat("x", 69) + "一二abcd 三", "  " + strings.Repeat("x", 69) + "一二\n  abcd 三"},
		{strings.Repeat("x", 68) + ` "一二三四"`, "  " + strings.Repeat("x", 68) + "\n" + `  "一二三四"`},
	} {
		if got := Wrap("  ", c.text); got != c.want {
			t.Errorf("%q:\n%s\nwant\n%s", c.text, got, c.want)
		}
	}
}
