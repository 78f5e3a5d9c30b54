package lessonfile

import (
	"bytes"
	"fmt"
	"go/build"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is how many bytes a name may have; systems take 255.
const maxName = 200

// nameProblem says why a program file must not have its name, "" where it may.
// A name that is left is one file on every system, and reads as what it is.
func nameProblem(name string) string {
	switch {
	case strings.ContainsFunc(name, Unseen):
		return "its name holds characters that cannot be seen; rename it"
	case Skeleton(name) != name && isASCII(Skeleton(name)) && !isASCII(name):
		return fmt.Sprintf("its name holds a letter that is not ASCII, and looks like %q; rename it", Skeleton(name))
	case strings.HasPrefix(name, "-"):
		return `its name begins with "-", as an option does; rename it`
	case !strings.HasSuffix(name, ".go"):
		return `its name does not end with ".go", but looks so; rename it`
	case strings.HasSuffix(strings.ToLower(name), "_test.go"):
		return "its name looks like a test's, but Go takes it for a part of the program; rename it"
	case strings.ContainsFunc(name, notInName) || strings.ContainsRune(" (),+", rune(name[0])):
		return `its name holds more than letters, digits and "-_.", or in mid-name "+,()" and spaces; rename it`
	case len(name) > maxName:
		return fmt.Sprintf("its name has more than %d bytes; rename it", maxName)
	case isDevice(name):
		return "Windows takes its name for a device; rename it"
	}
	return ""
}

// Unseen reports whether a character is neither to be seen nor a space: it ends
// lines, steers terminals, or turns the direction of writing.
func Unseen(r rune) bool { return !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) }

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// notInName lets every script's letters be, and of ASCII what no command line
// and no system takes for something else.
func notInName(r rune) bool {
	if r >= utf8.RuneSelf {
		return r == utf8.RuneError || !unicode.IsPrint(r)
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.+,() ", r)
}

// isDevice reports whether Windows takes a file's name for a device, whatever
// its ending.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	port := strings.TrimRight(stem, "0123456789¹²³")
	numbered := utf8.RuneCountInString(stem) == len(port)+1
	return slices.Contains([]string{"con", "prn", "aux", "nul"}, stem) || numbered && (port == "com" || port == "lpt")
}

// Skeleton is the same for names that a reader, or some system, may take for one
// another: that differ in case, in letters that look alike, in characters that
// cannot be seen, or in spaces and dots at their end.
func Skeleton(name string) string {
	return strings.Map(func(r rune) rune {
		if '！' <= r && r <= '～' { // as wide as a Chinese character
			r -= '！' - '!'
		}
		r = unicode.ToLower(r)
		for i, others := range alike {
			if r >= utf8.RuneSelf && strings.ContainsRune(others, r) {
				return 'a' + rune(i)
			}
		}
		return r
	}, visible(name))
}

// alike are small letters of other scripts that look like a, b, c and so on, or
// whose capitals do.
var alike = [...]string{
	"аαɑ", "вβьƅ", "сϲ", "ԁ", "еε", "", "ɡԍ", "һнη", "іιı", "ј", "кκ", "ӏⅼ", "мμ",
	"νոп", "оοօ", "рρ", "ԛ", "г", "ѕ", "тτ", "υս", "ѵ", "ԝω", "хχ", "уγ", "ζ",
}

// visible is what is seen of a name.
func visible(name string) string {
	return strings.TrimRight(strings.Map(func(r rune) rune {
		if Unseen(r) {
			return -1
		}
		return r
	}, name), " .")
}

// namesSystem reports whether the go command reads a system or a processor in
// the name, as in "lock_windows.go".
func namesSystem(name string) bool {
	nowhere := build.Context{
		GOOS: "nowhere", GOARCH: "nothing", Compiler: "gc",
		OpenFile: func(string) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader([]byte("package main\n"))), nil
		},
	}
	matches, err := nowhere.MatchFile("", name)
	return err == nil && !matches
}
