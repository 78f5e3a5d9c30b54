package harness_test

import (
	"bufio"
	"fmt"
	"net"
	"time"

	"wirebook/harness"
)

// Programs that say something late, where nothing should be said.
var silenceDemos = demos{
	"late": func(args []string) {
		delay := must(time.ParseDuration(args[1]))
		serve(func(c net.Conn) {
			for s := bufio.NewScanner(c); s.Scan(); {
				time.Sleep(delay)
				fmt.Fprintf(c, "%s\n", s.Text())
			}
		})
	},
	// news looks for what was received every few milliseconds, and keeps it.
	"news": func([]string) {
		serve(func(c net.Conn) {
			buf := make([]byte, 100)
			for {
				c.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
				if _, err := c.Read(buf); err != nil && !err.(net.Error).Timeout() {
					return
				}
			}
		})
	},
}

var silencePlays = []played{
	{"quiet holds", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n'\nquiet ann\nscreen lines 'hello\\n'", harness.Pass, ""},
	{"an echo is not quiet", "start echo -listen :0\ndial ann $echo\nsend ann 'hello\\n'\nquiet ann", harness.Fail, `ann received "hello\n"`},
	{"an end is not quiet", "start rude -listen :0\ndial ann $rude\nquiet", harness.Fail, "rude reset the connection (ann)"},
	{"a close is not quiet", "start greets -listen :0\ndial ann $greets\nexpect ann 'hello\\n'\nquiet ann", harness.Fail, "greets closed the connection (ann)"},
	{"many are told as a few", "start rude -listen :0\ndial a $rude\ndial b $rude\ndial c $rude\ndial d $rude\ndial e $rude\nquiet", harness.Fail, "(c), and 2 more like it"},
	{"every byte counts", "start echo -listen :0\ndial ann $echo\nsend ann 'hello\\n'\nscreen echo 'hello\\n'", harness.Fail, "no step expected: ann received"},
	{"a line too many", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n'", harness.Fail, `lines printed "hello\n"; no rule asks for it here, and a note of your own belongs on standard error`},
	{"the dead are not quiet", "start exit 3\nquiet", harness.Fail, "nothing should happen here, but exit ended with exit status 3"},
	{"a program that polls can be quiet", "start polling\nquiet", harness.Pass, ""},
	{"programs that log can be quiet", "start -as a logging\nstart -as b logging\nstart -as c logging\nstart -as d logging\nquiet", harness.Pass, ""},
	{"a program that polls is not quiet before it has", "start peeks\ntype peeks 'a\\n'\nquiet peeks", harness.Fail, `peeks printed "a\n"`},
	{"no timer", "start lines -listen :0\ndial ann $lines\nsend ann 'hello\\n'\nquiet -timers ann\nscreen lines 'hello\\n'", harness.Pass, ""},
	{"an echo after a while", "[!linux] skip 'no timers are seen'\nstart late :0 400ms\ndial ann $late\nsend ann 'hello\\n'\nquiet -timers ann\n", harness.Fail, `ann received "hello\n"`},
	{"an echo after so long that nobody waits", "start late :0 3s\ndial ann $late\nsend ann 'hello\\n'\nquiet -timers ann\nclose ann", harness.Pass, ""},
	{"an echo after a while, not waited for", "[!linux] skip 'a clock sees it'\nstart late :0 1s\ndial ann $late\nsend ann 'hello\\n'\nquiet ann\nexpect ann 'hello\\n'", harness.Pass, ""},
	{"an echo after so long as the play lasts", "lasts 2s\nstart late :0 3s\ndial ann $late\nsend ann 'hello\\n'\nexpect ann 'hello\\n'", harness.Pass, ""},
	{"timers that ask for news", "start news -listen :0\ndial ann $news\nsend ann 'hello\\n'\nquiet -timers ann", harness.Pass, ""},
}
