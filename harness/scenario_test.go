package harness_test

import (
	"strings"
	"testing"

	"wirebook/harness"
)

// Mistakes in a line, and what is said of them.
var wrongLines = []struct{ line, text string }{
	{"fly server", `unknown command "fly"; package harness's documentation lists them`},
	{"'start' server", "has no command"},
	{"[linux]", `"" has no command`},
	{"[linux start server", "the condition in \"[linux start server\" has no end"},
	{"[plan9] start server", `unknown condition "plan9"; there are linux, darwin, windows, unix`},
	{"send ann 'hello", "the quote in"},
	{"send ann '\\q'", "unknown escape"},
	{"send ann x -fast", "send: unknown flag -fast; the form is: send PEER BYTES..."},
	{"send ann x -times", "send: -times needs a value; the form is"},
	{"send ann x -times -3", `-times: "-3" is no number`},
	{"send ann x -times 3x", `-times: "3x" is no number`},
	{"send ann x -times $n", "-times must be written out, without a variable"},
	{"send ann abc -split 2,1", `-split: "1" does not cut "2,1"; give ascending places`},
	{"send ann abc -split 0", `-split: "0" does not cut`},
	{"send ann abc -split all", `-split: "all" does not cut`},
	{"type cat abc -split x", `-split: "x" does not cut`},
	{"send ann -file text", `-file "text" is not in the archive; add a section -- text --`},
	{"dial ann", "dial: it has 1 arguments; the form is"},
	{"dial ann $server $other", "dial: it has 3 arguments; the form is"},
	{"dial ann $server -window wide", `-window: "wide" is no number`},
	{"expect ann -match '('", "-match: error parsing regexp: missing closing )"},
	{"screen cat -match '[a'", "-match: error parsing regexp: missing closing ]"},
	{`screen cat 'a\nb' -joined`, "screen: -joined leaves LFs out, so there can be none in BYTES"},
	{"eof ann -after '*'", "-after: error parsing regexp"},
	{"recvfrom ann -match '+'", "-match: error parsing regexp"},
	{"segments ann 0", `segments: "0" is no number of at least 1`},
	{"segments ann many", `segments: "many" is no number of at least 1`},
	{"signal server QUIT", `signal: "QUIT" is not known; there are INT, TERM, KILL, HUP, STOP, CONT`},
	{"limit speed 3", `limit: unknown kind "speed"; there are memory, disk and descriptors`},
	{"limit memory much", `limit: "much" is no size; write 4096, 64K, 64M or 1G`},
	{"limit disk 0", `limit: "0" is no size`},
	{"limit memory 2000000G", "is no size"},
	{"limit descriptors few", "limit: strconv.Atoi"},
	{"limit cpu 3s", `unknown kind "cpu"`},
	{"lasts long", `lasts: "long" is no time; write it as 1s or 250ms`},
	{"lasts 0s", `lasts: "0s" is no time`},
	{"apart ann soon", `apart: "soon" is no time; write it as 1s or 250ms`},
	{"apart ann 0s", `apart: "0s" is no time`},
	{"tick host 1", `tick: "1" is no time; write: tick host 1s`},
	{"tick host '-1s'", `tick: "-1s" is no time`},
	{"work server", "work: it has 1 arguments"},
	{"work server a b", "work: give one mark, or two marks and a ratio"},
	{"work server a b 0.5", `work: "0.5" is no ratio of at least 1`},
	{"work server a b more", `work: "more" is no ratio of at least 1`},
	{"relay r $server lose 1", `relay: unknown rule "lose", want drop, dup, swap or hold`},
	{"relay r $server drop", "relay: drop lacks a word"},
	{"relay r $server drop 0", `"0" is not the number of a datagram`},
	{"relay r $server swap 2 1", "1 does not come later"},
	{"relay r $server hold 1 till 2", `"till" where until was expected`},
	{"relay r $server drop 1 dup 1", "two rules for datagram 1"},
	{"relay r $server hold 1 until 2 drop 2", "2 is dropped"},
	{"frame lan send", "frame: it has 2 arguments"},
	{"frame lan receive arp", `"receive"`},
	{"frame lan send token", `"token"`},
	{"frame lan send arp colour=red", `"colour"`},
	{"frame lan send arp op", `"op"`},
	{"frame lan send arp spa=10.0.0.300", `10.0.0.300`},
	{"frame lan send arp patch=9999:00", "patch"},
	{"frame lan send icmp ttl=256", "256"},
	{"frame lan expect arp patch=0:00", "patch"},
	{"frame lan maybe arp patch=0:00", "patch"},
	{"frame lan gather udp seq=1", "kind tcp"},
	{"frame lan unguessable tcp seq=1", "of=NAME"},
	{"frame lan unguessable tcp of=a,b,c,d,e,f,g", "7 segments"},
	{"frame lan gather tcp data=hello", "seq"},
	{"frame lan gather tcp seq=1|2 data=hello", `"1|2"`},
	{"frame lan gather tcp seq=1 most=many", "most"},
	{"file ../f", `file: "../f" leads out of the working directory`},
	{"file /etc/passwd", "leads out of the working directory"},
	{"file f -mode 8", `file: -mode "8" is no octal number`},
	{"file f -grep '('", "missing closing )"},
	{"file f -size big", `-size: "big" is no number`},
	{"folder ..", "leads out of the working directory"},
	{"write ../f x", "leads out of the working directory"},
	{"mkdir /d", "leads out of the working directory"},
	{"symlink ../s f", "leads out of the working directory"},
	{"rename ../a b", "leads out of the working directory"},
	{"rename a ../b", "leads out of the working directory"},
	{"link ../a b", "leads out of the working directory"},
	{"link a ../b", "leads out of the working directory"},
	{"remove ../a", "leads out of the working directory"},
	{"answered program", "answered: give either -file and a question, or -sheet and the names of programs"},
	{"answered program -sheet", "answered: give either -file"},
	{"answered program a -file text", `-file "text" is not in the archive`},
	{"answered program -file hint\n-- hint --\nnothing", `answered: "nothing\n" is no line of a question`},
	{"answered program a -file hint\n-- hint --\n{}", "answered: give either -file"},
}

// Every mistake in a line that can be found before a program runs is found when the
// scenario is loaded, and is told with its file and line.
func TestWrongLinesAreFoundAtLoading(t *testing.T) {
	for _, test := range wrongLines {
		_, err := harness.ParseScenario("dir/demo.txtar", []byte("# A demo. (1 point)\n\n# A block.\n"+test.line+"\nstart server\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "demo.txtar:4: ") || !strings.Contains(err.Error(), test.text) {
			t.Errorf("%s\n  gives  %v\n  want   demo.txtar:4: ... %s", test.line, err, test.text)
		}
	}
}

// Mistakes in the file as a whole.
func TestWrongFilesAreFoundAtLoading(t *testing.T) {
	const title = "# A demo. (1 point)\n"
	for _, test := range []struct{ data, want string }{
		{"", `demo.txtar:1: the first line "" is no title; write: # One sentence. (2 points)`},
		{"start server\n", `demo.txtar:1: the first line "start server" is no title`},
		{"# A demo.\n", "demo.txtar:1: "},
		{"# A demo. (0 points)\n", "demo.txtar:1: "},
		{"# A demo. (1 point)\r\nstart server\r\n", "demo.txtar: it has Windows line ends"},
		{title + "-- --\n", "demo.txtar:2: a file of the archive has no name; write: -- NAME --"},
		{title + "start server\n-- f --\n-- f --\n", `demo.txtar: the file "f" stands twice in the archive`},
		{title + "# One.\nstart server\n-- hint.md --\n# Two.\nA hint.\n", `demo.txtar: hint.md has hints for "Two.", which is no # line of the script`},
	} {
		if _, err := harness.ParseScenario("demo.txtar", []byte(test.data)); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q gives %v, want %s", test.data, err, test.want)
		}
	}
}

// What a scenario says of itself.
func TestScenario(t *testing.T) {
	data := []byte("# Two blocks. (3 points)\nstart server # a comment\n# First.\nlasts 2s\n# Second.\nlasts 1s\nrandom\n-- hint.md --\nOf all.\n---\nMore.\n# Second.\nOf the second.\n")
	s, err := harness.ParseScenario("some/where/two.txtar", data)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name != "two" || s.Title != "Two blocks." || s.Points != 3 {
		t.Errorf("%q %q %d", s.Name, s.Title, s.Points)
	}
	if file, got := s.Source(); file != "two.txtar" || string(got) != string(data) {
		t.Errorf("its source is %q %q", file, got)
	}
	for block, want := range map[string]string{"Two blocks.": "Of all.|More.", "First.": "", "Second.": "Of the second.", "Third.": ""} {
		if got := strings.Join(s.Hints(block), "|"); got != want {
			t.Errorf("the hints of %q are %q, want %q", block, got, want)
		}
	}
	if blocks := s.Blocks(); len(blocks) != 3 || blocks[2].Text != "Second." {
		t.Errorf("its blocks are %q", blocks)
	}
	if !s.Needs("random") || s.Needs("dial") {
		t.Error("it needs random, and no dial")
	}
}

// Whatever a file holds, it is a scenario or an error that names it.
func FuzzParseScenario(f *testing.F) {
	for _, plays := range allPlays {
		for _, test := range plays {
			f.Add("# A demo. (1 point)\n" + test.script)
		}
	}
	for _, test := range wrongLines {
		f.Add("# A demo. (1 point)\n" + test.line)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := harness.ParseScenario("demo.txtar", []byte(text))
		switch {
		case err != nil && !strings.HasPrefix(err.Error(), "demo.txtar:"):
			t.Errorf("the error does not begin with where: %v", err)
		case err == nil && (s.Title == "" || len(s.Blocks()) == 0):
			t.Errorf("a scenario without a title: %+v", s)
		}
	})
}
