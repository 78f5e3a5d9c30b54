package telling

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Names are what addresses and folders are called in a failure. These differ
// from play to play; in their place the text reads ‹NAME›, and ‹?› for an
// address of this machine that has no name. So do the times of HTTP, as ‹time›.
// Nil knows no name.
type Names struct {
	ports   map[string]string // the names of this machine's addresses, by port
	folders []folder          // the longest path first
}

type folder struct{ path, name string }

// hosts are how an address of this machine may begin.
var hosts = [...]string{"127.0.0.1:", "[::1]:", "localhost:", "0.0.0.0:", "[::]:"}

// Set gives an address of this machine or a folder a name, in the place of one
// that it may have had. A failure reads the name that an address had when its
// bytes passed: what is told later must not change it, so bytes are named when
// they are recorded.
func (n *Names) Set(value, name string) {
	if value == "" {
		return
	}
	name = "‹" + name + "›"
	for _, host := range hosts {
		if port, ok := strings.CutPrefix(value, host); ok {
			if n.ports == nil {
				n.ports = make(map[string]string)
			}
			n.ports[port] = name
			return
		}
	}
	n.folders = append(n.folders, folder{value, name})
	slices.SortFunc(n.folders, func(a, b folder) int { return cmp.Compare(len(b.path), len(a.path)) })
}

// In returns s with names in the place of what they stand for.
func (n *Names) In(s string) string {
	if n == nil {
		n = &Names{}
	}
	for _, f := range n.folders {
		s = strings.ReplaceAll(s, f.path, f.name)
	}
	if strings.Contains(s, " GMT") {
		s = httpTime().ReplaceAllString(s, "‹time›")
	}
	var b strings.Builder
	done, colon := 0, 0 // what is written, and where the last colon was
	for {
		next := strings.IndexByte(s[colon:], ':')
		if next < 0 {
			break
		}
		colon += next + 1
		from, to := address(s, colon)
		if from < done {
			continue
		}
		b.WriteString(s[done:from])
		b.WriteString(cmp.Or(n.ports[s[colon:to]], "‹?›"))
		done = to
	}
	if done == 0 {
		return s // most text names nobody, and may be long
	}
	b.WriteString(s[done:])
	return b.String()
}

// httpTime matches a time as it stands in the fields of HTTP (RFC 9110 §5.6.7).
var httpTime = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b`)
})

// address returns where an address begins and ends whose port begins at a
// place, and -1 where there is none. One digit is no port that a system
// chooses, and 1127.0.0.1 is another host.
func address(s string, port int) (from, to int) {
	to = port
	for to < len(s) && isDigit(s[to]) {
		to++
	}
	if to-port < 2 || to-port > 5 {
		return -1, -1
	}
	for _, host := range hosts {
		if !strings.HasSuffix(s[:port], host) {
			continue
		}
		from = port - len(host)
		if from == 0 || !isDigit(s[from-1]) && s[from-1] != '.' {
			return from, to
		}
	}
	return -1, -1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// Short is Short of bytes, with names.
func (n *Names) Short(b []byte) string { return quoteEnds(n.ends(b), len(b), mostShort) }

// ends returns the beginning and the end of bytes, with names; of a short text
// all of it. It names more than it keeps, so that the cut is at the same place
// however long the addresses are.
func (n *Names) ends(b []byte) string {
	const around = 8 * mostEnd
	var named string
	if len(b) <= 2*around {
		named = n.In(string(b))
	} else {
		named = n.In(string(b[:around])) + n.In(string(b[len(b)-around:]))
	}
	if len(named) <= 2*mostEnd {
		return named
	}
	head, _ := cut(named, mostEnd)
	_, tail := cut(named, len(named)-mostEnd)
	return head + tail
}
