package harness_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"wirebook/harness"
)

// Programs that read from the keyboard and print.
var consoleDemos = demos{
	"cat":      func([]string) { io.Copy(os.Stdout, os.Stdin) },
	"prompt":   func([]string) { fmt.Print("name? "); io.Copy(os.Stdout, os.Stdin) },
	"complain": func([]string) { fmt.Fprintln(os.Stderr, "complain: no address given"); os.Exit(2) },
	"grumble":  func([]string) { fmt.Fprintln(os.Stderr, "hm"); io.Copy(io.Discard, os.Stdin) },
	"say":      func(args []string) { fmt.Print(strings.Join(args, " ")) },
	"idle":     func([]string) { select {} },
	// reads takes one Read for one line.
	"reads": func([]string) {
		buf := make([]byte, 4096)
		for {
			n, err := os.Stdin.Read(buf)
			if err != nil {
				return
			}
			fmt.Printf("%q\n", buf[:n])
		}
	},
	// peeks looks every now and then whether a line was typed, and prints it.
	"peeks": func([]string) {
		lines := make(chan string, 1)
		go func() {
			for s := bufio.NewScanner(os.Stdin); s.Scan(); {
				lines <- s.Text()
			}
		}()
		for range time.Tick(25 * time.Millisecond) {
			select {
			case line := <-lines:
				fmt.Println(line)
			default:
			}
		}
	},
	"flood": func([]string) {
		for line := strings.Repeat("flood ", 700); ; {
			fmt.Println(line)
		}
	},
}

var consolePlays = []played{
	{"what is typed", `
		start cat
		type cat '\u4f60\xff\n'
		screen cat '你\xff\n'
		end cat
		exits cat`, harness.Pass, ""},
	{"typed many times", `
		start cat
		type cat 'ab' -times 3
		screen cat 'ab' -times 3
		end cat
		exits cat`, harness.Pass, ""},
	{"typed from a file", `
		start cat
		type cat -file lines
		screen cat -file lines
		end cat
		exits cat
-- lines --
one
two
`, harness.Pass, ""},
	{"nobody reads the pieces", "start idle\ntype idle 'ab' -split each", harness.Fail, "idle should read its standard input; it was at rest for 2s"},
	{"the keyboard ends, and the program does not", "start idle\nend idle\nexits idle", harness.Fail, "idle should end; it was at rest"},
	{"run with input", "run -in 'a b' cat\nscreen program 'a b'", harness.Pass, ""},
	{"run with a file", "run -file text cat\nscreen program 'hello\\n'\n-- text --\nhello\n", harness.Pass, ""},
	{"run ends otherwise", "run complain", harness.Fail, `program should end with exit status 0, but ended with exit status 2`},
	{"run as it should", "run -exit 1|2 complain\ncomplains program", harness.Pass, ""},

	{"the screen matches", "run say abc\nscreen program -match '[a-c]+'", harness.Pass, ""},
	{"the screen does not match", "start grumble\nscreen grumble -match 'x+'", harness.Fail, `grumble should print what matches 'x+'; nothing came, it was at rest for 2s`},
	{"the screen matches in the middle only", "run say abc\nscreen program -match 'b'", harness.Fail, `program should print what matches 'b'; "abc" came, it has ended with exit status 0`},
	{"in any order", "run say abcd\nscreen program -unordered cd ab", harness.Pass, ""},
	{"in any order, and a piece is wrong", "run say abcx\nscreen program -unordered cd ab", harness.Fail, "program should print \"cd\", but something else came"},
	{"in any order, and a piece is missing", "start prompt\nscreen prompt -unordered 'name?' ' ' more", harness.Fail, "prompt should print \"more\"; nothing came"},
	{"joined", "run say '\\n\\na\\nb\\n\\nc\\nd\\n'\nscreen program abc -joined\nscreen program '\\nd\\n'", harness.Pass, ""},
	{"joined, with no LF between", "run say abc\nscreen program abc -joined", harness.Pass, ""},
	{"joined, and a byte is wrong", "run say 'a\\nx\\nc'\nscreen program abc -joined", harness.Fail, `program should print, LFs left out, "abc", but something else came`},
	{"joined, and a byte is missing", "start prompt\nscreen prompt 'name? !' -joined", harness.Fail, `prompt should print, LFs left out, "name? !"; only 6 of 7 bytes came`},
	{"joined, and the end is missing", "run say 'a\\nb\\n'\nscreen program abc -joined", harness.Fail, `2 of 3 bytes came`},
	{"a screen that ends", "run say ab\nscreen program 'abc'", harness.Fail, `2 of 3 bytes came`},
	{"a flood", "start flood\nscreen flood 'x'", harness.Fail, "something else came"},
	{"a flood where nothing should come", "start flood\nquiet flood", harness.Fail, "printed more than 8 MiB"},
	{"a flood nobody looks at", "start flood\nexits flood", harness.Fail, "printed more than 8 MiB"},
	{"a prompt that no step asks for", "start prompt\nend prompt\nexits prompt", harness.Fail, `no step expected: prompt printed "name? "`},

	{"a complaint", "run -exit 2 complain\ncomplains program address\nhides program secret", harness.Pass, ""},
	{"any complaint", "start grumble\ncomplains grumble", harness.Pass, ""},
	{"a missing complaint", "run -exit 2 complain\ncomplains program port", harness.Fail, `"port" is missing in "complain: no address given"`},
	{"another complaint, and more may come", "start grumble\ncomplains grumble port", harness.Fail, `"port" is missing in "hm", it was at rest for 2s`},
	{"no complaint", "run say\ncomplains program", harness.Fail, "program should say something on standard error; it said nothing there and ended"},
	{"a secret shown in a complaint", "run -exit 2 complain\nhides program address", harness.Fail, `should never show "address", but it stands on its standard error`},
	{"a secret printed", "run say 'the secret'\nscreen program 'the secret'\nhides program secret", harness.Fail, `should never show "secret", but it stands on its standard output`},
}

// What is so only where it is seen how far a program has read.
var readPlays = []played{
	{"sent in pieces", "start naive -listen :0\ndial ann $naive\nsend ann 'hello' -split 3 -strict\nscreen naive 'hel\\nlo\\n'", harness.Pass, ""},
	{"typed in pieces", "start reads\ntype reads 'abc\\n' -split 1,3\nscreen reads '\"a\"\\n\"bc\"\\n\"\\\\n\"\\n'\nend reads\nexits reads", harness.Pass, ""},
}
