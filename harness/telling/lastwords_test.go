package telling

import (
	"os"
	"path/filepath"
	"testing"
)

const panicked = `serving
panic: runtime error: index out of range [3] with length 3 [recovered]
	panic: boom

goroutine 7 [running]:
bufio.(*Reader).fill(0xc000012345)
	/usr/local/go/src/bufio/bufio.go:113 +0xd6
main.(*server).talk(0xc000012345)
	C:/Users/me/wirebook/exercises/chat/conversation.go:31 +0x1d
main.main()
	C:/Users/me/wirebook/exercises/chat/main.go:12 +0x1d
exit status 2
`

func TestLastWords(t *testing.T) {
	for stderr, want := range map[string]string{
		"":       "",
		" \n\n":  "",
		panicked: `it said "panic: runtime error: index out of range [3] with length 3 [recovered]", at conversation.go:31`,
		"2026/11/28 serving\nserver: serve is not written yet\n": `it said "server: serve is not written yet"`,
		"\x1b[2Jbad\ufffd": `it said "\x1b[2Jbad\ufffd"`,
		"panic: boom\n\ngoroutine 1 [running]:\nos.Exit(1)\n\t/usr/lib/go/src/os/proc.go:3\n": `it said "panic: boom"`,
	} {
		if got := LastWords(stderr); got != want {
			t.Errorf("%q:\ngot  %s\nwant %s", stderr, got, want)
		}
	}
}

// What Go's runtime writes: testdata/stderr holds it as it came.
func TestLastWordsOfGo(t *testing.T) {
	for name, want := range map[string]string{
		"index":        `it said "panic: runtime error: index out of range [3] with length 0", at chat.go:6`,
		"tested":       `it said "panic: runtime error: index out of range [3] with length 0", at chat.go:6`,
		"lib":          `it said "panic: runtime error: invalid memory address or nil pointer dereference", at chat.go:11`,
		"dead":         `it said "fatal error: all goroutines are asleep - deadlock!", at chat.go:12`,
		"map":          `it said "fatal error: concurrent map writes", at chat.go:15`,
		"memory":       `it said "fatal error: out of memory allocating heap arena metadata", at chat.go:14`,
		"stack":        `its stack overflowed, as where a function calls itself without end, at chat.go:5`,
		"stack-memory": `its stack overflowed, as where a function calls itself without end, at chat.go:5`,
	} {
		text, err := os.ReadFile(filepath.Join("testdata/stderr", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if got := LastWords(string(text)); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
	}
}
