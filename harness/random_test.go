package harness_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"wirebook/harness"
	"wirebook/harness/telling"
)

// exchangeDemos are programs, one of which is the solution, and a generator. A script
// starts each of them as server: the word that tells them apart stands before.
var exchangeDemos = demos{
	"answers-all":  func([]string) { serve(func(c net.Conn) { answer(c, 0, "") }) },
	"answers-late": func([]string) { serve(func(c net.Conn) { answer(c, 300*time.Millisecond, "") }) },
	"answers-some": func([]string) { serve(func(c net.Conn) { answer(c, 0, "7") }) },
	"blames-you": func([]string) {
		serve(func(c net.Conn) { bufio.NewReader(c).ReadString('\n'); io.WriteString(c, "ERROR you\n") })
	},
	"blames-me": func([]string) {
		serve(func(c net.Conn) { bufio.NewReader(c).ReadString('\n'); io.WriteString(c, "ERROR me\n") })
	},
	"says-ok":    func([]string) { serve(func(c net.Conn) { serveAnswer(c, "200 OK", "Server: x\r\n", "hello") }) },
	"says-fine":  func([]string) { serve(func(c net.Conn) { serveAnswer(c, "200 Fine", "", "hello") }) },
	"says-hallo": func([]string) { serve(func(c net.Conn) { serveAnswer(c, "200 OK", "", "hallo") }) },
	"dies":       func([]string) { panic("boom") },
	"dies-later": func([]string) {
		serve(func(c net.Conn) { bufio.NewReader(c).ReadString('\n'); os.Exit(3) })
	},
	"hears-all": func([]string) {
		serveUDP(func(c *net.UDPConn, from netip.AddrPort, data []byte) { c.WriteToUDPAddrPort(data, from) })
	},
	"hears-short": func([]string) {
		serveUDP(func(c *net.UDPConn, from netip.AddrPort, data []byte) {
			c.WriteToUDPAddrPort(data[:min(2, len(data))], from)
		})
	},
	"bridges":       func(args []string) { cableDemos["mirror"](args[1:]) },
	"bridges-never": func(args []string) { cableDemos["sink"](args[1:]) },
	"bridges-badly": func(args []string) { // the last byte of each frame is another
		c, remote := plugIn(args[1])
		for buf := make([]byte, 2000); ; {
			n, err := c.Read(buf)
			if err != nil {
				panic(err)
			}
			buf[n-1]++
			c.WriteToUDPAddrPort(buf[:n], remote)
		}
	},
	"generate": func(args []string) {
		seed, times, kind := args[0], args[1], args[2]
		generate[kind](seed, times)
	},
}

// answer answers each line after a while, but for those with a word in them.
func answer(c net.Conn, delay time.Duration, not string) {
	for s := bufio.NewScanner(c); s.Scan(); {
		time.Sleep(delay)
		if not == "" || !strings.Contains(s.Text(), not) {
			fmt.Fprintf(c, "%s\n", s.Text())
		}
	}
}

func serveAnswer(c net.Conn, status, field, body string) {
	bufio.NewReader(c).ReadString('\n')
	fmt.Fprintf(c, "HTTP/1.1 %s\r\n%sDate: %s\r\nContent-Length: %d\r\n\r\n%s", status, field, time.Now().UTC().Format(http.TimeFormat), len(body), body)
	io.Copy(io.Discard, c)
}

// generate prints exchanges, of one kind or another.
var generate = map[string]func(seed, times string){
	"lines": lines,
	"files": func(seed, times string) {
		fmt.Println("mkdir www\nwrite www/a 'one\\n'")
		lines(seed, times)
	},
	"masked": func(string, string) {
		fmt.Println("# mask: ERROR \\w+ => ERROR\nstart server -listen 127.0.0.1:0\ndial ann $server\nsend ann 'x\\n'\ndrained ann")
	},
	"unmasked": func(string, string) {
		fmt.Println("start server -listen 127.0.0.1:0\ndial ann $server\nsend ann 'x\\n'\ndrained ann")
	},
	"http": func(string, string) {
		fmt.Println("# mask: answers\nstart server -listen 127.0.0.1:0\ndial ann $server\nsend ann 'x\\n'\ndrained ann")
	},
	"datagrams": func(string, string) {
		fmt.Println("start server -listen 127.0.0.1:0\nsocket ann\nsendto ann $server ab\nsendto ann $server abc")
	},
	"frames": func(string, string) {
		fmt.Println("cable lan\nstart server 127.0.0.1:0,$lan\nframe lan send arp\nframe lan send icmp")
	},
	"words-of-frames": frames(""),
	"whole-frames":    frames("# frames: raw\n"),
	"but-padding":     frames("# frames: arp but padding\n"),
	"but-all":         frames("# frames: arp but padding\n# frames: udp but data\n"),
	"bad-frames":      frames("# frames: udp but colour\n"),

	"nonsense":   func(string, string) { fmt.Println("start server\nlisten") },
	"no-mask":    func(string, string) { fmt.Println("# mask: ERROR") },
	"bad-mask":   func(string, string) { fmt.Println("# mask: ( => x") },
	"seed":       func(seed, times string) { fmt.Printf("socket ann\nsendto ann $ann 'seed %s, %s times'\n", seed, times) },
	"none":       func(string, string) { fmt.Fprintln(os.Stderr, "there is none"); os.Exit(2) },
	"unplayable": func(string, string) { fmt.Println("send ann 'x'") },
}

func lines(_, times string) {
	fmt.Println("start server -listen 127.0.0.1:0\ndial ann $server\ndial bob $server")
	for i := range 12 {
		fmt.Printf("send %s '%s line %d\\n'\n", [2]string{"ann", "bob"}[i%2], times, i)
	}
	fmt.Println("drained ann\ndrained bob")
}

func frames(rule string) func(seed, times string) {
	return func(string, string) {
		fmt.Println(rule + "cable lan\nstart server 127.0.0.1:0,$lan\nframe lan send arp pad=1\nframe lan send udp sum=0 data=hello")
	}
}

// exchanges are played with a program in the place of the solution, another in that
// of a student's.
var exchanges = []struct {
	name, generate, solution, program string
	status                            harness.Status
	text                              string
}{
	{"the same", "lines", "answers-all", "answers-all", harness.Pass, ""},
	{"the same, but later", "lines", "answers-all", "answers-late", harness.Pass, ""},
	{"otherwise", "lines", "answers-all", "answers-some", harness.Fail, "with seed 7, shrunk to 3 lines: what bob received differs from the solution's"},
	{"dies at once", "lines", "answers-all", "dies", harness.Fail, "with seed 7: server ended with exit status 2 before it printed the line"},
	{"dies later", "unmasked", "blames-me", "dies-later", harness.Fail, "with seed 7"},
	{"in other words, which are free", "masked", "blames-me", "blames-you", harness.Pass, ""},
	{"in other words", "unmasked", "blames-me", "blames-you", harness.Fail, "what ann received differs from the solution's"},
	{"answers of HTTP, alike in what counts", "http", "says-ok", "says-fine", harness.Pass, ""},
	{"answers of HTTP, not alike", "http", "says-ok", "says-hallo", harness.Fail, "what ann received differs from the solution's"},
	{"the same datagrams", "datagrams", "hears-all", "hears-all", harness.Pass, ""},
	{"other datagrams", "datagrams", "hears-all", "hears-short", harness.Fail, "shrunk to 3 lines: what ann received differs"},
	{"the same frames", "frames", "bridges", "bridges", harness.Pass, ""},
	{"other frames", "frames", "bridges", "bridges-never", harness.Fail, "shrunk to 3 lines: what lan received differs"},
	{"other frames of which the same is said", "words-of-frames", "bridges", "bridges-badly", harness.Pass, ""},
	{"the same frames, whole", "whole-frames", "bridges", "bridges", harness.Pass, ""},
	{"other padding", "whole-frames", "bridges", "bridges-badly", harness.Fail, "shrunk to 3 lines: what lan received differs from the solution's: padding"},
	{"other data", "but-padding", "bridges", "bridges-badly", harness.Fail,
		"shrunk to 3 lines: what lan received differs from the solution's: data (in hexadecimal) is 68656c6c70, want 68656c6c6f, at byte 4 of the data (46 of the frame): UDP"},
	{"other bytes, which are free", "but-all", "bridges", "bridges-badly", harness.Pass, ""},
	{"what is free in no frame", "bad-frames", "bridges", "bridges", harness.Error, `generate: "# frames: udp but colour": frame: "colour" is nothing that is free in udp`},
	{"the solution fails", "lines", "dies", "answers-all", harness.Error, "the reference: "},
	{"a generator that fails", "none", "answers-all", "answers-all", harness.Error, "generate 7 3 none: exit status 2: there is none"},
	{"a generator that prints nonsense", "nonsense", "answers-all", "answers-all", harness.Error, "generate: line 2: listen: it has 0 arguments"},
	{"a mask without an end", "no-mask", "answers-all", "answers-all", harness.Error, `generate: "# mask: ERROR" is no mask`},
	{"a mask that is no pattern", "bad-mask", "answers-all", "answers-all", harness.Error, "missing closing )"},
	{"an exchange that cannot be played", "unplayable", "answers-all", "answers-all", harness.Error, `no connection named "ann"`},
	{"the seed", "seed", "answers-all", "answers-all", harness.Pass, ""},
}

// exchangePlayer plays with exchanges; its programs are demos.
func exchangePlayer(t *testing.T, solution, program string) *harness.Player {
	player := demoPlayer(t)
	demo := func(role string) harness.Program {
		p := player.Program
		p.Args = []string{role}
		return p
	}
	reference, generate := demo(solution), demo("generate")
	player.Program, player.Reference, player.Generate, player.Seed = demo(program), &reference, &generate, 7
	return player
}

func TestRandom(t *testing.T) {
	for _, test := range exchanges {
		t.Run(test.name, func(t *testing.T) {
			player := exchangePlayer(t, test.solution, test.program)
			s := scenario(t, "random -times 3 "+test.generate)
			ended := make(chan harness.Result, 1)
			go func() { ended <- player.Play(t.Context(), s) }()
			t.Parallel()
			r := <-ended
			if m := messageOf(r); r.Status != test.status || !strings.Contains(m, test.text) {
				t.Fatalf("%v %q, want %v %q", r.Status, m, test.status, test.text)
			}
		})
	}
}

// What is told of a difference is the shortest exchange that shows it, its first
// wrong byte, and what went between them. Files that were there before the program stay.
func TestRandomIsShrunk(t *testing.T) {
	t.Parallel()
	const shortest = "start server -listen 127.0.0.1:0\ndial bob $server\nsend bob '3 line 7\\n'"
	for kind, want := range map[string]string{
		"lines": shortest,
		"files": "mkdir www\nwrite www/a 'one\\n'\n" + shortest,
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			isShrunk(t, "random -times 3 "+kind, want)
		})
	}
}

func isShrunk(t *testing.T, random, want string) {
	r := exchangePlayer(t, "answers-all", "answers-some").Play(t.Context(), scenario(t, random))
	if r.Status != harness.Fail {
		t.Fatalf("%v %s", r.Status, messageOf(r))
	}
	var steps []string
	for _, s := range r.Failure.Steps {
		steps = append(steps, s.Text)
	}
	want = random + "\n" + want
	if got := strings.Join(steps, "\n"); got != want {
		t.Errorf("it is shrunk to\n%s\nwant\n%s", got, want)
	}
	if d := r.Failure.Difference; d == nil || d.Want != `"3 line 7\n"` || d.Got != `""` {
		t.Errorf("the difference is %+v", d)
	}
	if len(r.Failure.Ladder) == 0 {
		t.Error("no drawing of the exchange")
	}
}

// Who observes a play sees the shortest exchange step by step, behind the step that plays
// exchanges, and nothing of those that were played to find it.
func TestRandomIsObserved(t *testing.T) {
	t.Parallel()
	player := exchangePlayer(t, "answers-all", "answers-some")
	var mu sync.Mutex
	var steps []string
	sent := make(map[int]string) // by the number of the step
	player.Observe = func(_ *harness.Scenario, e harness.Event) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case e.Kind == harness.Begins:
			steps = append(steps, e.Line.Text)
		case e.Kind == telling.Bytes && e.ToProgram && e.From == "bob":
			sent[e.Step] += string(e.Data)
		}
	}
	if r := player.Play(t.Context(), scenario(t, "random -times 3 lines")); r.Status != harness.Fail {
		t.Fatalf("%v %s", r.Status, messageOf(r))
	}
	mu.Lock()
	defer mu.Unlock()
	want := "random -times 3 lines\nstart server -listen 127.0.0.1:0\ndial bob $server\nsend bob '3 line 7\\n'"
	if got := strings.Join(steps, "\n"); got != want {
		t.Errorf("the steps are\n%s\nwant\n%s", got, want)
	}
	if sent[4] != "3 line 7\n" {
		t.Errorf("bob sent %q", sent[4])
	}
}

// Who does not need the shortest exchange is told the whole.
func TestRandomUnshrunk(t *testing.T) {
	t.Parallel()
	player := exchangePlayer(t, "answers-all", "answers-some")
	player.Unshrunk = true
	r := player.Play(t.Context(), scenario(t, "random lines"))
	if r.Status != harness.Fail || len(r.Failure.Steps) < 15 {
		t.Errorf("%v %s, want a failure with all of its lines", r.Status, messageOf(r))
	}
}

// The solution's program plays against the student's, and is not launched as that is.
func TestReference(t *testing.T) {
	t.Parallel()
	player := exchangePlayer(t, "answers-all", "dies")
	player.Launch = func(cmd *exec.Cmd) error { return fmt.Errorf("%q is launched", cmd.Args) }
	r := player.Play(t.Context(), scenario(t, "reference -as ref -env A=b server -listen 127.0.0.1:0\ndial ann $ref\nsend ann 'x\\n'\nexpect ann 'x\\n'"))
	if r.Status != harness.Pass {
		t.Errorf("%v %s", r.Status, messageOf(r))
	}
	r = player.Play(t.Context(), scenario(t, "start server"))
	if m := messageOf(r); r.Status != harness.Error || !strings.Contains(m, "is launched") {
		t.Errorf("%v %q, want an error of Launch", r.Status, m)
	}
}
