package intake

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A rule says which names are refused, and why.
type rule struct {
	broken func(name string) bool
	reason string
}

// refusal returns the reason of the first rule that a name breaks, "" where it
// breaks none.
func refusal(rules []rule, name string) string {
	for _, r := range rules {
		if r.broken(name) {
			return r.reason
		}
	}
	return ""
}

// pathRules refuse paths that lead elsewhere on some system.
var pathRules = []rule{
	{func(p string) bool { return strings.Contains(p, `\`) }, `its name holds a backslash; pack with "/" between folders`},
	{func(p string) bool { return !fs.ValidPath(p) || hasDrive(p) }, "its path leads out of the hand-in"},
}

// shownRules refuse paths that show as something else than they are. What
// stands above the lessons may look as it likes.
var shownRules = []rule{
	{func(p string) bool { return strings.ContainsFunc(p, unseen) }, "its name holds characters that cannot be seen"},
}

// unseen reports whether a character is neither to be seen nor a space: it ends
// lines, steers terminals, or turns the direction of writing.
func unseen(r rune) bool { return !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) }

func hasDrive(p string) bool { return len(p) > 1 && p[1] == ':' && isLetter(rune(p[0])) }

// fileRules refuse names of program files. What is left is one file on every
// system, and reads as what it is.
var fileRules = []rule{
	{func(n string) bool { return strings.ContainsFunc(n, notASCII) }, "its name holds a letter that is not ASCII, and may look like one that is; rename it"},
	{func(n string) bool { return strings.HasPrefix(n, "-") }, `its name begins with "-", as an option does; rename it`},
	{func(n string) bool { return strings.ContainsFunc(n, notInName) }, `its name holds more than letters, digits, "-", "_" and "."; rename it`},
	{isDevice, "Windows takes its name for a device; rename it"},
	{func(n string) bool { return !strings.HasSuffix(n, ".go") }, `its name does not end with ".go", but looks so; rename it`},
}

func notASCII(r rune) bool { return r >= utf8.RuneSelf }
func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
func isDigit(r rune) bool  { return '0' <= r && r <= '9' }

func notInName(r rune) bool {
	return !isLetter(r) && !isDigit(r) && !strings.ContainsRune("-_.", r)
}

// isDevice reports whether Windows takes a file's name for a device, whatever
// its ending.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, stem) {
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "com") || strings.HasPrefix(stem, "lpt")) && isDigit(rune(stem[3]))
}

// isProgramFile reports whether a path below a lesson's folder is that of
// program text, or looks so. Other files are none of ours.
func isProgramFile(name string) bool {
	seen := strings.ToLower(visible(name))
	if strings.Contains(name, "/") || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || strings.HasSuffix(seen, "_test.go") {
		return false
	}
	ending := path.Ext(seen)
	return ending == ".go" || looksLike(".go", ending)
}

// looksLike reports whether a reader, or some system, may take other for name:
// it differs in case, in letters that look alike, in characters that cannot be
// seen, or in spaces and dots at its end.
func looksLike(name, other string) bool {
	a, b := []rune(name), []rune(visible(other))
	if name == other || len(a) != len(b) {
		return false
	}
	for i := range a {
		if !strings.EqualFold(string(a[i]), string(b[i])) && !strings.ContainsRune(alike[a[i]], b[i]) {
			return false
		}
	}
	return true
}

// alike are letters of other scripts that look like one of ASCII.
var alike = map[rune]string{
	'a': "аАαΑａɑ", 'b': "ВΒｂЬ", 'c': "сСϲｃ", 'd': "ԁｄ", 'e': "еЕΕｅ", 'f': "ｆ", 'g': "ɡｇԍ",
	'h': "һНΗｈ", 'i': "іІιΙıｉ", 'j': "јЈｊ", 'k': "кКκΚｋ", 'l': "ӏⅼｌІΙ", 'm': "мМΜｍ", 'n': "ΝｎՈո",
	'o': "оОοΟｏօ", 'p': "рРρΡｐ", 'q': "ԛｑ", 'r': "гｒ", 's': "ѕЅｓ", 't': "тТτΤｔ", 'u': "υｕս", 'v': "νѵｖ",
	'w': "ԝωｗ", 'x': "хХχΧｘ", 'y': "уУүΥｙ", 'z': "Ζｚ",
}

// visible is what is seen of a name.
func visible(name string) string {
	return strings.TrimRight(strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return r
	}, name), " .")
}

// lookAlike returns which of the names a folder's may be taken for, "" where
// there is none.
func lookAlike(folder string, names ...string) string {
	for _, name := range names {
		if looksLike(name, folder) {
			return name
		}
	}
	return ""
}
